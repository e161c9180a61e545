/** What a server has, compared with what it acknowledged: spans one by one, headers by a recomputation of their own. */
import type { TraceRow } from '@clew/core/api';
import { call, searchAll } from '../support/rest.ts';
import type { SentSpan } from './workload.ts';

export interface Comparison {
  readonly acknowledgedSpans: number;
  /** Acknowledged, and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly doubled: number;
  /** Traces whose row says something else than their spans. */
  readonly wrongHeaders: number;
  /** The first few differences, for people. */
  readonly examples: readonly string[];
}

export async function compareTraces(
  url: string,
  traces: ReadonlyMap<string, readonly SentSpan[]>,
): Promise<Comparison> {
  const rows = new Map((await searchAll(url, '0')).map((row) => [row.info.trace_id, row]));
  const examples: string[] = [];
  let [acknowledgedSpans, lost, doubled, wrongHeaders] = [0, 0, 0, 0];
  for (const [id, sent] of traces) {
    acknowledgedSpans += sent.length;
    const stored = await readSpanIds(url, id);
    const known = new Set(stored);
    const missing = sent.filter((span) => !known.has(span.spanId));
    lost += missing.length;
    doubled += stored.length - known.size;
    if (missing.length > 0) examples.push(`tr-${id} lost ${missing.length} spans, among them ${missing[0]?.spanId}`);
    const difference = judgeRow(rows.get(`tr-${id}`), sent);
    if (difference === undefined) continue;
    wrongHeaders += 1;
    examples.push(`tr-${id}: ${difference}`);
  }
  if (rows.size !== traces.size) examples.push(`${rows.size} traces are listed, ${traces.size} were sent`);
  wrongHeaders += Math.abs(rows.size - traces.size);
  return { acknowledgedSpans, lost, doubled, wrongHeaders, examples: examples.slice(0, 10) };
}

/** In the order of the answer, which may repeat one; nothing for an unknown trace. */
export async function readSpanIds(url: string, traceId: string): Promise<readonly string[]> {
  const { status, body } = await call(
    url,
    'GET',
    `/api/3.0/mlflow/traces/get?trace_id=tr-${traceId}&allow_partial=true`,
  );
  if (status === 404) return [];
  if (status !== 200) throw new Error(`traces/get answered ${status}: ${JSON.stringify(body)}`);
  const { trace } = body as { readonly trace: { readonly spans: readonly { readonly span_id: string }[] } };
  return trace.spans.map((span) => Buffer.from(span.span_id, 'base64').toString('hex'));
}

/** How a row differs from what its spans decide, computed the plain way. */
export function judgeRow(row: TraceRow | undefined, sent: readonly SentSpan[]): string | undefined {
  if (row === undefined) return 'no row';
  const start = minimum(sent.map((span) => span.startNanos));
  const end = -minimum(sent.map((span) => -span.endNanos));
  const root = sent.find((span) => span.parentSpanId === undefined);
  const expected = {
    spanCount: sent.length,
    errorCount: sent.filter((span) => span.isError).length,
    startMillis: Number(start / 1_000_000n),
    durationMillis: Number(end - start) / 1e6,
    state: root === undefined ? 'IN_PROGRESS' : root.isError ? 'ERROR' : 'OK',
    inputTokens: sent.reduce((sum, span) => sum + span.inputTokens, 0),
    outputTokens: sent.reduce((sum, span) => sum + span.outputTokens, 0),
  };
  const actual = {
    spanCount: row.spanCount,
    errorCount: row.errorCount,
    startMillis: Date.parse(row.info.request_time),
    durationMillis: row.durationMillis,
    state: row.info.state,
    inputTokens: row.inputTokens ?? 0,
    outputTokens: row.outputTokens ?? 0,
  };
  const [wanted, got] = [JSON.stringify(expected), JSON.stringify(actual)];
  return wanted === got ? undefined : `the row says ${got}, its spans ${wanted}`;
}

function minimum(values: readonly bigint[]): bigint {
  return values.reduce((least, value) => (value < least ? value : least));
}
