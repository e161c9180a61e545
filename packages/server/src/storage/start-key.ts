import type { TraceStart } from '@clew/core';

/** Equal for equal starts: a start that is sent again is the same source. */
export function startKey(start: TraceStart): string {
  const { traceId, experimentId, clientRequestId, duration, state, requestPreview, responsePreview, metadata } = start;
  return JSON.stringify([
    traceId,
    experimentId,
    clientRequestId ?? null,
    String(start.start),
    duration === undefined ? null : String(duration),
    state,
    requestPreview ?? null,
    responsePreview ?? null,
    Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}
