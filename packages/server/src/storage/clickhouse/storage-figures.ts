/** What is stored and what of it could go: figures from the engine's own lists of parts, and space won back. */
import type { ExperimentId } from '@clew/core';
import type { SearchPlan } from '../span-store.ts';
import { shareOut, type StorageFigures, type TraceExtent } from '../storage-figures.ts';
import { readInteger, readText } from './cells.ts';
import { compileFilter } from './compile-filter.ts';
import type { Engine } from './engine.ts';
import { readExperimentId } from './ids-of-row.ts';
import { sql, text, texts, type SqlFragment } from './sql.ts';

/** Of a cluster, only what the server that answers holds. */
export async function readStorageFigures(engine: Engine, signal?: AbortSignal): Promise<StorageFigures> {
  const [parts, spans] = await Promise.all([
    engine.readRows(
      sql`SELECT table, sum(rows) AS all_rows, sum(bytes_on_disk) AS bytes FROM system.parts
WHERE active AND database = currentDatabase() GROUP BY table ORDER BY table`,
      signal,
    ),
    engine.readRows(
      sql`SELECT experiment_id, count() AS spans, sum(toUInt64(payload_size)) AS characters FROM spans GROUP BY experiment_id`,
      signal,
    ),
  ]);
  const tables = parts.map((row) => ({
    name: readText(row, 'table'),
    rows: Number(readInteger(row, 'all_rows')),
    diskBytes: Number(readInteger(row, 'bytes')),
  }));
  const diskBytes = tables.reduce((sum, table) => sum + table.diskBytes, 0);
  const rows = spans.map((row): readonly [ExperimentId, Omit<TraceExtent, 'traceCount'>] => [
    readExperimentId(row, 'experiment_id'),
    { spanRows: Number(readInteger(row, 'spans')), payloadCharacters: Number(readInteger(row, 'characters')) },
  ]);
  return { diskBytes, tables, experiments: shareOut(diskBytes, new Map(rows)) };
}

export async function measureTraces(
  engine: Engine,
  plan: Pick<SearchPlan, 'experimentIds' | 'filter'>,
  signal?: AbortSignal,
): Promise<TraceExtent> {
  signal?.throwIfAborted();
  if (plan.experimentIds.length === 0) return { traceCount: 0, spanRows: 0, payloadCharacters: 0 };
  const matching = compileMatching(plan);
  const [[traces], [spans]] = await Promise.all([
    engine.readRows(sql`SELECT count() AS traces FROM (${matching})`, signal),
    engine.readRows(
      sql`SELECT count() AS spans, sum(toUInt64(payload_size)) AS characters FROM spans WHERE trace_id IN (${matching})`,
      signal,
    ),
  ]);
  return {
    traceCount: traces === undefined ? 0 : Number(readInteger(traces, 'traces')),
    spanRows: spans === undefined ? 0 : Number(readInteger(spans, 'spans')),
    payloadCharacters: spans === undefined ? 0 : Number(readInteger(spans, 'characters')),
  };
}

/** Ids are random, so those that begin with a small digit are a fair sample, and the primary key finds them. */
export async function countSample(
  engine: Engine,
  plan: Pick<SearchPlan, 'experimentIds' | 'filter'>,
  below: string,
  signal?: AbortSignal,
): Promise<number> {
  signal?.throwIfAborted();
  if (plan.experimentIds.length === 0) return 0;
  const [row] = await engine.readRows(
    sql`SELECT count() AS traces FROM (${compileMatching(plan)} AND trace_id < ${text(below)})`,
    signal,
  );
  return row === undefined ? 0 : Number(readInteger(row, 'traces'));
}

function compileMatching({ experimentIds, filter }: Pick<SearchPlan, 'experimentIds' | 'filter'>): SqlFragment {
  return sql`SELECT trace_id FROM traces FINAL WHERE experiment_id IN ${texts(experimentIds)} AND ${compileFilter(filter)}`;
}

/** Deletions only mask rows; rewriting the parts they are in gives their space back. */
export async function reclaimSpace(engine: Engine, isAwaited: boolean): Promise<void> {
  const rows = await engine.readRows(
    sql`SELECT DISTINCT table FROM system.parts WHERE active AND has_lightweight_delete AND database = currentDatabase()`,
  );
  for (const row of rows) {
    const table = TABLES.get(readText(row, 'table'));
    if (table === undefined) continue;
    await engine.run(
      sql`ALTER TABLE ${table} APPLY DELETED MASK SETTINGS mutations_sync = ${isAwaited ? sql`1` : sql`0`}`,
    );
  }
}

/** Names that may stand in a statement. */
const TABLES: ReadonlyMap<string, SqlFragment> = new Map([
  ['spans', sql`spans`],
  ['traces', sql`traces`],
  ['traces_by_start', sql`traces_by_start`],
  ['trace_starts', sql`trace_starts`],
  ['trace_tags', sql`trace_tags`],
  ['assessments', sql`assessments`],
]);
