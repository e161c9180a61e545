import { createClient } from '@clickhouse/client';
import { TracingError } from '@clew/core';
import type { SpanStore } from '../span-store.ts';
import { CLIENT_LOG, DEFAULT_QUERY_MEMORY_BYTES, engineSettings } from './engine-settings.ts';
import { openClickHouseStore } from './store.ts';

export interface HttpStoreOptions {
  /** Of the server's HTTP interface; may hold a user and a password. */
  readonly url: string;
  /** Created if it is missing. Default `clew`. */
  readonly database?: string;
  /** A query that needs more fails. Default 2 GiB. */
  readonly maxQueryMemoryBytes?: number;
}

/**
 * Opens a store on a ClickHouse server.
 *
 * @throws {TracingError} `unavailable` when it does not answer, `invalid_argument` for a bad database name.
 */
export async function openHttpStore(options: HttpStoreOptions): Promise<SpanStore> {
  const { url, database = 'clew', maxQueryMemoryBytes = DEFAULT_QUERY_MEMORY_BYTES } = options;
  await createDatabase(url, database);
  const client = createClient({
    url,
    database,
    log: CLIENT_LOG,
    clickhouse_settings: engineSettings(maxQueryMemoryBytes),
  });
  return openClickHouseStore(client, Date.now, false);
}

async function createDatabase(url: string, database: string): Promise<void> {
  if (!/^[A-Za-z_]\w{0,63}$/.test(database)) {
    throw new TracingError(
      'invalid_argument',
      `Cannot use database "${database}": expected a letter, then letters, digits and _`,
    );
  }
  const client = createClient({ url, log: CLIENT_LOG });
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TracingError('unavailable', `Cannot reach ClickHouse: ${reason}`, { cause: error });
  } finally {
    await client.close();
  }
}
