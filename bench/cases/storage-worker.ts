/** The storage case in a process of its own: sends everything through the server, then weighs the store. */
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { createChdbConnection } from 'chdb/connection';
import { createServer } from '../../packages/server/dist/create-server.js';
import { prepareInThreads } from '../../packages/server/dist/prepare-in-threads.js';
import { openChdbStore } from '../../packages/server/dist/storage/clickhouse/connect-chdb.js';
import { conversations } from '../conversation.ts';
import { realRequests } from '../real-spans.ts';

export interface StorageRun {
  readonly spans: number;
  readonly requestBytes: number;
  /** Of all tables with their indexes, as background merges leave them. */
  readonly storeBytes: number;
  /** Of the table of spans, by group of columns. */
  readonly groups: Readonly<Record<string, number>>;
}

const [, , which = 'conversation', folder = ''] = argv;
const store = await openChdbStore({ path: folder, threads: 8 });
const threads = prepareInThreads(1);
const { app } = await createServer({ store, prepare: threads.prepare });
const bodies = which === 'conversation' ? conversations(40).flatMap(({ requests }) => requests) : realRequests();
// Several senders at once, as in life.
let next = 0;
await Promise.all(Array.from({ length: 8 }, send));
const raw = createChdbConnection({ path: join(folder, 'engine') });
await raw.command({ query: 'USE clew' });
await settle();
const result: StorageRun = {
  spans: await number('SELECT count() FROM spans FINAL'),
  requestBytes: bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0),
  storeBytes: await number("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'clew'"),
  groups: {
    payload: await columns("column IN ('payloads', 'event_attributes')"),
    attributes: await columns("column IN ('attributes', 'resource', 'scope_attributes', 'links', 'trace_tags')"),
    previews: await columns("column IN ('request_preview', 'response_preview')"),
    ids: await columns("column IN ('trace_id', 'span_id', 'parent_span_id', 'version')"),
    times: await columns("column IN ('start_ns', 'end_ns', 'event_times')"),
    words: await number(
      "SELECT sum(data_compressed_bytes) FROM system.data_skipping_indices WHERE database = 'clew' AND name = 'words_index'",
    ),
    entries: await number(
      "SELECT sum(data_compressed_bytes) FROM system.data_skipping_indices WHERE database = 'clew' AND table = 'spans' AND name = 'attributes_index'",
    ),
    allOfSpans: await number(
      "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'clew' AND table = 'spans'",
    ),
  },
};
process.send?.(result);
setImmediate(() => exit(0));

async function send(): Promise<void> {
  for (let body = bodies[next]; body !== undefined; body = bodies[next]) {
    next += 1;
    const response = await app.request('/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-mlflow-experiment-id': '0' },
      body,
    });
    if (response.status !== 200) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  }
}

/** Until the engine has nothing left to merge by itself. */
async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 20;) {
    const busy = await number('SELECT count() FROM system.merges');
    quiet = busy === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function columns(condition: string): Promise<number> {
  return number(
    `SELECT sum(column_data_compressed_bytes) FROM system.parts_columns WHERE active AND database = 'clew' AND table = 'spans' AND ${condition}`,
  );
}

async function number(query: string): Promise<number> {
  const { stream } = await raw.query({ query: `${query} FORMAT TSV` });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Number(Buffer.concat(chunks).toString().trim());
}
