/** Aggregates computed the plain way: what every other store must agree with. */
import {
  encodeJsonText,
  matchesFilter,
  unreachable,
  type Assessment,
  type StringMap,
  type TraceHeader,
  type UnixNanos,
} from '@clew/core';
import {
  checkAggregatePlan,
  comparePoints,
  type AggregatePlan,
  type AggregatePoint,
  type AggregateResult,
  type Dimension,
  type Measure,
  type MeasuredColumn,
  type TimeBuckets,
} from './aggregate-plan.ts';
import type { SpanWrite } from './span-store.ts';

/** One trace with everything that belongs to it. */
export interface TraceRecord {
  readonly header: TraceHeader;
  readonly spans: readonly SpanWrite[];
  readonly assessments: readonly Assessment[];
}

/** @param records - The traces that match the plan's filter. */
export function aggregateRecords(plan: AggregatePlan, records: readonly TraceRecord[]): AggregateResult {
  checkAggregatePlan(plan);
  const rows = records.flatMap((record) => rowsOf(plan, record)).filter((row) => isInRange(plan, row.time));
  const named = namedGroups(plan, rows);
  const groups = new Map<string, { readonly point: Omit<AggregatePoint, 'values'>; readonly rows: Row[] }>();
  for (const row of rows) {
    const dimensions = plan.groupBy.map((dimension) => row.text(dimension));
    const point = {
      ...(plan.buckets === undefined ? {} : { bucketMillis: bucketOf(plan.buckets, row.time) }),
      ...(named.has(JSON.stringify(dimensions)) ? { dimensions } : {}),
    };
    const key = JSON.stringify(point);
    const group = groups.get(key) ?? { point, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const points = [...groups.values()].map((group) => ({
    ...group.point,
    values: plan.measures.map((measure) => measureRows(measure, group.rows)),
  }));
  return { points: points.sort(comparePoints) };
}

interface Row {
  readonly time: UnixNanos;
  readonly isError: boolean;
  readonly text: (dimension: Dimension) => string | null;
  readonly number: (column: MeasuredColumn) => number | undefined;
}

function rowsOf({ rows }: AggregatePlan, record: TraceRecord): readonly Row[] {
  const { header, spans, assessments } = record;
  switch (rows.of) {
    case 'traces':
      return [toTraceRow(header)];
    case 'spans':
      return spans
        .filter(({ span }) =>
          matchesFilter({ kind: 'span', of: rows.where }, { header, runIds: [], assessments: [], spans: [span] }),
        )
        .map((write) => toSpanRow(header, write));
    case 'assessments':
      return assessments
        .filter((one) => one.valid && (rows.name ?? one.name) === one.name)
        .filter((one) => (rows.kind ?? one.value.kind) === one.value.kind)
        .map((one) => toAssessmentRow(header, one));
    default:
      return unreachable(rows);
  }
}

function toTraceRow(header: TraceHeader): Row {
  return {
    time: header.start,
    isError: header.state === 'ERROR',
    text: (dimension) => traceText(header, dimension),
    number: (column) => (column === 'latency_ms' ? toMillis(header.duration) : spendingOf(header, column)),
  };
}

function toSpanRow(header: TraceHeader, { span }: SpanWrite): Row {
  const { summary, status, start, end } = span;
  return {
    time: start,
    isError: status.code === 'error',
    text(dimension) {
      switch (dimension.by) {
        case 'span_name':
          return span.name;
        case 'span_type':
          return summary.type;
        case 'span_status':
          return status.code.toUpperCase();
        case 'span_model':
          return summary.model ?? null;
        case 'span_provider':
          return summary.provider ?? null;
        default:
          return traceText(header, dimension);
      }
    },
    number: (column) =>
      column === 'latency_ms' ? toMillis(end === undefined ? undefined : end - start) : spendingOf(summary, column),
  };
}

function toAssessmentRow(header: TraceHeader, one: Assessment): Row {
  return {
    time: one.createTime,
    isError: one.value.kind === 'feedback' && one.value.error !== undefined,
    text(dimension) {
      switch (dimension.by) {
        case 'assessment_name':
          return one.name;
        case 'assessment_value':
          return encodeJsonText(one.value.value);
        case 'assessment_source':
          return one.source.type;
        default:
          return traceText(header, dimension);
      }
    },
    number: () => numberOfAssessment(one),
  };
}

function numberOfAssessment({ value: { value } }: Assessment): number | undefined {
  if (value === true || value === 'yes') return 1;
  if (value === false || value === 'no') return 0;
  const isNumber = typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value));
  return isNumber ? Number(value) : undefined;
}

