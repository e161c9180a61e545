import type { ReactNode } from 'react';
import { RequestError } from '../../client/request.ts';

/** While a trace that is not there is asked for again: it may still be on its way. */
export function LateTrace({ reason }: { readonly reason: Error | null }): ReactNode {
  if (!(reason instanceof RequestError) || reason.status !== 404) return null;
  return (
    <output className="block px-4 pt-4 text-base text-ink-2">
      Not here yet. Traces can arrive late; looking again every second.
    </output>
  );
}
