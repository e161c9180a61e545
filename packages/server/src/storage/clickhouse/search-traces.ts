import type { Order, TraceHeader, TraceId } from '@clew/core';
import type { SearchCursor, SearchPage, SearchPlan } from '../span-store.ts';
import { readInteger, type Row } from './cells.ts';
import { compileSearch } from './compile-plan.ts';
import type { Engine } from './engine.ts';
import { readTraceId } from './ids-of-row.ts';

/** Finds a page's ids, then reads its headers. A trace deleted in between is left out; the cursor stands all the same. */
export async function searchTraces(
  engine: Engine,
  plan: SearchPlan,
  readHeaders: (traceIds: readonly TraceId[]) => Promise<readonly TraceHeader[]>,
  signal?: AbortSignal,
): Promise<SearchPage> {
  if (plan.experimentIds.length === 0) {
    signal?.throwIfAborted();
    return { traces: [] };
  }
  const rows = await engine.readRows(compileSearch(plan), signal);
  const page = rows.slice(0, plan.limit);
  const traces = await readHeaders(page.map((row) => readTraceId(row, 'trace_id')));
  const last = page.at(-1);
  return last === undefined || rows.length <= plan.limit ? { traces } : { traces, next: toCursor(last, plan.order) };
}

function toCursor(row: Row, order: readonly Order[]): SearchCursor {
  const keys: unknown = row['keys'];
  if (!Array.isArray(keys)) throw new Error('Expected the keys of a page');
  return {
    keys: order.map((_, index) => toKey(keys[index])),
    startNanos: readInteger(row, 'start_ns'),
    traceId: readTraceId(row, 'trace_id'),
  };
}

function toKey(value: unknown): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new Error(`Unexpected key ${JSON.stringify(value)}`);
}
