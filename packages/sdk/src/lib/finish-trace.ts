import { durationBetween, type UnixNanos } from '@clew/core';
import type { FinishedTrace } from './exporter.ts';
import { TRACE_KEYS } from './keys.ts';
import type { LiveSpan } from './live-span.ts';

/** Sums a trace up by its ended root span: what the server is told of it as a whole. */
export function finishTrace(root: LiveSpan): FinishedTrace {
  const { facts, traceId } = root.trace;
  const end: UnixNanos = root.endTime ?? root.startTime;
  const { clientRequestId, sessionId, user, requestPreview, responsePreview } = facts;
  return {
    traceId,
    name: root.name,
    start: root.startTime,
    duration: durationBetween(root.startTime, end),
    state: facts.state ?? (root.status.code === 'error' ? 'ERROR' : 'OK'),
    ...(clientRequestId === undefined ? {} : { clientRequestId }),
    ...(requestPreview === undefined ? {} : { requestPreview }),
    ...(responsePreview === undefined ? {} : { responsePreview }),
    metadata: {
      ...facts.metadata,
      [TRACE_KEYS.schemaVersion]: '3',
      ...(sessionId === undefined ? {} : { [TRACE_KEYS.session]: sessionId }),
      ...(user === undefined ? {} : { [TRACE_KEYS.user]: user }),
    },
    tags: { [TRACE_KEYS.name]: root.name, ...facts.tags },
  };
}
