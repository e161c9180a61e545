import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { must, TracingError } from '@clew/core';
import type { SpanStore } from '../span-store.ts';
import { createChdbPool, type ChdbSession } from './chdb-pool.ts';
import { lockFolder } from './data-folder-lock.ts';
import { CLIENT_LOG, DEFAULT_QUERY_MEMORY_BYTES, engineSettings } from './engine-settings.ts';
import { openClickHouseStore } from './store.ts';

export interface ChdbStoreOptions {
  /** Absolute path of the data folder; made if it is missing. */
  readonly path: string;
  /** Default `clew`. */
  readonly database?: string;
  /**
   * Size of libuv's thread pool, at least 4. Default 4, which is Node's own.
   *
   * Statements run on that pool, and one thread is left to the file system. More have to be asked for by
   * `UV_THREADPOOL_SIZE` before the first module loads, from a CommonJS entry or the environment.
   */
  readonly threads?: number;
  /** A query that needs more fails instead of taking the process with it. Default 2 GiB. */
  readonly maxQueryMemoryBytes?: number;
}

/**
 * Opens a store in this process, kept in a folder. One process per folder, and one folder per process.
 *
 * @throws {TracingError} `unavailable` when the engine is not installed or another process uses the folder,
 *   `unsupported` when a newer program wrote it.
 */
export async function openChdbStore(options: ChdbStoreOptions): Promise<SpanStore> {
  const { path, database = 'clew', threads = 4, maxQueryMemoryBytes = DEFAULT_QUERY_MEMORY_BYTES } = options;
  const openSession = await loadEngine();
  await mkdir(path, { recursive: true });
  const lock = await lockFolder(path);
  let client: ClickHouseClient | undefined;
  try {
    client = await connect(() => openSession(join(path, 'engine')), database, threads, maxQueryMemoryBytes);
    const store = await openClickHouseStore(client, Date.now, true);
    return {
      ...store,
      async close() {
        await store.close();
        await lock.release();
      },
    };
  } catch (error) {
    await client?.close();
    await lock.release();
    if (error instanceof TracingError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TracingError('unavailable', `Cannot open data folder "${path}": ${reason}`, { cause: error });
  }
}

async function loadEngine(): Promise<(path: string) => ChdbSession> {
  try {
    const { createChdbConnection } = await import('chdb/connection');
    return (path) => createChdbConnection({ path });
  } catch (error) {
    throw new TracingError(
      'unavailable',
      'Cannot load the embedded engine: the package "chdb" is missing or does not run on this system; ' +
        'install it, or name a ClickHouse server instead',
      { cause: error },
    );
  }
}

async function connect(
  openSession: () => ChdbSession,
  database: string,
  threads: number,
  maxQueryMemoryBytes: number,
): Promise<ClickHouseClient> {
  // A commit fills several tables, and some commits wait for the disk at once.
  const writers = threads < 8 ? 1 : 4;
  const readers = Math.max(1, threads - 1 - writers);
  const sessions = Array.from({ length: writers + readers + 1 }, openSession);
  const [canceller, ...others] = sessions;
  const settings = Object.entries(engineSettings(maxQueryMemoryBytes));
  await must(canceller, 'a session').command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
  for (const session of sessions) {
    await session.command({ query: `USE ${database}` });
    for (const [name, value] of settings) await session.command({ query: `SET ${name} = ${String(value)}` });
  }
  const connection = createChdbPool({
    canceller: must(canceller, 'a session'),
    writers: others.slice(0, writers),
    readers: others.slice(writers),
  });
  return createClient({ connection, log: CLIENT_LOG });
}
