import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChdbPool, type ChdbSession } from './chdb-pool.ts';
import { CLIENT_LOG } from './engine-settings.ts';

/** Runs for hours unless it is stopped. Not a sleep: the engine does not interrupt those. */
const SLOW = 'SELECT sum(sipHash64(number)) AS value FROM numbers(1000000000000) SETTINGS max_threads = 1';

let folder = '';
let client: ClickHouseClient | undefined;
let watcher: ChdbSession | undefined;

async function ask(query: string, parameters: { readonly [name: string]: unknown } = {}, signal?: AbortSignal) {
  if (client === undefined) throw new Error('The engine did not open');
  const aborting = signal === undefined ? {} : { abort_signal: signal };
  const answer = await client.query({ query, query_params: { ...parameters }, format: 'JSONEachRow', ...aborting });
  return answer.json<{ readonly value: unknown }>();
}

/** Asks beside the pool, again and again, until a slow statement runs; the runner's time limit ends a wait in vain. */
async function untilSlowRuns(): Promise<void> {
  const query = "SELECT count() FROM system.processes WHERE query LIKE '%sipHash%1000000000000%' AND NOT is_cancelled";
  let count = 0;
  while (count < 2) {
    const answer = await watcher?.query({ query: `${query} FORMAT TSV` });
    count = Number(await answer?.stream.toArray().then((chunks) => chunks.join('')));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-pool-'));
  const open = () => createChdbConnection({ path: folder });
  watcher = open();
  const sessions = { readers: [open()], writers: [open()], canceller: open() };
  client = createClient({ connection: createChdbPool(sessions), log: CLIENT_LOG });
});

afterAll(async () => {
  await client?.close();
  await watcher?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the pool of sessions', () => {
  test.each([
    { why: 'blanks and quotes', text: ` it's "so" ` },
    { why: 'escapes', text: '\\n \\N \\ \\\\' },
    { why: 'control characters', text: '\0\u0001\b\t\n\r\u001f\u007f' },
    { why: 'what is not ASCII', text: 'ä 😀 \u2028 \uffff' },
    { why: 'placeholders and comments', text: "{p:String} -- /* */ ';" },
    { why: 'nothing', text: '' },
  ])('hands parameters with $why to the engine', async ({ text }) => {
    expect(await ask('SELECT {p:String} AS value', { p: text })).toEqual([{ value: text }]);
    expect(await ask('SELECT {p:Array(String)} AS value', { p: [text, text] })).toEqual([{ value: [text, text] }]);
  });

  test('leaves statements without parameters alone', async () => {
    expect(await ask("SELECT '{p:String}' AS value")).toEqual([{ value: '{p:String}' }]);
  });

  test('lets a caller who gives up go, and stops the statement', async () => {
    const controller = new AbortController();
    const slow = ask(SLOW, {}, controller.signal);
    await untilSlowRuns();
    controller.abort(new Error('gave up'));
    await expect(slow).rejects.toThrow('gave up');
    // There is one reader, so this can answer only once the slow statement is over.
    expect(await ask('SELECT 1 AS value')).toEqual([{ value: 1 }]);
  });

  test('never begins the statement of a caller who gave up before', async () => {
    const controller = new AbortController();
    const slow = ask(SLOW, {}, controller.signal);
    controller.abort(new Error('gave up'));
    await expect(slow).rejects.toThrow('gave up');
    expect(await ask('SELECT 1 AS value')).toEqual([{ value: 1 }]);
  });

  test('writes while every reader is busy', async () => {
    const controller = new AbortController();
    const slow = ask(SLOW, {}, controller.signal);
    await untilSlowRuns();
    await client?.command({ query: 'CREATE TABLE written (a String) ENGINE = Memory' });
    controller.abort(new Error('enough'));
    await expect(slow).rejects.toThrow('enough');
    expect(await ask("SELECT name AS value FROM system.tables WHERE name = 'written'")).toEqual([{ value: 'written' }]);
  });

  test('says what the engine says', async () => {
    await expect(ask('SELECT nothing_like_it')).rejects.toMatchObject({ type: 'UNKNOWN_IDENTIFIER' });
  });
});
