import {
  checkAggregatePlan,
  comparePoints,
  type AggregatePlan,
  type AggregatePoint,
  type AggregateResult,
} from '../../aggregate-plan.ts';
import { readNumber, readOptionalNumber, readOptionalText, readText, type Row } from '../cells.ts';
import type { Engine } from '../engine.ts';
import { compileLargestGroups, compileMeasures } from './compile-aggregate.ts';

/** First which groups stand for themselves, then every measure in one pass, over them and over the others together. */
export async function readAggregate(
  engine: Engine,
  plan: AggregatePlan,
  signal?: AbortSignal,
): Promise<AggregateResult> {
  checkAggregatePlan(plan);
  signal?.throwIfAborted();
  if (plan.experimentIds.length === 0) return { points: [] };
  const largest = plan.groupBy.length === 0 ? [] : await engine.readRows(compileLargestGroups(plan), signal);
  const keys = largest.slice(0, plan.limit).map((row) => readText(row, 'key'));
  const rows = await engine.readRows(compileMeasures(plan, keys), signal);
  return { points: rows.map((row) => toPoint(row, plan)).sort(comparePoints) };
}

function toPoint(row: Row, { measures, buckets }: AggregatePlan): AggregatePoint {
  const key = readOptionalText(row, 'key');
  return {
    ...(buckets === undefined ? {} : { bucketMillis: readNumber(row, 'bucket') }),
    ...(key === undefined ? {} : { dimensions: toDimensions(key) }),
    values: measures.map((_, at) => readOptionalNumber(row, `v${at}`) ?? null),
  };
}

function toDimensions(key: string): readonly (string | null)[] {
  const values: unknown = JSON.parse(key);
  if (!Array.isArray(values) || !values.every(isDimension)) throw new Error(`Unexpected group ${key}`);
  return values;
}

function isDimension(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
