/** Aggregates as data: what is counted and measured, of which rows, in which groups. */
import { TracingError, type ExperimentId, type Filter, type SpanCondition } from '@clew/core';

export interface AggregatePlan {
  /** Empty matches nothing. */
  readonly experimentIds: readonly ExperimentId[];
  /** Which traces. */
  readonly filter: Filter;
  readonly rows: AggregatedRows;
  /** Epoch milliseconds of a row's time: from inclusive, until exclusive. */
  readonly fromMillis?: number;
  readonly untilMillis?: number;
  readonly measures: readonly Measure[];
  readonly groupBy: readonly Dimension[];
  readonly buckets?: TimeBuckets;
  /** So many groups of `groupBy`, those with most rows first; the others are measured together. At least 1. */
  readonly limit: number;
}

/** What a row is. Its time is the start of the trace or span, or the creation of the assessment. */
export type AggregatedRows =
  | { readonly of: 'traces' }
  /** Those that meet every condition. */
  | { readonly of: 'spans'; readonly where: readonly SpanCondition[] }
  /** Valid ones; of one name or kind if given. */
  | { readonly of: 'assessments'; readonly name?: string; readonly kind?: 'feedback' | 'expectation' };

export const SPENDING_COLUMNS = [
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'input_cost',
  'output_cost',
  'total_cost',
] as const;

/** `latency_ms` has a fraction. `value` is an assessment's: numbers, `true` and `"yes"` as 1, `false` and `"no"` as 0. */
export type MeasuredColumn = 'latency_ms' | (typeof SPENDING_COLUMNS)[number] | 'value';

export type Measure =
  /** Errors are traces in state ERROR, spans of status error, assessments with an error. */
  | { readonly kind: 'count' | 'errors' | 'error_rate' }
  /** How many different sessions or users; of traces only. */
  | { readonly kind: 'distinct'; readonly of: 'session' | 'user' }
  /** Rows without the number do not count; null where none has it. */
  | { readonly kind: 'sum' | 'avg' | 'min' | 'max'; readonly of: MeasuredColumn }
  /** Exact, interpolated linearly between neighbours. `level` is 0 to 1. */
  | { readonly kind: 'percentile'; readonly of: MeasuredColumn; readonly level: number };

export const TRACE_DIMENSIONS = ['trace_name', 'trace_status', 'session', 'user', 'experiment'] as const;
export const SPAN_DIMENSIONS = ['span_name', 'span_type', 'span_status', 'span_model', 'span_provider'] as const;
export const ASSESSMENT_DIMENSIONS = ['assessment_name', 'assessment_value', 'assessment_source'] as const;

/** Traces' own stand for spans and assessments, too. A row without the value belongs to the group null. */
export type Dimension = OwnDimension | KeyDimension;
export type OwnDimension = {
  readonly by:
    | (typeof TRACE_DIMENSIONS)[number]
    | (typeof SPAN_DIMENSIONS)[number]
    /** The value is its JSON text. */
    | (typeof ASSESSMENT_DIMENSIONS)[number];
};
export interface KeyDimension {
  readonly by: 'tag' | 'metadata';
  readonly key: string;
}

export interface TimeBuckets {
  /** At least 1. */
  readonly millis: number;
  /** Buckets begin at multiples of `millis` of local time, which is so far ahead of UTC. */
  readonly offsetMillis: number;
}

export interface AggregateResult {
  /** By bucket, then by dimensions with null last, then the others. No point where no row is. */
  readonly points: readonly AggregatePoint[];
}

export interface AggregatePoint {
  /** Epoch milliseconds at which the bucket begins; absent without buckets. */
  readonly bucketMillis?: number;
  /** One entry an entry of `groupBy`; absent on the groups past the limit, measured together. */
  readonly dimensions?: readonly (string | null)[];
  /** One entry a measure. */
  readonly values: readonly (number | null)[];
}

const OWN_DIMENSIONS: Readonly<Record<AggregatedRows['of'], readonly string[]>> = {
  traces: [],
  spans: SPAN_DIMENSIONS,
  assessments: ASSESSMENT_DIMENSIONS,
};

/** @throws {TracingError} `invalid_argument` for what its rows do not have. */
export function checkAggregatePlan({ rows, measures, groupBy }: AggregatePlan): void {
  const known: readonly string[] = [...TRACE_DIMENSIONS, 'tag', 'metadata', ...OWN_DIMENSIONS[rows.of]];
  for (const { by } of groupBy) {
    if (!known.includes(by)) refuse(`group ${rows.of} by "${by}"`, known);
  }
  for (const measure of measures) {
    if (measure.kind === 'distinct' && rows.of !== 'traces') refuse(`count different ${measure.of}s of ${rows.of}`);
    if ('of' in measure && measure.kind !== 'distinct' && (measure.of === 'value') !== (rows.of === 'assessments')) {
      refuse(`measure "${measure.of}" of ${rows.of}`);
    }
  }
}

function refuse(what: string, known?: readonly string[]): never {
  const hint = known === undefined ? '' : `: expected one of ${known.join(', ')}`;
  throw new TracingError('invalid_argument', `Cannot ${what}${hint}`);
}

/** As results are ordered. */
export function comparePoints(a: AggregatePoint, b: AggregatePoint): number {
  if (a.bucketMillis !== b.bucketMillis) return (a.bucketMillis ?? 0) - (b.bucketMillis ?? 0);
  if (a.dimensions === undefined || b.dimensions === undefined) return a.dimensions === undefined ? 1 : -1;
  for (const [at, one] of a.dimensions.entries()) {
    const other = b.dimensions[at] ?? null;
    if (one === other) continue;
    if (one === null || other === null) return one === null ? 1 : -1;
    return one < other ? -1 : 1;
  }
  return 0;
}
