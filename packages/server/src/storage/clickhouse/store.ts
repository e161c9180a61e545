import type { ClickHouseClient } from '@clickhouse/client';
import type { SpanStore } from '../span-store.ts';
import { createDocumentStore } from './document-store.ts';
import { checkCluster } from './cluster/check-cluster.ts';
import { readClusterTables } from './cluster/cluster-ddl.ts';
import { toClusterStatement, type Cluster } from './cluster/cluster-statement.ts';
import { createEngine, type CancelStatement } from './engine.ts';
import { migrate, readMigrations } from './migrate.ts';
import { readLastSequence } from './read-sources.ts';
import { createSequence } from './sequence.ts';
import { createSpanReader } from './span-reader.ts';
import { createSpanWriter } from './span-writer.ts';

/** What is different where the database is not in this process. */
export interface RemoteOptions {
  /** Stops a statement that nobody waits for any more. Default: the connection does so by itself. */
  readonly cancel?: CancelStatement;
  /** Its tables are there already, and are not brought up to date. Default: one server, whose tables are. */
  readonly cluster?: Cluster;
}

/**
 * The storage port over a connection whose database is chosen, in process or remote. Takes the client over: closing
 * the store closes it.
 *
 * @param nowMillis - The clock that orders writes.
 * @param isExclusive - Whether nobody else writes while it is open.
 * @throws {TracingError} `unsupported` when a newer program wrote the store, or a cluster lacks a table or a column.
 */
export async function openClickHouseStore(
  client: ClickHouseClient,
  nowMillis: () => number,
  isExclusive: boolean,
  { cancel, cluster }: RemoteOptions = {},
): Promise<SpanStore> {
  const migrations = await readMigrations();
  if (cluster === undefined) await migrate(client, migrations);
  else await checkCluster(client, readClusterTables(migrations.flatMap(({ statements }) => statements)), cluster);
  const engine = createEngine(client, {
    ...(cancel === undefined ? {} : { cancel }),
    ...(cluster === undefined ? {} : { rewrite: (query: string) => toClusterStatement(query, cluster) }),
  });
  // The clock may have been put back since. Where others write as well, all count by the database's clock.
  const nextSequence = createSequence(nowMillis, isExclusive ? await readLastSequence(engine) : 0n);
  return {
    ...createSpanReader(engine),
    ...createSpanWriter(engine, nextSequence, isExclusive),
    ...createDocumentStore(engine, nextSequence),
    close: async () => engine.close(),
  };
}
