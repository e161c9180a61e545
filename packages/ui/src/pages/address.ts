import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Query, WrittenQuery } from '../state/url.ts';

/** The query of the address; read it with `state/url.ts`. */
export function useQueryText(): Query {
  const query: Query = useSearch({ strict: false });
  return query;
}

/** A part of the path; empty when the route has none of that name. */
export function usePathText(name: string): string {
  const parameters: { readonly [name: string]: unknown } = useParams({ strict: false });
  const value = parameters[name];
  return typeof value === 'string' ? value : '';
}

/**
 * Writes the query of the page one is on.
 *
 * Choosing something adds a step to the history; typing and moving about replace the current one.
 */
export function useWriteQuery(): (query: WrittenQuery, step: 'choose' | 'adjust') => void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (query, step) => void navigate({ to: pathname, search: query, replace: step === 'adjust' });
}
