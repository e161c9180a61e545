import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { must, TracingError } from '@clew/core';
import type { SpanStore } from '../span-store.ts';
import { clusterSettings } from './cluster/cluster-settings.ts';
import { killOnCluster, type Cluster } from './cluster/cluster-statement.ts';
import { describeHttpFailure } from './connect-http-failure.ts';
import { CLIENT_LOG, DEFAULT_QUERY_MEMORY_BYTES, engineSettings, remoteSettings } from './engine-settings.ts';
import type { CancelStatement } from './engine.ts';
import { openClickHouseStore } from './store.ts';

export interface HttpStoreOptions {
  /** Of the server's HTTP interface, `http:` or `https:`. */
  readonly url: string;
  /** Created if it is missing. Default `clew`. */
  readonly database?: string;
  /** Name of a cluster whose tables are laid out already (`clew ddl`). Default: the server stands alone. */
  readonly cluster?: string;
  /** Default `default`. */
  readonly user?: string;
  /** Default none. */
  readonly password?: string;
  /** Certificates in PEM form to trust instead of the system's. */
  readonly caCertificate?: Buffer;
  /** How long an answer may take to begin. Default 70,000: longer than the server lets a statement run. */
  readonly requestTimeoutMillis?: number;
  /** Default 16. */
  readonly maxConnections?: number;
  /** A query that needs more fails. Default 2 GiB. */
  readonly maxQueryMemoryBytes?: number;
}

/**
 * Opens a store on a ClickHouse server.
 *
 * @throws {TracingError} `unavailable` when it does not answer, refuses the user or lets it not use the database;
 *   `invalid_argument` for a bad database name; `unsupported` when a newer program wrote the store, or a
 *   cluster lacks a table.
 */
export async function openHttpStore(options: HttpStoreOptions): Promise<SpanStore> {
  const { database = 'clew', maxQueryMemoryBytes = DEFAULT_QUERY_MEMORY_BYTES } = options;
  if (!/^[A-Za-z_]\w{0,63}$/.test(database)) {
    throw new TracingError(
      'invalid_argument',
      `Cannot use database "${database}": expected a letter, then letters, digits and _`,
    );
  }
  const cluster = options.cluster === undefined ? undefined : { name: options.cluster, database };
  const connect = (chosen: string | undefined, timeoutMillis: number): ClickHouseClient =>
    createClient({
      url: options.url,
      ...(chosen === undefined ? {} : { database: chosen }),
      ...(options.user === undefined ? {} : { username: options.user }),
      ...(options.password === undefined ? {} : { password: options.password }),
      ...(options.caCertificate === undefined ? {} : { tls: { ca_cert: options.caCertificate } }),
      request_timeout: timeoutMillis,
      max_open_connections: options.maxConnections ?? 16,
      compression: { request: true, response: true },
      // Lists of ids are longer than an address may be.
      use_multipart_params_auto: true,
      log: CLIENT_LOG,
      clickhouse_settings: {
        ...engineSettings(maxQueryMemoryBytes),
        ...remoteSettings(),
        ...(cluster === undefined ? {} : clusterSettings()),
      },
    });
  const client = connect(database, options.requestTimeoutMillis ?? 70_000);
  const first = connect(undefined, FIRST_ANSWER_MILLIS);
  try {
    const nowMillis = await readClock(first);
    if (cluster === undefined) await createDatabase(first, database);
    await first.close();
    return await openClickHouseStore(client, nowMillis, false, {
      cancel: killQuery(client, cluster),
      ...(cluster === undefined ? {} : { cluster }),
    });
  } catch (error) {
    await first.close();
    await client.close();
    if (error instanceof TracingError) throw error;
    throw new TracingError('unavailable', describeHttpFailure(error, database), { cause: error });
  }
}

/** A server that says nothing for so long counts as away: a program that starts does not wait for it. */
const FIRST_ANSWER_MILLIS = 10_000;

/** Closing a connection does not stop a statement that may write. */
export function killQuery(client: ClickHouseClient, cluster?: Cluster): CancelStatement {
  return async (queryId) => {
    const query =
      cluster === undefined ? `KILL QUERY WHERE query_id = '${queryId}' ASYNC` : killOnCluster(queryId, cluster);
    await client.command({ query });
  };
}

async function createDatabase(client: ClickHouseClient, database: string): Promise<void> {
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
  } catch (error) {
    // Without the right to create one, the database may still be there.
    if (!(error instanceof Error && 'code' in error && error.code === ACCESS_DENIED)) throw error;
  }
}

const ACCESS_DENIED = '497';

/**
 * The database's clock, carried on by this machine's monotonic one: every program in front of one database counts by
 * the same clock, whatever their own say.
 */
async function readClock(client: ClickHouseClient): Promise<() => number> {
  const answer = await client.query({
    query: 'SELECT toString(toUnixTimestamp64Micro(now64(6))) AS micros',
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ readonly micros: string }>();
  const millis = Number(must(row, 'the time').micros) / 1000;
  const readAt = performance.now();
  return () => millis + (performance.now() - readAt);
}
