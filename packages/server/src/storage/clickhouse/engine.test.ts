import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChdbPool } from './chdb-pool.ts';
import { createEngine, type Engine } from './engine.ts';
import { CLIENT_LOG } from './engine-settings.ts';
import { sql, text } from './sql.ts';

let folder = '';
let engine: Engine | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-engine-'));
  const session = createChdbConnection({ path: folder });
  engine = createEngine(
    createClient({
      connection: createChdbPool({ readers: [session], writers: [session], canceller: session }),
      log: CLIENT_LOG,
    }),
  );
});

afterAll(async () => {
  await engine?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the engine', () => {
  test('answers rows either way', async () => {
    const statement = sql`SELECT ${text('a')} AS letter, number AS digit FROM numbers(2)`;
    expect(await engine?.readRows(statement)).toEqual(await engine?.readManyRows(statement));
    expect(await engine?.readManyRows(sql`SELECT 1 AS one WHERE false`)).toEqual([]);
  });

  test('fails as unavailable, with what the engine said', async () => {
    await expect(engine?.readRows(sql`SELECT nothing_like_it`)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Cannot read from the store: Unknown expression identifier') as string,
      cause: { type: 'UNKNOWN_IDENTIFIER' },
    });
    await expect(engine?.insert('spans', [{ trace_id: 'x' }])).rejects.toMatchObject({ code: 'unavailable' });
    await expect(engine?.run(sql`DELETE FROM spans WHERE true`)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('fails with the reason of a caller who gave up', async () => {
    const controller = new AbortController();
    controller.abort(new Error('gave up'));
    await expect(engine?.readRows(sql`SELECT 1`, controller.signal)).rejects.toThrow('gave up');
  });
});
