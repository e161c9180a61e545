import { createClient } from '@clickhouse/client';
import { afterAll, describe, expect, test } from 'vitest';
import { killQuery } from '../../packages/server/src/storage/clickhouse/connect-http.ts';
import { createEngine, type Engine } from '../../packages/server/src/storage/clickhouse/engine.ts';
import { CLIENT_LOG } from '../../packages/server/src/storage/clickhouse/engine-settings.ts';
import { sql } from '../../packages/server/src/storage/clickhouse/sql.ts';
import { temporaryFolder } from '../support/run-server.ts';
import { runClickHouse } from './run-clickhouse.ts';

const folder = await temporaryFolder();
const database = await runClickHouse(folder.path);
const client = createClient({ url: database.url, log: CLIENT_LOG });

afterAll(async () => {
  await client.close();
  await database.kill();
  await folder.remove();
});

/** Would take hours. */
const SLOW = sql`SELECT sum(sipHash64(number)) AS sum FROM numbers(1000000000000)`;

/** Those that are being stopped count no more: the engine lists them until their session is used again. */
const IS_SLOW =
  "query LIKE '%sum(sipHash64(number))%' AND query NOT LIKE '%system.processes%' AND query NOT LIKE '%KILL%'";

/** Asks until it is so; the test's time limit ends a wait in vain. */
async function untilSlowAre(count: number): Promise<void> {
  const statement = `SELECT count() FROM system.processes WHERE NOT is_cancelled AND ${IS_SLOW}`;
  while (Number(await database.run(statement)) !== count);
}

async function leave(engine: Engine): Promise<void> {
  const caller = new AbortController();
  const answer = expect(engine.readRows(SLOW, caller.signal)).rejects.toThrow('the caller has left');
  await untilSlowAre(1);
  caller.abort(new Error('the caller has left'));
  await answer;
}

describe('a statement whose caller has left', () => {
  test('runs on where only the connection is closed', async () => {
    await leave(createEngine(client));
    await untilSlowAre(1);
    await database.run(`KILL QUERY WHERE ${IS_SLOW} ASYNC`);
    await untilSlowAre(0);
  });

  test('is stopped by its id, and what it took is free again', async () => {
    const engine = createEngine(client, { cancel: killQuery(client) });
    // More than the server runs at once: each has to make room for the next.
    for (let at = 0; at < 10; at += 1) {
      await leave(engine);
      await untilSlowAre(0);
    }
    expect(await database.run('SELECT 1')).toBe('1\n');
  });
});
