/** Brings a store's tables up to what this program knows: numbered SQL files, each applied once, never edited. */
import { readdir, readFile } from 'node:fs/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { must, TracingError } from '@clew/core';

export interface Migration {
  readonly number: number;
  readonly name: string;
  /**
   * Each may be run again after a crash in the middle. One with a line `-- WHEN query` is run only while the query
   * counts something.
   */
  readonly statements: readonly string[];
}

const APPLIED_TABLE = `CREATE TABLE IF NOT EXISTS migrations
(
    number UInt32,
    name String,
    applied_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY number`;

/**
 * Applies what is missing, in order. Two programs may do so at once: every statement can be repeated.
 *
 * @throws {TracingError} `unsupported` when a newer program wrote the store.
 */
export async function migrate(client: ClickHouseClient, migrations: readonly Migration[]): Promise<void> {
  await client.command({ query: APPLIED_TABLE });
  const answer = await client.query({ query: 'SELECT number FROM migrations FINAL', format: 'JSONEachRow' });
  const applied = new Set((await answer.json<{ readonly number: number }>()).map((row) => row.number));
  refuseNewer(applied, migrations);
  for (const migration of migrations) {
    if (applied.has(migration.number)) continue;
    for (const query of migration.statements) if (await isNeeded(client, query)) await client.command({ query });
    const row = JSON.stringify({ number: migration.number, name: migration.name });
    await client.command({ query: `INSERT INTO migrations (number, name) FORMAT JSONEachRow\n${row}` });
  }
}

/** The migrations in `sql/`, which stands beside the sources only: the compiler copies no SQL. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const folder = new URL('../../../src/storage/clickhouse/sql/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(files.map(async (file) => parseMigration(file, await readFile(new URL(file, folder), 'utf8'))));
}

async function isNeeded(client: ClickHouseClient, statement: string): Promise<boolean> {
  const condition = /^-- WHEN (.+)$/m.exec(statement)?.[1];
  if (condition === undefined) return true;
  const answer = await client.query({ query: `SELECT (${condition}) > 0 AS needed`, format: 'JSONEachRow' });
  return (await answer.json<{ readonly needed: number }>()).some(({ needed }) => needed === 1);
}

/** A file `NNN-name.sql`: statements end with a semicolon at the end of a line. */
export function parseMigration(file: string, content: string): Migration {
  const [, number = '', name = ''] = must(/^(\d{3})-([a-z0-9-]+)\.sql$/.exec(file), `a name like 001-tables.sql`);
  const statements = content
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  return { number: Number(number), name, statements };
}

function refuseNewer(applied: ReadonlySet<number>, migrations: readonly Migration[]): void {
  const known = Math.max(0, ...migrations.map((migration) => migration.number));
  const newest = Math.max(0, ...applied);
  if (newest <= known) return;
  throw new TracingError(
    'unsupported',
    `Cannot open the store: its tables have version ${newest}, this program knows ${known}; use a newer Clew`,
  );
}
