import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, describe, expect, test } from 'vitest';
import { readMigrations } from '../migrate.ts';
import { clusterStatements, readClusterTables } from './cluster-ddl.ts';

const folder = await mkdtemp(join(tmpdir(), 'clew-cluster-'));
const session = createChdbConnection({ path: folder });
const statements = (await readMigrations()).flatMap((migration) => migration.statements);
const tables = readClusterTables(statements);

afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

describe('readClusterTables()', () => {
  test('finds each table the files leave, in its last form', () => {
    const text =
      'CREATE TABLE IF NOT EXISTS a\n(\n    x String\n)\nENGINE = ReplacingMergeTree(version)\nORDER BY (x, trace_id)';
    expect(
      readClusterTables([text, '-- Later.\nDROP TABLE a', `-- Smaller.\n${text}\nSETTINGS index_granularity = 256`]),
    ).toEqual([
      {
        name: 'a',
        columns: '(\n    x String\n)',
        version: 'version',
        sortKey: ['x', 'trace_id'],
        settings: 'index_granularity = 256',
      },
    ]);
  });

  test('refuses a table it would change the meaning of', () => {
    expect(() => readClusterTables(['CREATE TABLE IF NOT EXISTS a (x String) ENGINE = MergeTree ORDER BY x'])).toThrow(
      'Cannot lay out for a cluster: CREATE TABLE IF NOT EXISTS a',
    );
  });
});

describe('clusterStatements()', () => {
  test.each(tables.map((table) => [table.name, table] as const))('%s: the engine can read both', async (_, table) => {
    for (const statement of clusterStatements(table, "o'ne`", 'clew')) {
      await expect(session.query({ query: `EXPLAIN AST ${statement}` })).resolves.toBeDefined();
    }
  });

  test('rows of one trace, and of one key, live in one shard', () => {
    const keys = Object.fromEntries(
      tables.map((table) => [
        table.name,
        /cityHash64\((.+)\)\)$/.exec(clusterStatements(table, 'c', 'clew')[1] ?? '')?.[1],
      ]),
    );
    expect(keys).toMatchObject({
      spans: 'trace_id',
      traces: 'trace_id',
      traces_by_start: 'trace_id',
      trace_tags: 'trace_id',
      experiments: 'experiment_id',
      records: 'kind, id',
    });
  });
});
