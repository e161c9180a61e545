import type { SessionCursor, SessionPage, SessionPlan, SessionSummary } from '../session-plan.ts';
import { readInteger, readOptionalNumber, readOptionalText, readText, readTime, type Row } from './cells.ts';
import { compileFilter } from './compile-filter.ts';
import type { Engine } from './engine.ts';
import { count, integer, sql, text, texts, type SqlFragment } from './sql.ts';

export async function readSessions(engine: Engine, plan: SessionPlan, signal?: AbortSignal): Promise<SessionPage> {
  signal?.throwIfAborted();
  if (plan.experimentIds.length === 0) return { sessions: [] };
  const rows = await engine.readRows(compileSessions(plan), signal);
  const sessions = rows.slice(0, plan.limit).map(toSession);
  const last = sessions.at(-1);
  if (last === undefined || rows.length <= plan.limit) return { sessions };
  return { sessions, next: { lastStart: last.lastStart, sessionId: last.sessionId } };
}

/** One more than the page holds. Aggregate functions skip nulls, so `argMin` finds the oldest trace that has a value. */
function compileSessions(plan: SessionPlan): SqlFragment {
  return sql`SELECT assumeNotNull(session_id) AS session, count() AS traces, countIf(state = 'ERROR') AS errors,
  min(start_ns) AS first_start, max(start_ns) AS last_start, max(start_ns + ifNull(duration_ns, 0)) AS latest_end,
  sum(input_tokens) AS all_input_tokens, sum(output_tokens) AS all_output_tokens, sum(total_tokens) AS all_tokens,
  sum(total_cost) AS all_cost, argMax(user_id, (start_ns, trace_id)) AS last_user,
  argMin(request_preview, (start_ns, trace_id)) AS first_request,
  argMax(response_preview, (start_ns, trace_id)) AS last_response
FROM traces FINAL
WHERE experiment_id IN ${texts(plan.experimentIds)} AND isNotNull(session_id) AND ${compileFilter(plan.filter)}
GROUP BY session${plan.after === undefined ? sql`` : compileAfter(plan.after)}
ORDER BY last_start DESC, session ASC
LIMIT ${count(plan.limit + 1)}`;
}

function compileAfter({ lastStart, sessionId }: SessionCursor): SqlFragment {
  const start = integer(lastStart);
  return sql`
HAVING last_start < ${start} OR (last_start = ${start} AND session > ${text(sessionId)})`;
}

function toSession(row: Row): SessionSummary {
  const inputTokens = readOptionalNumber(row, 'all_input_tokens');
  const outputTokens = readOptionalNumber(row, 'all_output_tokens');
  const totalTokens = readOptionalNumber(row, 'all_tokens');
  const totalCost = readOptionalNumber(row, 'all_cost');
  const userId = readOptionalText(row, 'last_user');
  const firstRequest = readOptionalText(row, 'first_request');
  const lastResponse = readOptionalText(row, 'last_response');
  return {
    sessionId: readText(row, 'session'),
    traceCount: Number(readInteger(row, 'traces')),
    errorCount: Number(readInteger(row, 'errors')),
    firstStart: readTime(row, 'first_start'),
    lastStart: readTime(row, 'last_start'),
    end: readTime(row, 'latest_end'),
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(totalTokens === undefined ? {} : { totalTokens }),
    ...(totalCost === undefined ? {} : { totalCost }),
    ...(userId === undefined ? {} : { userId }),
    ...(firstRequest === undefined ? {} : { firstRequest }),
    ...(lastResponse === undefined ? {} : { lastResponse }),
  };
}
