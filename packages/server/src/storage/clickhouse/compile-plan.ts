/** Search plans to statements. Values travel as typed parameters; nothing here runs anything. */
import {
  NUMBER_FIELDS,
  type ExperimentId,
  type Filter,
  type NumberField,
  type Order,
  type OrderKey,
  type TraceId,
} from '@clew/core';
import type { SearchCursor, SearchPlan, TraceSelection } from '../span-store.ts';
import { compileCandidateFilter, type Following } from './compile-candidates.ts';
import { compileFilter, NUMBER_COLUMNS, SOURCE_RUN, TEXT_COLUMNS } from './compile-filter.ts';
import { FALSE, TRUE } from './compile-test.ts';
import type { Hints } from './search-hints.ts';
import { count, double, integer, joinSql, sql, text, texts, type SqlFragment } from './sql.ts';
import { HEADER_COLUMNS } from './trace-row.ts';

/**
 * The ids of a page, and one more if there is one, with what a cursor needs: `keys`, the order's values as JSON
 * would have them, `start_ns` and `trace_id`. No payload is sorted: the page's headers are read by id afterwards.
 */
export function compileSearch(plan: SearchPlan): SqlFragment {
  return compilePlaces(plan, sql`traces FINAL`, compileFilter(plan.filter), plan.limit + 1);
}

/**
 * Rows that match if they are current and conditions on other tables hold; a trace may come more than once.
 *
 * @param isByKey - In the order of the table's key: as {@link isByStart} has it, with equal starts in no promised order.
 */
export function compileCandidates(
  plan: SearchPlan,
  following: Following,
  hints: Hints,
  size: number,
  isByKey: boolean,
): SqlFragment {
  const filter = compileCandidateFilter(plan.filter, following, hints);
  const after = plan.after === undefined ? TRUE : sql`start_ns <= ${integer(plan.after.startNanos)}`;
  return isByKey
    ? compilePlaces(plan, sql`traces_by_start`, sql`${after} AND ${filter}`, size, sql`start_ns DESC, trace_id DESC`)
    : compilePlaces(plan, sql`traces_by_start`, filter, size);
}

/** Whether the order is newest first and nothing else. */
export function isByStart(order: readonly Order[]): boolean {
  return order.every(({ key, descending }, at) => at === 0 && key.by === 'timestamp_ms' && descending);
}

/** Which version of some traces is current, of those that match. */
export function compileVerification(filter: Filter, traceIds: readonly TraceId[]): SqlFragment {
  const among = sql`candidates`;
  return sql`WITH ${texts(traceIds)} AS candidates
SELECT trace_id, toString(version) AS version, experiment_id, start_ns
FROM traces FINAL PREWHERE trace_id IN ${among}
WHERE ${compileFilter(filter, among)}`;
}

/** Headers of rows that {@link compileCandidates} found, and maybe of others of the same traces. */
export function compileHeaders(places: readonly HeaderPlace[]): SqlFragment {
  const experiments = [...new Set(places.map(({ experimentId }) => experimentId))];
  const starts = places.map(({ startNanos }) => integer(startNanos));
  return sql`SELECT ${HEADER_COLUMNS}, toString(version) AS version
FROM traces_by_start
WHERE experiment_id IN ${texts(experiments)} AND start_ns IN (${joinSql(starts, ', ')})
  AND trace_id IN ${texts(places.map(({ traceId }) => traceId))}`;
}

/** Where a row stands in `traces_by_start`. */
export interface HeaderPlace {
  readonly traceId: TraceId;
  readonly version: bigint;
  readonly experimentId: ExperimentId;
  readonly startNanos: bigint;
}

function compilePlaces(
  plan: SearchPlan,
  from: SqlFragment,
  filter: SqlFragment,
  limit: number,
  ordered?: SqlFragment,
): SqlFragment {
  const keys = plan.order.map(compileKey);
  const selected = keys.map(({ value, isNumber }) => (isNumber ? sql`toFloat64(${value})` : sql`toString(${value})`));
  const behind = plan.after === undefined ? [] : [compileAfter(plan.order, plan.after)];
  const inOrder = ordered ?? joinSql([...keys.map(compileDirection), sql`start_ns DESC`, sql`trace_id ASC`], ', ');
  return sql`SELECT trace_id, toString(version) AS version, experiment_id, start_ns,
  tuple(${joinSql([...selected, sql`0`], ', ')}) AS keys
FROM ${from}
WHERE ${joinSql([inExperiments(plan), filter, ...behind], ' AND ')}
ORDER BY ${inOrder}
LIMIT ${count(limit)}`;
}

