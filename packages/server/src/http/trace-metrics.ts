/** `traces/metrics` of MLflow's newer browser code (contract section 1.5.11), over the store's aggregates. */
import {
  isAttributeMap,
  parseExperimentId,
  TracingError,
  type ExperimentId,
  type Filter,
  type SpanCondition,
} from '@clew/core';
import { readInteger, readList, readText, readTexts, requireText, type Message } from '@clew/core/wire';
import type {
  AggregatedRows,
  AggregatePlan,
  AggregateResult,
  Measure,
  MeasuredColumn,
  OwnDimension,
} from '../storage/aggregate-plan.ts';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';

const DEFAULT_LIMIT = 1000n;

type Rows = AggregatedRows['of'];
type Aggregation = 'COUNT' | 'SUM' | 'AVG' | 'MIN' | 'MAX' | 'PERCENTILE';

interface Metric {
  /** `session_count` counts different ones. */
  readonly measures: MeasuredColumn | 'rows' | 'sessions';
  readonly aggregations: readonly Aggregation[];
  readonly dimensions: readonly string[];
}

const SPREAD: readonly Aggregation[] = ['AVG', 'MIN', 'MAX', 'PERCENTILE'];
const SUMS: readonly Aggregation[] = ['SUM', ...SPREAD];

function metric(
  measures: Metric['measures'],
  aggregations: readonly Aggregation[],
  dimensions: readonly string[],
): Metric {
  return { measures, aggregations, dimensions };
}

const SPAN_COSTS = ['span_name', 'span_model_name', 'span_model_provider'];

const METRICS: Readonly<Record<Rows, Readonly<Record<string, Metric>>>> = {
  traces: {
    trace_count: metric('rows', ['COUNT'], ['trace_name', 'trace_status']),
    latency: metric('latency_ms', SPREAD, ['trace_name']),
    input_tokens: metric('input_tokens', SUMS, ['trace_name']),
    output_tokens: metric('output_tokens', SUMS, ['trace_name']),
    total_tokens: metric('total_tokens', SUMS, ['trace_name']),
    cache_read_input_tokens: metric('cache_read_tokens', SUMS, ['trace_name']),
    cache_creation_input_tokens: metric('cache_creation_tokens', SUMS, ['trace_name']),
    session_count: metric('sessions', ['COUNT'], []),
  },
  spans: {
    span_count: metric('rows', ['COUNT'], ['span_name', 'span_type', 'span_status', ...SPAN_COSTS.slice(1)]),
    latency: metric('latency_ms', SPREAD, ['span_name', 'span_status']),
    input_cost: metric('input_cost', SUMS, SPAN_COSTS),
    output_cost: metric('output_cost', SUMS, SPAN_COSTS),
    total_cost: metric('total_cost', SUMS, SPAN_COSTS),
  },
  assessments: {
    assessment_count: metric('rows', ['COUNT'], ['assessment_name', 'assessment_value']),
    assessment_value: metric('value', SPREAD, ['assessment_name']),
  },
};

/** MLflow's words for dimensions, and the store's. */
const DIMENSIONS: Readonly<Record<string, OwnDimension['by']>> = {
  trace_name: 'trace_name',
  trace_status: 'trace_status',
  span_name: 'span_name',
  span_type: 'span_type',
  span_status: 'span_status',
  span_model_name: 'span_model',
  span_model_provider: 'span_provider',
  assessment_name: 'assessment_name',
  assessment_value: 'assessment_value',
};

