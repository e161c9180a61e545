/** How strongly two filters go together: normalised pointwise mutual information of "matches the one" and "the other". */

export interface CorrelationCounts {
  readonly first: number;
  readonly second: number;
  readonly joint: number;
  readonly total: number;
}

/** -1 (never together) to 1 (always together); NaN when either never happens. */
export function npmi({ first, second, joint, total }: CorrelationCounts): number {
  if (first === 0 || second === 0 || total === 0) return Number.NaN;
  if (joint === 0) return -1;
  if (joint === total) return 1;
  return clamp(information(first / total, second / total, joint / total));
}

/** As {@link npmi}, with half a trace added to each of the four cells, so that few traces do not say too much. */
export function smoothedNpmi({ first, second, joint, total }: CorrelationCounts): number {
  const all = total + 2;
  return clamp(information((first + 1) / all, (second + 1) / all, (joint + 0.5) / all));
}

function information(first: number, second: number, joint: number): number {
  return Math.log(joint / (first * second)) / -Math.log(joint);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
