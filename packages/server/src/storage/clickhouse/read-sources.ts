import type { TagChange, TraceId, TraceStart } from '@clew/core';
import type { SpanFact, TraceSources, Versioned } from '../span-store.ts';
import type { Engine } from './engine.ts';
import { readInteger } from './cells.ts';
import { inLists } from './id-lists.ts';
import { readTraceId } from './ids-of-row.ts';
import { FACT_COLUMNS, toFact } from './span-row.ts';
import { count, sql, texts, type SqlFragment } from './sql.ts';
import { START_COLUMNS, toStart, toTagChange } from './trace-row.ts';

/** Reads what the headers of these traces are derived from, table by table. */
export async function readSources(
  engine: Engine,
  traceIds: readonly TraceId[],
): Promise<ReadonlyMap<TraceId, TraceSources>> {
  const lists = await Promise.all(inLists(traceIds).map(async (list) => readList(engine, list)));
  return new Map(lists.flatMap((list) => [...list]));
}

/** Sums versions where they are: nothing but ids and sums leaves the engine. */
export async function readVersions(
  engine: Engine,
  traceIds: readonly TraceId[],
): Promise<ReadonlyMap<TraceId, bigint>> {
  const lists = inLists(traceIds).map(async (list) => {
    const ids = texts(list);
    return engine.readRows(sql`SELECT trace_id, toString(sum(toUInt128(version))) AS version FROM (
  SELECT trace_id, version FROM spans FINAL WHERE trace_id IN ${ids}
  UNION ALL SELECT trace_id, version FROM trace_starts FINAL WHERE trace_id IN ${ids}
  UNION ALL SELECT trace_id, version FROM trace_tags FINAL WHERE trace_id IN ${ids})
GROUP BY trace_id`);
  });
  const rows = (await Promise.all(lists)).flat();
  return new Map(rows.map((row) => [readTraceId(row, 'trace_id'), readInteger(row, 'version')]));
}

export async function readHeaderVersions(
  engine: Engine,
  traceIds: readonly TraceId[],
): Promise<ReadonlyMap<TraceId, bigint>> {
  const lists = inLists(traceIds).map(async (list) =>
    engine.readRows(
      sql`SELECT trace_id, toString(version) AS version FROM traces FINAL WHERE trace_id IN ${texts(list)}`,
    ),
  );
  const rows = (await Promise.all(lists)).flat();
  return new Map(rows.map((row) => [readTraceId(row, 'trace_id'), readInteger(row, 'version')]));
}

/** Reads one column as a whole, and the ids of the newest rows. */
export async function readLatelyWritten(engine: Engine, windowMillis: number): Promise<readonly TraceId[]> {
  const since = sql`(SELECT max(${SEQUENCE}) FROM (${WRITTEN})) - ${count(windowMillis * 1000)}`;
  const rows = await engine.readRows(sql`SELECT DISTINCT trace_id FROM (${WRITTEN}) WHERE ${SEQUENCE} >= ${since}`);
  return rows.map((row) => readTraceId(row, 'trace_id'));
}

/** The largest number a row was written under, 0 for none: reads one column of each table as a whole. */
export async function readLastSequence(engine: Engine): Promise<bigint> {
  const [row] = await engine.readRows(sql`SELECT toString(max(${SEQUENCE})) AS last FROM (
  SELECT version FROM spans UNION ALL SELECT version FROM trace_starts UNION ALL SELECT version FROM trace_tags
  UNION ALL SELECT version FROM assessments UNION ALL SELECT version FROM experiments
  UNION ALL SELECT version FROM artifacts UNION ALL SELECT version FROM records)`);
  return row === undefined ? 0n : readInteger(row, 'last');
}

const WRITTEN: SqlFragment = sql`SELECT trace_id, version FROM spans
UNION ALL SELECT trace_id, version FROM trace_starts UNION ALL SELECT trace_id, version FROM trace_tags`;
/** The version without the mark of spans that have ended: microseconds (storage/version.ts). */
const SEQUENCE: SqlFragment = sql`toInt64(bitAnd(version, 9223372036854775807))`;

interface OpenSources {
  readonly spans: Versioned<SpanFact>[];
  readonly starts: Versioned<TraceStart>[];
  readonly tags: Versioned<TagChange>[];
}

async function readList(engine: Engine, traceIds: readonly TraceId[]): Promise<ReadonlyMap<TraceId, TraceSources>> {
  const ids = texts(traceIds);
  const [spans, starts, tags] = await Promise.all([
    engine.readManyRows(sql`SELECT trace_id, ${FACT_COLUMNS} FROM spans FINAL WHERE trace_id IN ${ids}`),
    engine.readManyRows(sql`SELECT ${START_COLUMNS} FROM trace_starts FINAL WHERE trace_id IN ${ids}
ORDER BY version`),
    engine.readManyRows(sql`SELECT trace_id, version, key, value FROM trace_tags FINAL WHERE trace_id IN ${ids}`),
  ]);
  const found = new Map<TraceId, OpenSources>();
  const open = (traceId: TraceId): OpenSources => {
    const known = found.get(traceId);
    if (known !== undefined) return known;
    const sources: OpenSources = { spans: [], starts: [], tags: [] };
    found.set(traceId, sources);
    return sources;
  };
  for (const row of spans) open(readTraceId(row, 'trace_id')).spans.push(toFact(row));
  for (const start of starts.map(toStart)) open(start.traceId).starts.push(start);
  for (const change of tags.map(toTagChange)) open(change.traceId).tags.push(change);
  return found;
}
