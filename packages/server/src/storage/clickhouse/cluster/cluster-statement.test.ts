import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, describe, expect, test } from 'vitest';
import { clusterSettings } from './cluster-settings.ts';
import { killOnCluster, toClusterStatement } from './cluster-statement.ts';

const folder = await mkdtemp(join(tmpdir(), 'clew-cluster-'));
const session = createChdbConnection({ path: folder });
const cluster = { name: 'prod', database: 'clew' };

afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const CASES = [
  {
    what: 'a deletion concerns the rows of every shard',
    query: 'DELETE FROM spans WHERE trace_id IN {p0:Array(String)}',
    expected: 'DELETE FROM spans_local ON CLUSTER `prod` WHERE trace_id IN {p0:Array(String)}',
  },
  {
    what: 'so does a rewrite of their parts',
    query: 'ALTER TABLE traces_by_start APPLY DELETED MASK SETTINGS mutations_sync = 1',
    expected: 'ALTER TABLE traces_by_start_local ON CLUSTER `prod` APPLY DELETED MASK SETTINGS mutations_sync = 1',
  },
  {
    what: 'a dictionary is read on one replica of every shard',
    query:
      "SELECT sum(cardinality) FROM mergeTreeTextIndex(currentDatabase(), 'spans', 'words_index') WHERE token = {p0:String}",
    expected:
      "SELECT sum(cardinality) FROM cluster('prod', mergeTreeTextIndex('clew', 'spans_local', 'words_index')) WHERE token = {p0:String}",
  },
  {
    what: 'parts of one replica of every shard count, under the plain name of their table',
    query: 'SELECT DISTINCT table FROM system.parts WHERE active AND database = currentDatabase()',
    expected:
      "SELECT DISTINCT table FROM (SELECT * REPLACE (replaceRegexpOne(table, '_local$', '') AS table) FROM cluster('prod', system.parts)) WHERE active AND database = 'clew'",
  },
] as const;

function bind(query: string): string {
  return query.replace(/\{p0:\w+(?:\(\w+\))?\}/, "['a']");
}

describe('toClusterStatement()', () => {
  test.each(CASES)('$what', ({ query, expected }) => {
    expect(toClusterStatement(query, cluster)).toBe(expected);
  });

  test.each(CASES)('the engine can read it: $what', async ({ query }) => {
    const bound = bind(toClusterStatement(query, cluster));
    await expect(session.query({ query: `EXPLAIN AST ${bound}` })).resolves.toBeDefined();
  });

  test('a name stays a name, whatever it holds', async () => {
    const hostile = { name: "o'ne$& `two` \\", database: 'clew' };
    for (const { query } of CASES) {
      const bound = bind(toClusterStatement(query, hostile));
      await expect(session.query({ query: `EXPLAIN AST ${bound}` })).resolves.toBeDefined();
      expect(bound).toMatch(/o\\?'ne\$& \\?`two\\?` \\\\/);
    }
  });

  test.each([
    'SELECT trace_id FROM traces FINAL WHERE trace_id IN (SELECT trace_id FROM spans)',
    'INSERT INTO spans FORMAT JSONEachRow',
  ])('means the same there: %s', (query) => {
    expect(toClusterStatement(query, cluster)).toBe(query);
  });
});

describe('killOnCluster()', () => {
  test('stops a statement on whichever node it runs', async () => {
    const query = killOnCluster('5a1f', { name: 'prod', database: 'clew' });
    expect(query).toBe("KILL QUERY ON CLUSTER `prod` WHERE query_id = '5a1f' ASYNC");
    await expect(session.query({ query: `EXPLAIN AST ${query}` })).resolves.toBeDefined();
  });
});

describe('clusterSettings()', () => {
  test.each(Object.entries(clusterSettings()))('the engine knows %s = %s', async (name, value) => {
    await expect(session.command({ query: `SET ${name} = '${String(value)}'` })).resolves.toBeDefined();
  });
});
