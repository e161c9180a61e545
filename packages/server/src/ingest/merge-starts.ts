import type { TraceStart } from '@clew/core';

/** A trace start sent again: the newer word wins field by field, what it leaves out stays (contract 4.6). */
export function mergeStarts(before: TraceStart, after: TraceStart): TraceStart {
  return { ...before, ...after, metadata: Object.assign(Object.create(null), before.metadata, after.metadata) };
}
