import { describe, expect, test } from 'vitest';
import { readMigrations } from '../migrate.ts';
import { columnNames, findMissing } from './check-cluster.ts';
import { readClusterTables } from './cluster-ddl.ts';

const tables = readClusterTables((await readMigrations()).flatMap((migration) => migration.statements));
/** What a cluster has after `clew ddl`. */
const whole = new Map(
  tables.flatMap(({ name, columns }) => {
    const names = new Set(columnNames(columns));
    return [[name, names] as const, [`${name}_local`, names] as const];
  }),
);

describe('findMissing()', () => {
  test('nothing, once "clew ddl" was run', () => {
    expect(findMissing(tables, whole)).toBeUndefined();
  });

  test('the first table of an empty cluster', () => {
    expect(findMissing(tables, new Map())).toBe('table "spans_local"');
  });

  test('a distributed table that was forgotten', () => {
    const found = new Map([...whole].filter(([name]) => name !== 'traces'));
    expect(findMissing(tables, found)).toBe('table "traces"');
  });

  test('a column that came with a later version', () => {
    const older = new Set([...(whole.get('spans_local') ?? [])].filter((column) => column !== 'payloads'));
    expect(findMissing(tables, new Map([...whole, ['spans_local', older]]))).toBe(
      'column "payloads" in table "spans_local"',
    );
  });
});
