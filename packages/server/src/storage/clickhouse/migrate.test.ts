import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChdbPool } from './chdb-pool.ts';
import { migrate, parseMigration, readMigrations } from './migrate.ts';

describe('parseMigration()', () => {
  test('cuts a file into statements where a line ends with a semicolon', () => {
    const content = "-- first; really\nCREATE TABLE a (b String DEFAULT ';,');\n\nDROP TABLE c;\n";
    expect(parseMigration('012-some-name.sql', content)).toEqual({
      number: 12,
      name: 'some-name',
      statements: ["-- first; really\nCREATE TABLE a (b String DEFAULT ';,')", 'DROP TABLE c'],
    });
  });
});

describe('readMigrations()', () => {
  test('finds the files in order, numbered without gaps', async () => {
    const migrations = await readMigrations();
    expect(migrations.length).toBeGreaterThan(0);
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  });
});

describe('migrate()', () => {
  const first = { number: 1, name: 'first', statements: ['CREATE TABLE IF NOT EXISTS a (b String) ENGINE = Memory'] };
  const second = { number: 2, name: 'second', statements: ['ALTER TABLE a ADD COLUMN IF NOT EXISTS c String'] };
  let folder = '';
  let client: ClickHouseClient | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clew-migrate-'));
    const connection = createChdbConnection({ path: folder });
    await connection.command({ query: 'CREATE DATABASE store' });
    await connection.command({ query: 'USE store' });
    const pool = createChdbPool({ readers: [connection], writers: [connection], canceller: connection });
    client = createClient({ connection: pool });
  });

  afterAll(async () => {
    await client?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function columns(): Promise<readonly string[]> {
    const query = "SELECT name FROM system.columns WHERE database = 'store' AND table = 'a' ORDER BY position";
    const answer = await client?.query({ query, format: 'JSONEachRow' });
    return ((await answer?.json<{ readonly name: string }>()) ?? []).map(({ name }) => name);
  }

  test('applies what is missing, once each, and refuses what is newer', async () => {
    if (client === undefined) throw new Error('The engine did not open');
    await migrate(client, [first]);
    expect(await columns()).toEqual(['b']);
    await migrate(client, [first]);
    await migrate(client, [{ ...first, statements: ['this is no SQL'] }, second]);
    expect(await columns()).toEqual(['b', 'c']);
    await expect(migrate(client, [first])).rejects.toMatchObject({
      code: 'unsupported',
      message: 'Cannot open the store: its tables have version 2, this program knows 1; use a newer Clew',
    });
  });
});
