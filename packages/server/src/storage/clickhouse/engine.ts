/** Running statements: rows in, rows out, failures as ours. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { TracingError } from '@clew/core';
import type { Row } from './cells.ts';
import { toLimitError } from './engine-failure.ts';
import { encodeRow, type OutgoingRow } from './encode-row.ts';
import { renderSql, type SqlFragment } from './sql.ts';

export type Table =
  | 'spans'
  | 'traces'
  | 'traces_by_start'
  | 'trace_starts'
  | 'trace_tags'
  | 'assessments'
  | 'experiments'
  | 'artifacts'
  | 'records';

export interface Engine {
  /** @throws {TracingError} `unavailable`, or the signal's reason. */
  readRows(statement: SqlFragment, signal?: AbortSignal): Promise<readonly Row[]>;
  /** A column each under its name, all as long; nothing for no rows. */
  readColumns(statement: SqlFragment, signal?: AbortSignal): Promise<Columns>;
  /** As {@link Engine.readRows}, cheaper for many rows of few columns. */
  readManyRows(statement: SqlFragment, signal?: AbortSignal): Promise<readonly Row[]>;
  /** Nothing happens for no rows. */
  insert(table: Table, rows: readonly OutgoingRow[]): Promise<void>;
  /** As {@link Engine.insert}, with rows that are lines of JSON already. */
  insertLines(table: Table, lines: readonly Uint8Array[]): Promise<void>;
  run(statement: SqlFragment): Promise<void>;
  /** Waits for what runs. */
  close(): Promise<void>;
}

/** Stops the statement of an id, wherever it runs. */
export type CancelStatement = (queryId: string) => Promise<void>;

export interface EngineOptions {
  /** Called for a statement whose caller has left. Default: the connection hears of it by the signal. */
  readonly cancel?: CancelStatement;
  /** What a statement is where it runs; its values are placeholders. Default: as it is. */
  readonly rewrite?: (query: string) => string;
}

const READING = 'read from the store';

export function createEngine(client: ClickHouseClient, options: EngineOptions = {}): Engine {
  const { cancel, rewrite = (query) => query } = options;
  const running = new Set<Promise<unknown>>();

  async function attempt<T>(doing: string, work: (queryId: string) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const queryId = randomUUID();
    const stop = (): void => {
      // The statement may be over already, and its caller has left in any case.
      cancel?.(queryId).catch(() => undefined);
    };
    signal?.addEventListener('abort', stop, { once: true });
    const task = work(queryId);
    running.add(task);
    try {
      return await task;
    } catch (error) {
      signal?.throwIfAborted();
      throw (
        toLimitError(error) ?? new TracingError('unavailable', `Cannot ${doing}: ${reasonOf(error)}`, { cause: error })
      );
    } finally {
      signal?.removeEventListener('abort', stop);
      running.delete(task);
    }
  }

  async function insertLines(table: Table, lines: readonly Uint8Array[]): Promise<void> {
    if (lines.length === 0) return;
    await attempt('write to the store', async () => {
      const values = Readable.from([Buffer.concat(lines)]);
      const { stream } = await client.exec({ query: `INSERT INTO ${table} FORMAT JSONEachRow`, values });
      // Nothing is answered, but the connection is free only once that was read.
      stream.resume();
    });
  }

  function toQuery(statement: SqlFragment, queryId: string, signal?: AbortSignal) {
    const { query, parameters } = renderSql(statement);
    const call = { query: rewrite(query), query_params: { ...parameters }, query_id: queryId };
    return signal === undefined ? call : { ...call, abort_signal: signal };
  }

  async function readColumns(statement: SqlFragment, signal?: AbortSignal): Promise<Columns> {
    return attempt(
      READING,
      async (queryId) => {
        const { query, ...rest } = toQuery(statement, queryId, signal);
        // A column format has every name once; the client knows no such format, hence the raw stream.
        const { stream } = await client.exec({ ...rest, query: `${query}\nFORMAT JSONColumns` });
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        return JSON.parse(Buffer.concat(chunks).toString()) as Columns;
      },
      signal,
    );
  }

  return {
    async readRows(statement, signal) {
      return attempt(
        READING,
        async (queryId) => {
          const answer = await client.query({ ...toQuery(statement, queryId, signal), format: 'JSONEachRow' });
          return answer.json<Row>();
        },
        signal,
      );
    },

    readColumns,

    async readManyRows(statement, signal) {
      return toRows(await readColumns(statement, signal));
    },

    async insert(table, rows) {
      const lines = rows.map((row) => `${encodeRow(row)}\n`).join('');
      await insertLines(table, rows.length === 0 ? [] : [Buffer.from(lines)]);
    },

    insertLines,

    async run(statement) {
      await attempt('change the store', async (queryId) => client.command(toQuery(statement, queryId)));
    },

    async close() {
      while (running.size > 0) await Promise.allSettled(running);
      await client.close();
    },
  };
}

/** The engine says 243 when it finds too little room beforehand, and what the system says when it runs out of it. */
const DISK_FULL = /\(NOT_ENOUGH_SPACE\)|No space left on device|errno: 28\b/;

/** Whoever runs the server can do something about a full disk; everything else is told as it is. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (!DISK_FULL.test(reason)) return reason;
  return 'its disk is full; nothing was lost that was acknowledged, and the same request succeeds once there is room';
}

/** Values by column and row. */
export type Columns = { readonly [column: string]: readonly unknown[] };

function toRows(columns: Columns): readonly Row[] {
  const names = Object.keys(columns);
  const lengths = names.map((name) => columns[name]?.length ?? 0);
  return Array.from({ length: Math.max(0, ...lengths) }, (_, index) => {
    const row: { [column: string]: unknown } = {};
    for (const name of names) row[name] = columns[name]?.[index];
    return row;
  });
}
