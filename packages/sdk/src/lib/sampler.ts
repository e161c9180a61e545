import type { TraceId } from '@clew/core';

/** The last 13 hex digits are 52 bits: a double holds them exactly. */
const DIGITS = 13;
const RANGE = 2 ** 52;

/** Decides once per trace, by its id alone, so that every process decides the same. `ratio` from 0 to 1. */
export function isSampled(traceId: TraceId, ratio: number): boolean {
  if (ratio >= 1) return true;
  return Number.parseInt(traceId.slice(-DIGITS), 16) / RANGE < ratio;
}
