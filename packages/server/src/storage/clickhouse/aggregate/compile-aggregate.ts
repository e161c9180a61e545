/** Aggregate plans to statements, on the same filters as searches. Values travel as typed parameters. */
import { unreachable } from '@clew/core';
import {
  SPENDING_COLUMNS,
  type AggregatedRows,
  type AggregatePlan,
  type Dimension,
  type Measure,
  type MeasuredColumn,
} from '../../aggregate-plan.ts';
import { compileFilter, compileSpanCondition } from '../compile-filter.ts';
import { double, integer, joinSql, sql, text, texts, count, type SqlFragment } from '../sql.ts';

/** The largest groups, each as the JSON text of its dimensions, and one more if there is one. */
export function compileLargestGroups(plan: AggregatePlan): SqlFragment {
  return sql`SELECT ${compileKey(plan)} AS key FROM ${compileRows(plan)}
GROUP BY key ORDER BY count() DESC, key LIMIT ${count(plan.limit + 1)}`;
}

/** Columns `bucket`, `key` and one a measure, `v0` and on; the key of groups that are not among these is null. */
export function compileMeasures(plan: AggregatePlan, keys: readonly string[]): SqlFragment {
  const values = plan.measures.map((measure, at) => named(compileMeasure(measure, plan.rows), `v${at}`));
  const columns = [sql`${compileBucket(plan)} AS bucket`, sql`${compileSeries(plan, keys)} AS key`, ...values];
  return sql`SELECT ${joinSql(columns, ', ')} FROM ${compileRows(plan)} GROUP BY bucket, key HAVING count() > 0`;
}

/** The text between is ours: a name we number, a level we print. */
function named(fragment: SqlFragment, name: string): SqlFragment {
  return { parts: [...fragment.parts, ` AS ${name}`] };
}

function compileSeries(plan: AggregatePlan, keys: readonly string[]): SqlFragment {
  const key = compileKey(plan);
  return plan.groupBy.length === 0 ? sql`materialize(${key})` : sql`if(${key} IN ${texts(keys)}, ${key}, NULL)`;
}

/** A tuple of one value and none are JSON lists, too. */
function compileKey({ groupBy, rows }: AggregatePlan): SqlFragment {
  if (groupBy.length === 0) return sql`'[]'`;
  const values = groupBy.map((dimension, at) =>
    isOfTrace(dimension) && rows.of !== 'traces'
      ? ownerColumn(at)
      : sql`toNullable(toString(${compileDimension(dimension)}))`,
  );
  return sql`toJSONString(tuple(${joinSql(values, ', ')}))`;
}

function compileBucket({ buckets, rows }: AggregatePlan): SqlFragment {
  if (buckets === undefined) return sql`materialize(CAST(0, 'Float64'))`;
  const [size, offset] = [double(buckets.millis), double(buckets.offsetMillis)];
  return sql`floor((intDiv(${TIMES[rows.of]}, 1000000) + ${offset}) / ${size}) * ${size} - ${offset}`;
}

const TIMES: Readonly<Record<AggregatedRows['of'], SqlFragment>> = {
  traces: sql`start_ns`,
  spans: sql`start_ns`,
  assessments: sql`create_ns`,
};

const ERRORS: Readonly<Record<AggregatedRows['of'], SqlFragment>> = {
  traces: sql`state = 'ERROR'`,
  spans: sql`status = 'error'`,
  assessments: sql`isNotNull(error_code)`,
};

function compileRows(plan: AggregatePlan): SqlFragment {
  const { rows, groupBy } = plan;
  const range = compileRange(plan);
  const scope = sql`experiment_id IN ${texts(plan.experimentIds)} AND ${compileFilter(plan.filter)}`;
  if (rows.of === 'traces') return sql`traces FINAL WHERE ${joinSql([scope, ...range], ' AND ')}`;
  const table = rows.of === 'spans' ? sql`spans FINAL` : sql`assessments FINAL`;
  const conditions = [...range, ...compileOwnConditions(rows)];
  const owned = groupBy.flatMap((dimension, at) =>
    isOfTrace(dimension) ? [sql`toNullable(toString(${compileDimension(dimension)})) AS ${ownerColumn(at)}`] : [],
  );
  if (owned.length === 0) {
    const inScope = sql`trace_id IN (SELECT trace_id FROM traces FINAL WHERE ${scope})`;
    return sql`${table} WHERE ${joinSql([inScope, ...conditions], ' AND ')}`;
  }
  return sql`${table} INNER JOIN (SELECT trace_id, ${joinSql(owned, ', ')} FROM traces FINAL WHERE ${scope}) AS owner
USING (trace_id) WHERE ${joinSql([sql`true`, ...conditions], ' AND ')}`;
}

