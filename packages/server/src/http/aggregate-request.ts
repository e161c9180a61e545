/** An aggregate as a request spells it, to a plan. Every refusal names the word and what was wanted. */
import { TracingError, type SpanCondition } from '@clew/core';
import { readInteger, readText, readTexts, type Message } from '@clew/core/wire';
import type { SearchPlan } from '../storage/span-store.ts';
import {
  ASSESSMENT_DIMENSIONS,
  SPAN_DIMENSIONS,
  SPENDING_COLUMNS,
  TRACE_DIMENSIONS,
  type AggregatedRows,
  type AggregatePlan,
  type Dimension,
  type Measure,
  type MeasuredColumn,
} from '../storage/aggregate-plan.ts';

const DEFAULT_LIMIT = 100n;
const LARGEST_LIMIT = 1000n;
const MOST_MEASURES = 50;
const MOST_DIMENSIONS = 5;
/** A year of minutes is more than anybody draws. */
const MOST_BUCKETS = 10_000;
const DAY_MINUTES = 1440n;

/** @throws {TracingError} `invalid_argument` */
export function readAggregatePlan(
  message: Message,
  scope: Pick<SearchPlan, 'experimentIds' | 'filter'>,
): AggregatePlan {
  const fromMillis = readMillis(message, 'from_millis');
  const untilMillis = readMillis(message, 'until_millis');
  const bucketMillis = readMillis(message, 'bucket_millis');
  checkBuckets(bucketMillis, fromMillis, untilMillis);
  const offsetMinutes = readBetween(message, 'offset_minutes', -DAY_MINUTES, DAY_MINUTES) ?? 0n;
  return {
    experimentIds: scope.experimentIds,
    filter: scope.filter,
    rows: readRows(message),
    ...(fromMillis === undefined ? {} : { fromMillis }),
    ...(untilMillis === undefined ? {} : { untilMillis }),
    measures: readMeasures(message).map(parseMeasure),
    groupBy: readDimensions(message).map(parseDimension),
    ...(bucketMillis === undefined
      ? {}
      : { buckets: { millis: bucketMillis, offsetMillis: Number(offsetMinutes) * 60_000 } }),
    limit: Number(readBetween(message, 'limit', 1n, LARGEST_LIMIT) ?? DEFAULT_LIMIT),
  };
}

/** As the answer repeats them. */
export function readMeasures(message: Message): readonly string[] {
  const measures = readTexts(message, 'measures');
  if (measures.length > MOST_MEASURES) refuse('measures', String(measures.length), `at most ${MOST_MEASURES}`);
  return measures.length === 0 ? ['count'] : measures;
}

/** As the answer repeats them. */
export function readDimensions(message: Message): readonly string[] {
  const dimensions = readTexts(message, 'group_by');
  if (dimensions.length > MOST_DIMENSIONS) refuse('groupBy', String(dimensions.length), `at most ${MOST_DIMENSIONS}`);
  return dimensions;
}

function readRows(message: Message): AggregatedRows {
  const of = readText(message, 'of') ?? 'traces';
  switch (of) {
    case 'traces':
      return { of };
    case 'spans':
      return {
        of,
        where: [
          ...conditionOn('name', readTexts(message, 'span_names')),
          ...conditionOn('type', readTexts(message, 'span_types')),
          ...conditionOn('status', readTexts(message, 'span_statuses')),
        ],
      };
    case 'assessments': {
      const name = readText(message, 'assessment_name');
      const kind = readText(message, 'assessment_kind');
      if (kind !== undefined && kind !== 'feedback' && kind !== 'expectation') {
        return refuse('assessmentKind', kind, 'feedback or expectation');
      }
      return { of, ...(name === undefined ? {} : { name }), ...(kind === undefined ? {} : { kind }) };
    }
    default:
      return refuse('of', of, 'traces, spans or assessments');
  }
}

function conditionOn(on: 'name' | 'type' | 'status', values: readonly string[]): readonly SpanCondition[] {
  return values.length === 0 ? [] : [{ on, test: { op: 'in', values } }];
}

function parseMeasure(word: string): Measure {
  if (word === 'count' || word === 'errors' || word === 'error_rate') return { kind: word };
  const [name = '', of = ''] = word.split(':');
  if (name === 'distinct' && (of === 'session' || of === 'user')) return { kind: name, of };
  const column = MEASURED.find((known) => known === of);
  if (column === undefined) return refuse('measures', word, `a measure such as count or p95:latency_ms`);
  if (name === 'sum' || name === 'avg' || name === 'min' || name === 'max') return { kind: name, of: column };
  const percent = /^p(\d{1,3}(?:\.\d{1,4})?)$/.exec(name)?.[1];
  if (percent === undefined || Number(percent) > 100) {
    return refuse('measures', word, 'sum, avg, min, max or a percentile such as p95 before the colon');
  }
  return { kind: 'percentile', of: column, level: Number(percent) / 100 };
}

const MEASURED: readonly MeasuredColumn[] = ['latency_ms', ...SPENDING_COLUMNS, 'value'];

function parseDimension(word: string): Dimension {
  const key = /^(tag|metadata):(.*)$/s.exec(word);
  if (key !== null) return { by: key[1] === 'tag' ? 'tag' : 'metadata', key: key[2] ?? '' };
  const by = OWN.find((known) => known === word);
  return by === undefined ? refuse('groupBy', word, `one of ${OWN.join(', ')}, tag:KEY, metadata:KEY`) : { by };
}

const OWN = [...TRACE_DIMENSIONS, ...SPAN_DIMENSIONS, ...ASSESSMENT_DIMENSIONS];

function checkBuckets(size?: number, from?: number, until?: number): void {
  if (size === undefined) return;
  if (size < 1) refuse('bucketMillis', String(size), 'at least 1');
  if (from !== undefined && until !== undefined && (until - from) / size > MOST_BUCKETS) {
    refuse('bucketMillis', String(size), `at most ${MOST_BUCKETS} buckets in the range`);
  }
}

function readMillis(message: Message, name: string): number | undefined {
  const value = readBetween(message, name, 0n, 9_000_000_000_000n);
  return value === undefined ? undefined : Number(value);
}

function readBetween(message: Message, name: string, least: bigint, most: bigint): bigint | undefined {
  const value = readInteger(message, name);
  if (value !== undefined && (value < least || value > most)) refuse(name, String(value), `${least} to ${most}`);
  return value;
}

function refuse(name: string, value: string, wanted: string): never {
  throw new TracingError('invalid_argument', `Invalid ${name} "${value.slice(0, 100)}": expected ${wanted}`);
}
