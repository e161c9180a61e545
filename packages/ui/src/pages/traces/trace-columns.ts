import type { TraceRow } from '@clew/core/api';
import type { TraceSort, TraceSortKey } from '../../state/url.ts';

export interface TraceColumn {
  readonly key: TraceSortKey | 'preview';
  readonly title: string;
  readonly isNumber: boolean;
}

/** Columns of the traces table, left to right. The preview cannot be sorted by. */
export const TRACE_COLUMNS: readonly TraceColumn[] = [
  { key: 'time', title: 'Time', isNumber: false },
  { key: 'name', title: 'Name', isNumber: false },
  { key: 'preview', title: 'Request → response', isNumber: false },
  { key: 'duration', title: 'Duration', isNumber: true },
  { key: 'tokens', title: 'Tokens', isNumber: true },
  { key: 'spans', title: 'Spans', isNumber: true },
  { key: 'session', title: 'Session', isNumber: false },
];

const ORDER_FIELD: { readonly [key in TraceSortKey]: string } = {
  time: 'timestamp_ms',
  name: 'name',
  duration: 'execution_time_ms',
  tokens: 'total_tokens',
  spans: 'span_count',
  session: 'session',
};

/** The sort in the form searches take it. */
export function orderByOf({ key, isDescending }: TraceSort): string {
  return `${ORDER_FIELD[key]} ${isDescending ? 'DESC' : 'ASC'}`;
}

/** A click on a title: numbers and times begin with the largest, words with the first; the next click turns it. */
export function sortAfterClick(sort: TraceSort, key: TraceSortKey): TraceSort {
  if (sort.key === key) return { key, isDescending: !sort.isDescending };
  return { key, isDescending: key !== 'name' && key !== 'session' };
}

export function traceName({ info }: TraceRow): string {
  return info.tags['mlflow.traceName'] ?? 'unnamed';
}

export function traceSession({ info }: TraceRow): string | undefined {
  return info.trace_metadata['mlflow.trace.session'];
}

/** A duration that nine in ten of the rows stay below or reach; bars are drawn against it. */
export function longDuration(rows: readonly TraceRow[]): number {
  const durations = rows.flatMap(({ durationMillis }) => (durationMillis === undefined ? [] : [durationMillis]));
  durations.sort((a, b) => a - b);
  return durations[Math.floor((durations.length - 1) * 0.95)] ?? 0;
}