/** The column of a joined trace that holds one of the plan's dimensions. */
function ownerColumn(at: number): SqlFragment {
  return { parts: [`owner_${at}`] };
}

function compileRange({ rows, fromMillis, untilMillis }: AggregatePlan): readonly SqlFragment[] {
  const time = TIMES[rows.of];
  return [
    ...(fromMillis === undefined ? [] : [sql`${time} >= ${integer(BigInt(fromMillis) * 1_000_000n)}`]),
    ...(untilMillis === undefined ? [] : [sql`${time} < ${integer(BigInt(untilMillis) * 1_000_000n)}`]),
  ];
}

function compileOwnConditions(rows: Exclude<AggregatedRows, { readonly of: 'traces' }>): readonly SqlFragment[] {
  if (rows.of === 'spans') return rows.where.map(compileSpanCondition);
  return [
    sql`is_valid`,
    ...(rows.name === undefined ? [] : [sql`name = ${text(rows.name)}`]),
    ...(rows.kind === undefined ? [] : [sql`kind = ${text(rows.kind)}`]),
  ];
}

function isOfTrace(dimension: Dimension): boolean {
  return !dimension.by.startsWith('span_') && !dimension.by.startsWith('assessment_');
}

function compileDimension(dimension: Dimension): SqlFragment {
  switch (dimension.by) {
    case 'trace_name':
    case 'span_name':
    case 'assessment_name':
      return sql`name`;
    case 'trace_status':
      return sql`state`;
    case 'session':
      return sql`session_id`;
    case 'user':
      return sql`user_id`;
    case 'experiment':
      return sql`experiment_id`;
    case 'tag':
      return compileEntry(sql`tags`, dimension.key);
    case 'metadata':
      return compileEntry(sql`metadata`, dimension.key);
    case 'span_type':
      return sql`type`;
    case 'span_status':
      return sql`upper(status)`;
    case 'span_model':
      return sql`model`;
    case 'span_provider':
      return sql`provider`;
    case 'assessment_value':
      return sql`value`;
    case 'assessment_source':
      return sql`source_type`;
    default:
      return unreachable(dimension);
  }
}

function compileEntry(map: SqlFragment, key: string): SqlFragment {
  return sql`if(mapContains(${map}, ${text(key)}), ${map}[${text(key)}], NULL)`;
}

function compileMeasure(measure: Measure, rows: AggregatedRows): SqlFragment {
  const isError = ERRORS[rows.of];
  switch (measure.kind) {
    case 'count':
      return sql`toFloat64(count())`;
    case 'errors':
      return sql`toFloat64(countIf(${isError}))`;
    case 'error_rate':
      return sql`countIf(${isError}) / count()`;
    case 'distinct':
      return sql`toFloat64(uniqExact(${compileDimension({ by: measure.of })}))`;
    case 'sum':
      return sql`sum(${compileColumn(measure.of, rows)})`;
    case 'avg':
      return sql`avg(${compileColumn(measure.of, rows)})`;
    case 'min':
      return sql`min(${compileColumn(measure.of, rows)})`;
    case 'max':
      return sql`max(${compileColumn(measure.of, rows)})`;
    case 'percentile':
      return sql`quantileExactInclusive(${levelOf(measure.level)})(${compileColumn(measure.of, rows)})`;
    default:
      return unreachable(measure);
  }
}

/** The parameter of an aggregate function has to be a literal. */
function levelOf(level: number): SqlFragment {
  return { parts: [Math.min(1, Math.max(0, level)).toFixed(6)] };
}

/** Nullable, so that nothing measured is null. */
function compileColumn(column: MeasuredColumn, rows: AggregatedRows): SqlFragment {
  if (column === 'value') {
    return sql`multiIf(value IN ('true', '"yes"'), toNullable(1.), value IN ('false', '"no"'), 0., toFloat64OrNull(value))`;
  }
  if (column === 'latency_ms')
    return rows.of === 'spans' ? sql`(end_ns - start_ns) / 1000000` : sql`duration_ns / 1000000`;
  const known = SPENDING_COLUMNS.find((name) => name === column);
  return { parts: [known ?? 'NULL'] };
}
