import type { SpanId, TraceId, StoredSpan } from '@clew/core';
import { readNumber } from './cells.ts';
import type { Engine } from './engine.ts';
import { readSpanId, SPAN_COLUMNS, toStoredSpan } from './span-row.ts';
import { sql, text, texts } from './sql.ts';

/** Spans that leave in one chunk. */
const CHUNK_SPANS = 1000;
/**
 * Characters of payload held at once. Rows lie by id and leave by start, so each pass reads the trace's payload as a
 * whole: passes are kept few rather than small.
 */
const PASS_CHARACTERS = 32_000_000;

/** Reads a trace in order, in passes of bounded size: first the order, without payload, then the spans. */
export async function* readSpansOfTrace(
  engine: Engine,
  traceId: TraceId,
  signal?: AbortSignal,
): AsyncGenerator<readonly StoredSpan[], void, undefined> {
  const rows = await engine.readManyRows(
    sql`SELECT span_id, payload_size FROM spans FINAL WHERE trace_id = ${text(traceId)}
ORDER BY isNotNull(parent_span_id), start_ns, span_id`,
    signal,
  );
  const order = rows.map((row) => ({ spanId: readSpanId(row, 'span_id'), size: readNumber(row, 'payload_size') }));
  for (const pass of cutPasses(order)) {
    const spans = await readPass(engine, traceId, pass, pass.length === order.length, signal);
    for (let at = 0; at < spans.length; at += CHUNK_SPANS) yield spans.slice(at, at + CHUNK_SPANS);
  }
}

function cutPasses(
  order: readonly { readonly spanId: SpanId; readonly size: number }[],
): readonly (readonly SpanId[])[] {
  const passes: SpanId[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const span of order) {
    const current = passes.at(-1);
    if (current === undefined || size + span.size > PASS_CHARACTERS) {
      passes.push([span.spanId]);
      size = span.size;
    } else {
      current.push(span.spanId);
      size += span.size;
    }
  }
  return passes;
}

/** In the order of the ids; a span deleted meanwhile is left out. */
async function readPass(
  engine: Engine,
  traceId: TraceId,
  spanIds: readonly SpanId[],
  isWholeTrace: boolean,
  signal?: AbortSignal,
): Promise<readonly StoredSpan[]> {
  const ofTrace = sql`SELECT ${SPAN_COLUMNS} FROM spans FINAL WHERE trace_id = ${text(traceId)}`;
  const statement = isWholeTrace ? ofTrace : sql`${ofTrace} AND span_id IN ${texts(spanIds)}`;
  const spans = new Map<SpanId, StoredSpan>();
  for (const row of await engine.readRows(statement, signal)) {
    const span = toStoredSpan(row);
    spans.set(span.spanId, span);
  }
  return spanIds.flatMap((spanId) => spans.get(spanId) ?? []);
}
