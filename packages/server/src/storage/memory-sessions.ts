/** Sessions computed the plain way: what every other store must agree with. */
import type { TraceHeader, UnixNanos } from '@clew/core';
import type { SessionCursor, SessionPage, SessionPlan, SessionSummary } from './session-plan.ts';

/** @param headers - The traces that match the plan's filter. */
export function pageSessions(plan: SessionPlan, headers: readonly TraceHeader[]): SessionPage {
  const traces = new Map<string, TraceHeader[]>();
  for (const header of headers) {
    if (header.sessionId === undefined) continue;
    traces.set(header.sessionId, [...(traces.get(header.sessionId) ?? []), header]);
  }
  const rest = [...traces]
    .map(([sessionId, ofSession]) => summarise(sessionId, ofSession))
    .filter((session) => plan.after === undefined || compare(session, plan.after) > 0)
    .sort(compare);
  const sessions = rest.slice(0, plan.limit);
  const last = sessions.at(-1);
  if (last === undefined || rest.length <= plan.limit) return { sessions };
  return { sessions, next: { lastStart: last.lastStart, sessionId: last.sessionId } };
}

function compare(a: SessionCursor, b: SessionCursor): number {
  if (a.lastStart !== b.lastStart) return a.lastStart > b.lastStart ? -1 : 1;
  if (a.sessionId === b.sessionId) return 0;
  return a.sessionId < b.sessionId ? -1 : 1;
}

function summarise(sessionId: string, traces: readonly TraceHeader[]): SessionSummary {
  const oldest = [...traces].sort(byStart);
  const newest = oldest.toReversed();
  const ends = traces.map((header) => (header.start + (header.duration ?? 0n)) as UnixNanos);
  const userId = newest.find((header) => header.userId !== undefined)?.userId;
  const firstRequest = oldest.find((header) => header.requestPreview !== undefined)?.requestPreview;
  const lastResponse = newest.find((header) => header.responsePreview !== undefined)?.responsePreview;
  return {
    sessionId,
    traceCount: traces.length,
    errorCount: traces.filter((header) => header.state === 'ERROR').length,
    firstStart: oldest[0]?.start ?? (0n as UnixNanos),
    lastStart: newest[0]?.start ?? (0n as UnixNanos),
    end: ends.reduce((latest, end) => (end > latest ? end : latest)),
    ...sumOf(
      'inputTokens',
      traces.map((header) => header.usage?.inputTokens),
    ),
    ...sumOf(
      'outputTokens',
      traces.map((header) => header.usage?.outputTokens),
    ),
    ...sumOf(
      'totalTokens',
      traces.map((header) => header.usage?.totalTokens),
    ),
    ...sumOf(
      'totalCost',
      traces.map((header) => header.cost?.totalCost),
    ),
    ...(userId === undefined ? {} : { userId }),
    ...(firstRequest === undefined ? {} : { firstRequest }),
    ...(lastResponse === undefined ? {} : { lastResponse }),
  };
}

function byStart(a: TraceHeader, b: TraceHeader): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  return a.traceId < b.traceId ? -1 : 1;
}

function sumOf<Name extends string>(name: Name, values: readonly (number | undefined)[]): { [key in Name]?: number } {
  const known = values.filter((value) => value !== undefined);
  const sum: { [key in Name]?: number } = {};
  if (known.length > 0) sum[name] = known.reduce((total, value) => total + value, 0);
  return sum;
}