function traceText(header: TraceHeader, dimension: Dimension): string | null {
  switch (dimension.by) {
    case 'trace_name':
      return header.name ?? null;
    case 'trace_status':
      return header.state;
    case 'session':
      return header.sessionId ?? null;
    case 'user':
      return header.userId ?? null;
    case 'experiment':
      return header.experimentId;
    case 'tag':
      return entryOf(header.tags, dimension.key);
    case 'metadata':
      return entryOf(header.metadata, dimension.key);
    default:
      return null;
  }
}

function entryOf(map: StringMap, key: string): string | null {
  return Object.hasOwn(map, key) ? (map[key] ?? null) : null;
}

function spendingOf({ usage, cost }: Pick<TraceHeader, 'usage' | 'cost'>, column: MeasuredColumn): number | undefined {
  switch (column) {
    case 'input_tokens':
      return usage?.inputTokens;
    case 'output_tokens':
      return usage?.outputTokens;
    case 'total_tokens':
      return usage?.totalTokens;
    case 'cache_read_tokens':
      return usage?.cacheReadInputTokens;
    case 'cache_creation_tokens':
      return usage?.cacheCreationInputTokens;
    case 'input_cost':
      return cost?.inputCost;
    case 'output_cost':
      return cost?.outputCost;
    case 'total_cost':
      return cost?.totalCost;
    default:
      return undefined;
  }
}

function toMillis(nanos: bigint | undefined): number | undefined {
  return nanos === undefined ? undefined : Number(nanos) / 1e6;
}

function isInRange({ fromMillis, untilMillis }: AggregatePlan, time: bigint): boolean {
  return (
    (fromMillis === undefined || time >= BigInt(fromMillis) * 1_000_000n) &&
    (untilMillis === undefined || time < BigInt(untilMillis) * 1_000_000n)
  );
}

function bucketOf({ millis, offsetMillis }: TimeBuckets, time: bigint): number {
  const local = Number(time / 1_000_000n) + offsetMillis;
  return Math.floor(local / millis) * millis - offsetMillis;
}

/** The groups with most rows, level ones in the order of their JSON text. */
function namedGroups({ groupBy, limit }: AggregatePlan, rows: readonly Row[]): ReadonlySet<string> {
  const sizes = new Map<string, number>();
  for (const row of rows) {
    const key = JSON.stringify(groupBy.map((dimension) => row.text(dimension)));
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  }
  const largest = [...sizes].sort(([keyA, a], [keyB, b]) => b - a || (keyA < keyB ? -1 : 1)).slice(0, limit);
  return new Set(largest.map(([key]) => key));
}

function measureRows(measure: Measure, rows: readonly Row[]): number | null {
  switch (measure.kind) {
    case 'count':
      return rows.length;
    case 'errors':
      return rows.filter((row) => row.isError).length;
    case 'error_rate':
      return rows.filter((row) => row.isError).length / rows.length;
    case 'distinct':
      return new Set(rows.flatMap((row) => row.text({ by: measure.of }) ?? [])).size;
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'percentile':
      return measureNumbers(
        measure,
        rows.flatMap((row) => row.number(measure.of) ?? []).sort((a, b) => a - b),
      );
    default:
      return unreachable(measure);
  }
}

type NumberMeasure = Extract<Measure, { readonly of: MeasuredColumn }>;

function measureNumbers(measure: NumberMeasure, sorted: readonly number[]): number | null {
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return null;
  const sum = sorted.reduce((total, one) => total + one, 0);
  switch (measure.kind) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / sorted.length;
    case 'min':
      return first;
    case 'max':
      return last;
    case 'percentile': {
      const place = measure.level * (sorted.length - 1);
      const below = sorted[Math.floor(place)] ?? first;
      const above = sorted[Math.ceil(place)] ?? last;
      return below + (above - below) * (place - Math.floor(place));
    }
    default:
      return unreachable(measure);
  }
}
