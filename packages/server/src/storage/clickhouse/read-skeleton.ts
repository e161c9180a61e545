/** A trace without payload, as the engine's columns: nothing is made per span on the way. */
import type { SkeletonSource, TraceId, UnixNanos } from '@clew/core';
import type { Columns, Engine } from './engine.ts';
import { sql, text } from './sql.ts';

/**
 * One statement, so that a trace that is being written is read as it was at one moment. The first row is the earliest
 * span's; differences are doubles, which are not quoted.
 */
export async function readSkeleton(engine: Engine, traceId: TraceId, signal?: AbortSignal): Promise<SkeletonSource> {
  const columns = await engine.readColumns(
    sql`SELECT span_id AS id, parent_span_id AS parent, name, type, status, model,
  if(rowNumberInAllBlocks() = 0, toString(start_ns), '') AS origin,
  toFloat64(start_ns - min(start_ns) OVER ()) AS start, toFloat64(end_ns - start_ns) AS duration,
  total_tokens AS tokens, has_exception AS exception
FROM spans FINAL WHERE trace_id = ${text(traceId)}
ORDER BY start_ns, end_ns DESC NULLS FIRST, span_id`,
    signal,
  );
  return {
    origin: readOrigin(columns),
    spanId: columnOf(columns, 'id', isText),
    parentSpanId: columnOf(columns, 'parent', isOptional(isText)),
    name: columnOf(columns, 'name', isText),
    type: columnOf(columns, 'type', isText),
    status: columnOf(columns, 'status', isText),
    model: columnOf(columns, 'model', isOptional(isText)),
    start: columnOf(columns, 'start', isNumber),
    duration: columnOf(columns, 'duration', isOptional(isNumber)),
    tokens: columnOf(columns, 'tokens', isOptional(isNumber)),
    hasException: columnOf(columns, 'exception', isBoolean),
  };
}

/** The first row has it; the column was a `UnixNanos` when it was written. */
function readOrigin(columns: Columns): UnixNanos {
  const [origin = '0'] = columnOf(columns, 'origin', isText);
  return BigInt(origin) as UnixNanos;
}

function columnOf<T>(columns: Columns, name: string, check: (value: unknown) => value is T): readonly T[] {
  const values = columns[name] ?? [];
  if (!isAll(values, check)) throw new Error(`Unexpected cell in column "${name}" of a skeleton`);
  return values;
}

function isAll<T>(values: readonly unknown[], check: (value: unknown) => value is T): values is readonly T[] {
  return values.every(check);
}

function isOptional<T>(check: (value: unknown) => value is T): (value: unknown) => value is T | null {
  return (value): value is T | null => value === null || check(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
