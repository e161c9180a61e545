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

/** A filter that asks for one thing more. What cannot be read is replaced by the new condition. */
export function withCondition(text: string, condition: string, now: number): string {
  const [before, added] = [readFilter(text, now), readFilter(condition, now)];
  if (before.kind === 'refused' || added.kind === 'refused' || before.chips.length === 0) return condition;
  return printFilter({ kind: 'all', of: [...conditionsOf(before.filter), ...conditionsOf(added.filter)] }, 'short');
}

function conditionsOf(filter: Filter): readonly Filter[] {
  return filter.kind === 'all' ? filter.of : [filter];
}
