import { parseFilter, printFilter, unixNanosFromMillis, type Filter, type FilterError } from '@clew/core';

export type ReadFilter =
  | { readonly kind: 'understood'; readonly filter: Filter; readonly chips: readonly FilterChip[] }
  | { readonly kind: 'refused'; readonly error: FilterError };

/** One condition of a filter, with what remains when it is taken away. */
export interface FilterChip {
  readonly text: string;
  readonly without: string;
}

/**
 * Reads what somebody typed, by the server's own grammar.
 *
 * @param now - Epoch milliseconds that `time>-24h` counts from.
 */
export function readFilter(text: string, now: number): ReadFilter {
  const parsed = parseFilter(text, { now: unixNanosFromMillis(now) });
  if (!parsed.ok) return { kind: 'refused', error: parsed.error };
  return { kind: 'understood', filter: parsed.value, chips: chipsOf(parsed.value) };
}

/** Conditions that all must hold can be taken away one by one; anything else is one chip. */
function chipsOf(filter: Filter): readonly FilterChip[] {
  if (filter.kind !== 'all') return [{ text: printFilter(filter, 'short'), without: '' }];
  return filter.of.map((condition) => ({
    text: printFilter(condition, 'short'),
    without: printFilter({ kind: 'all', of: filter.of.filter((other) => other !== condition) }, 'short'),
  }));
}
