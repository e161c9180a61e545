/**
 * The embedded engine as a connection of `@clickhouse/client`, over several sessions of one data folder.
 *
 * A session runs one statement at a time, so there are sessions for reading and others for writing: a slow search
 * holds up neither inserts nor, while another session is free, other searches. One more session does nothing but
 * cancel. Each running statement occupies a thread of libuv's pool.
 */
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { ClickHouseClientConfigOptions } from '@clickhouse/client';
import { TracingError } from '@clew/core';
import { bindParameters } from './bind-parameters.ts';
import { createLanes, type Lanes } from './lanes.ts';

/** What the client sends statements through. */
export type EngineConnection = NonNullable<ClickHouseClientConfigOptions['connection']>;
type Call = Parameters<EngineConnection['query']>[0];
type ExecCall = Parameters<EngineConnection['exec']>[0];

/** One session of the engine: what the pool asks of it. */
export interface ChdbSession {
  query(call: { readonly query: string }): ReturnType<EngineConnection['query']>;
  exec(call: { readonly query: string }): ReturnType<EngineConnection['exec']>;
  command(call: { readonly query: string }): ReturnType<EngineConnection['command']>;
  /** Inserts bytes as they are. */
  readonly chdb: {
    rawInsert(rows: {
      readonly table: string;
      readonly format: 'JSONEachRow';
      readonly values: Buffer;
    }): Promise<unknown>;
  };
  ping(call: { readonly select: boolean }): ReturnType<EngineConnection['ping']>;
  close(): Promise<void>;
}

export interface ChdbSessions {
  readonly readers: readonly ChdbSession[];
  readonly writers: readonly ChdbSession[];
  readonly canceller: ChdbSession;
}

/** A cancelled statement that has not begun cannot be found yet, so it is looked for again after so long. */
const CANCEL_AGAIN_MILLIS = 100;

/** Takes the sessions over: closing the pool closes them. Sessions have their settings; those of a call are dropped. */
export function createChdbPool({ readers, writers, canceller }: ChdbSessions): EngineConnection {
  const reading = createLanes(readers);
  const writing = createLanes(writers);
  let made = 0;

  function run<T>(
    lanes: Lanes<ChdbSession>,
    params: Call,
    work: (session: ChdbSession, call: { readonly query: string }) => Promise<T>,
  ): Promise<T> {
    made += 1;
    const mark = `/* clew ${made} */`;
    const query = `${mark} ${bind(params)}`;
    const { abort_signal: signal } = params;
    // The task holds its session until the engine is done, even if the caller has left long before.
    let hasBegun = false;
    const native = lanes.use((session) => {
      hasBegun = true;
      return work(session, { query });
    }, signal);
    return signal === undefined
      ? native
      : abandonable(native, signal, () => (hasBegun ? cancel(mark, native) : undefined));
  }

  async function insert(
    { query }: ExecCall,
    rows: NonNullable<ExecCall['values']>,
  ): ReturnType<EngineConnection['exec']> {
    const target = parseInsert(query);
    const chunks: Uint8Array[] = [];
    for await (const chunk of rows) chunks.push(chunk as Uint8Array);
    await writing.use((session) => session.chdb.rawInsert({ ...target, values: Buffer.concat(chunks) }));
    return { query_id: '', stream: Readable.from([]), response_headers: {} };
  }

  /** chDB has no way to interrupt a call, but the engine can be asked from beside to stop one. */
  async function cancel(mark: string, native: Promise<unknown>): Promise<void> {
    const over = native.then(
      () => true,
      () => true,
    );
    const query = `KILL QUERY WHERE startsWith(query, '${mark}') ASYNC`;
    do await canceller.command({ query });
    while (!(await Promise.race([over, setTimeout(CANCEL_AGAIN_MILLIS, false)])));
  }

  return {
    query: (params) => run(reading, params, (session, call) => session.query(call)),
    exec: (params) =>
      params.values === undefined
        ? run(reading, params, (session, call) => session.exec(call))
        : insert(params, params.values),
    command: (params) => run(writing, params, (session, call) => session.command(call)),
    insert: () => Promise.reject(new TracingError('unsupported', 'Cannot stream inserts into the embedded engine')),
    ping: () => reading.use((session) => session.ping({ select: true })),
    async close() {
      await Promise.all([reading.settle(), writing.settle()]);
      await Promise.all([...readers, ...writers, canceller].map((session) => session.close()));
    },
  };
}

function parseInsert(query: string): { readonly table: string; readonly format: 'JSONEachRow' } {
  const table = /^INSERT INTO (\w+) FORMAT JSONEachRow$/.exec(query)?.[1];
  if (table === undefined) throw new Error(`Cannot insert by "${query}"`);
  return { table, format: 'JSONEachRow' };
}

/** Statements without parameters may hold data that looks like one. */
function bind({ query, query_params: parameters }: Call): string {
  if (parameters === undefined || Object.keys(parameters).length === 0) return query;
  return bindParameters(query, parameters);
}

/** Settles like the promise, or at once with the reason when the signal fires. */
function abandonable<T>(
  native: Promise<T>,
  signal: AbortSignal,
  onAbandon: () => Promise<void> | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = (): void => {
      reject(signal.reason as Error);
      // The engine may be past cancelling; the caller has left in any case.
      onAbandon()?.catch(() => undefined);
    };
    signal.addEventListener('abort', abandon, { once: true });
    const stopListening = (): void => signal.removeEventListener('abort', abandon);
    native.then(resolve, reject).then(stopListening, stopListening);
  });
}