/** `field = 'value'`, the key in backticks or not. */
const CLAUSE =
  /^\s*(trace|span|assessment)\.(?:(tag|metadata)\.)?(?:`([^`]+)`|([\w.\-/]+))\s*=\s*(?:'((?:[^']|'')*)'|"([^"]*)")\s*$/;

export function traceMetricRoutes({ reader }: Services): readonly Route[] {
  return [
    {
      method: 'POST',
      under: ['3.0'],
      path: '/traces/metrics',
      async handle({ message, signal }) {
        const request = readRequest(message);
        return jsonResponse({ data_points: toPoints(request, await reader.aggregate(request.plan, signal)) });
      },
    },
  ];
}

interface MetricRequest {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly labels: readonly string[];
  readonly plan: AggregatePlan;
}

function readRequest(message: Message): MetricRequest {
  const of = oneOf<Rows>(message, 'view_type', ['traces', 'spans', 'assessments']);
  const name = requireText(message, 'metric_name');
  const known = METRICS[of][name];
  if (known === undefined) return refuse('metric_name', name, Object.keys(METRICS[of]));
  const dimensions = readTexts(message, 'dimensions');
  for (const dimension of dimensions)
    if (!known.dimensions.includes(dimension)) refuse('dimension', dimension, known.dimensions);
  const aggregations = readList(message, 'aggregations').filter(isAttributeMap);
  if (aggregations.length === 0)
    throw new TracingError('invalid_argument', 'Missing value for required parameter "aggregations"');
  const measured = aggregations.map((one) => readMeasure(one, known));
  const scope = readFilters(readTexts(message, 'filters'), of);
  return {
    name,
    dimensions,
    labels: measured.map(({ label }) => label),
    plan: {
      experimentIds: readExperiments(message),
      filter: scope.filter,
      rows: scope.rows,
      ...readTimes(message),
      measures: measured.map(({ measure }) => measure),
      groupBy: dimensions.map((dimension) => ({ by: DIMENSIONS[dimension] ?? 'trace_name' })),
      limit: Number(readInteger(message, 'max_results') ?? DEFAULT_LIMIT),
    },
  };
}

function readExperiments(message: Message): readonly ExperimentId[] {
  const ids = readTexts(message, 'experiment_ids');
  if (ids.length === 0)
    throw new TracingError('invalid_argument', 'Missing value for required parameter "experiment_ids"');
  return ids.map(parseExperimentId).filter((id): id is ExperimentId => id !== undefined);
}

function readMeasure(
  one: Message,
  { measures, aggregations }: Metric,
): { readonly label: string; readonly measure: Measure } {
  const word = requireText(one, 'aggregation_type');
  const aggregation = aggregations.find((known) => known === word);
  if (aggregation === undefined) return refuse('aggregation_type', word, aggregations);
  if (measures === 'sessions') return { label: word, measure: { kind: 'distinct', of: 'session' } };
  if (measures === 'rows') return { label: word, measure: { kind: 'count' } };
  switch (aggregation) {
    case 'SUM':
      return { label: word, measure: { kind: 'sum', of: measures } };
    case 'MIN':
      return { label: word, measure: { kind: 'min', of: measures } };
    case 'MAX':
      return { label: word, measure: { kind: 'max', of: measures } };
    case 'PERCENTILE': {
      const percentile = Number(requireText(one, 'percentile_value'));
      if (!(percentile >= 0 && percentile <= 100)) return refuse('percentile_value', String(percentile), ['0 to 100']);
      return { label: `P${percentile}`, measure: { kind: 'percentile', of: measures, level: percentile / 100 } };
    }
    default:
      return { label: word, measure: { kind: 'avg', of: measures } };
  }
}

function readTimes(message: Message): Pick<AggregatePlan, 'fromMillis' | 'untilMillis' | 'buckets'> {
  const from = readInteger(message, 'start_time_ms');
  const until = readInteger(message, 'end_time_ms');
  const seconds = readInteger(message, 'time_interval_seconds');
  if (seconds !== undefined && (seconds < 1n || from === undefined || until === undefined)) {
    throw new TracingError(
      'invalid_argument',
      `Invalid time_interval_seconds ${seconds}: expected at least 1, together with "start_time_ms" and "end_time_ms"`,
    );
  }
  return {
    ...(from === undefined ? {} : { fromMillis: Number(from) }),
    // MLflow's end belongs to the range.
    ...(until === undefined ? {} : { untilMillis: Number(until) + 1 }),
    ...(seconds === undefined ? {} : { buckets: { millis: Number(seconds) * 1000, offsetMillis: 0 } }),
  };
}

interface Scope {
  readonly filter: Filter;
  readonly rows: AggregatedRows;
}

/** Each is one comparison by `=`, and all must hold. */
function readFilters(filters: readonly string[], of: Rows): Scope {
  const traces: Filter[] = [];
  const spans: SpanCondition[] = [];
  let assessments: { readonly name?: string; readonly kind?: 'feedback' | 'expectation' } = {};
  for (const text of filters) {
    const [, entity, map, quoted, plain, single, double] = CLAUSE.exec(text) ?? [];
    const key = quoted ?? plain ?? '';
    const value = single?.replaceAll("''", "'") ?? double ?? '';
    const test = { op: '=', value } as const;
    if (entity === 'trace' && (map === 'tag' || map === 'metadata')) traces.push({ kind: map, key, test });
    else if (entity === 'trace' && key === 'status') traces.push({ kind: 'text', field: 'status', test });
    else if (entity === 'span' && of === 'spans' && (key === 'name' || key === 'type' || key === 'status'))
      spans.push({ on: key, test });
    else if (entity === 'assessment' && of === 'assessments' && key === 'name')
      assessments = { ...assessments, name: value };
    else if (
      entity === 'assessment' &&
      of === 'assessments' &&
      key === 'type' &&
      (value === 'feedback' || value === 'expectation')
    )
      assessments = { ...assessments, kind: value };
    else refuse('filter', text, ["one comparison such as trace.status = 'OK'"]);
  }
  const filter: Filter = { kind: 'all', of: traces };
  if (of === 'spans') return { filter, rows: { of, where: spans } };
  return { filter, rows: of === 'assessments' ? { of, ...assessments } : { of } };
}

/** Rows without a value of a dimension, and groups without any number, are no points. */
function toPoints({ name, dimensions, labels }: MetricRequest, { points }: AggregateResult): readonly object[] {
  return points.flatMap((point) => {
    const values = Object.fromEntries(
      labels.flatMap((label, at) => {
        const value = point.values[at];
        return value === null || value === undefined ? [] : [[label, value]];
      }),
    );
    const group = point.dimensions;
    if (group === undefined || group.includes(null) || Object.keys(values).length === 0) return [];
    const bucket = point.bucketMillis;
    return {
      metric_name: name,
      dimensions: {
        ...(bucket === undefined ? {} : { time_bucket: new Date(bucket).toISOString().replace(/\.000Z$/, '+00:00') }),
        ...Object.fromEntries(dimensions.map((dimension, at) => [dimension, group[at] ?? ''])),
      },
      values,
    };
  });
}

function oneOf<T extends string>(message: Message, name: string, known: readonly T[]): T {
  const text = (readText(message, name) ?? '').toLowerCase();
  const found = known.find((one) => one === text);
  return (
    found ??
    refuse(
      name,
      text,
      known.map((one) => one.toUpperCase()),
    )
  );
}

function refuse(what: string, got: string, expected: readonly string[]): never {
  throw new TracingError(
    'invalid_argument',
    `Invalid ${what} "${got.slice(0, 100)}": expected ${expected.length === 0 ? 'none' : `one of ${expected.join(', ')}`}`,
  );
}