export function compileCount(plan: Pick<SearchPlan, 'experimentIds' | 'filter'>): SqlFragment {
  return sql`SELECT count() AS count FROM traces FINAL WHERE ${compileScope(plan)}`;
}

export function compileSelection({ experimentId, which }: TraceSelection): SqlFragment {
  const inExperiment = sql`SELECT trace_id FROM traces FINAL WHERE experiment_id = ${text(experimentId)}`;
  if (which.kind === 'ids') return sql`${inExperiment} AND trace_id IN ${texts(which.traceIds)}`;
  const oldest = sql`${inExperiment} AND ${NUMBER_COLUMNS.timestamp_ms} <= ${double(which.startMillis)}
ORDER BY start_ns, trace_id`;
  return which.limit === undefined ? oldest : sql`${oldest} LIMIT ${count(which.limit)}`;
}

function compileScope({ experimentIds, filter }: Pick<SearchPlan, 'experimentIds' | 'filter'>): SqlFragment {
  return sql`${inExperiments({ experimentIds })} AND ${compileFilter(filter)}`;
}

function inExperiments({ experimentIds }: Pick<SearchPlan, 'experimentIds'>): SqlFragment {
  const [only, ...others] = experimentIds;
  // With one value the key's order is the order by start, and reading ends with the page.
  return only !== undefined && others.length === 0
    ? sql`experiment_id = ${text(only)}`
    : sql`experiment_id IN ${texts(experimentIds)}`;
}

interface CompiledKey {
  readonly value: SqlFragment;
  readonly isNumber: boolean;
  readonly descending: boolean;
}

function compileKey({ key, descending }: Order): CompiledKey {
  return { value: keyColumn(key), isNumber: isNumberKey(key.by), descending };
}

function isNumberKey(by: OrderKey['by']): by is NumberField {
  return NUMBER_FIELDS.some((field) => field === by);
}

function keyColumn(key: OrderKey): SqlFragment {
  switch (key.by) {
    case 'tag':
      return entry(sql`tags`, key.key);
    case 'metadata':
      return entry(sql`metadata`, key.key);
    case 'run_id':
      return entry(sql`metadata`, SOURCE_RUN);
    case 'experiment_id':
      return sql`experiment_id`;
    default:
      return isNumberKey(key.by) ? NUMBER_COLUMNS[key.by] : TEXT_COLUMNS[key.by];
  }
}

function entry(map: SqlFragment, key: string): SqlFragment {
  return sql`if(mapContains(${map}, ${text(key)}), ${map}[${text(key)}], NULL)`;
}

function compileDirection({ value, descending }: CompiledKey): SqlFragment {
  return descending ? sql`${value} DESC NULLS LAST` : sql`${value} ASC NULLS LAST`;
}

/** Everything behind the cursor: behind it by the first key, or level there and behind by the rest. */
function compileAfter(order: readonly Order[], cursor: SearchCursor): SqlFragment {
  const start = integer(cursor.startNanos);
  const last = sql`(start_ns <= ${start} AND (start_ns < ${start} OR trace_id > ${text(cursor.traceId)}))`;
  return order.reduceRight<SqlFragment>((rest, one, index) => {
    const key = compileKey(one);
    const bound = cursor.keys[index] ?? null;
    return sql`(${compileBehind(key, bound)} OR (${compileLevel(key, bound)} AND ${rest}))`;
  }, last);
}

function compileBehind({ value, descending }: CompiledKey, bound: string | number | null): SqlFragment {
  // Nulls come last in both directions, so nothing is behind one.
  if (bound === null) return FALSE;
  const parameter = toParameter(bound);
  const isBehind = descending ? sql`${value} < ${parameter}` : sql`${value} > ${parameter}`;
  return sql`ifNull(${isBehind}, true)`;
}

function compileLevel({ value }: CompiledKey, bound: string | number | null): SqlFragment {
  return bound === null ? sql`isNull(${value})` : sql`ifNull(${value} = ${toParameter(bound)}, false)`;
}

function toParameter(bound: string | number): SqlFragment {
  return typeof bound === 'number' ? double(bound) : text(bound);
}
