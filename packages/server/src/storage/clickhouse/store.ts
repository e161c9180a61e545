import type { ClickHouseClient } from '@clickhouse/client';
import type { SpanStore } from '../span-store.ts';
import { createDocumentStore } from './document-store.ts';
import { createEngine, type CancelStatement } from './engine.ts';
import { migrate, readMigrations } from './migrate.ts';
import { readLastSequence } from './read-sources.ts';
import { createSequence } from './sequence.ts';
import { createSpanReader } from './span-reader.ts';
import { createSpanWriter } from './span-writer.ts';

/**
 * The storage port over a connection whose database is chosen, in process or remote. Takes the client over: closing
 * the store closes it.
 *
 * @param nowMillis - The clock that orders writes.
 * @param isExclusive - Whether nobody else writes while it is open.
 * @param cancel - Stops a statement that nobody waits for any more. Default: the connection does so by itself.
 * @throws {TracingError} `unsupported` when a newer program wrote the store.
 */
export async function openClickHouseStore(
  client: ClickHouseClient,
  nowMillis: () => number,
  isExclusive: boolean,
  cancel?: CancelStatement,
): Promise<SpanStore> {
  await migrate(client, await readMigrations());
  const engine = createEngine(client, cancel);
  // The clock may have been put back since. Where others write as well, all count by the database's clock.
  const nextSequence = createSequence(nowMillis, isExclusive ? await readLastSequence(engine) : 0n);
  return {
    ...createSpanReader(engine),
    ...createSpanWriter(engine, nextSequence, isExclusive),
    ...createDocumentStore(engine, nextSequence),
    close: async () => engine.close(),
  };
}
