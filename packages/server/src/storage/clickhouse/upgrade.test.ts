/** A store as the first migration made it, brought up to date with a crash after each of the statements. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { EVERYTHING, must } from '@clew/core';
import { createChdbConnection, type ChdbConnection } from 'chdb/connection';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attributes, newExperimentId, sampleHeader, sampleSpan, textMap } from '../contract/samples.ts';
import { toSpanFact } from '../span-fact.ts';
import { createChdbPool } from './chdb-pool.ts';
import { createEngine } from './engine.ts';
import { encodeRow, type OutgoingRow } from './encode-row.ts';
import { engineSettings } from './engine-settings.ts';
import { migrate, readMigrations } from './migrate.ts';
import { createSpanReader } from './span-reader.ts';
import { toSpanRow } from './span-row.ts';
import { toHeaderRow } from './trace-row.ts';

const migrations = await readMigrations();
const [first, second] = migrations;
const statements = second?.statements ?? [];

const experimentId = newExperimentId();
const long = `${'long '.repeat(100)}needle`;
const span = sampleSpan({
  attributes: attributes([
    ['before', 1n],
    ['payload', long],
    ['after', 'short'],
  ]),
});
const header = sampleHeader({ traceId: span.traceId, experimentId, tags: textMap([['env', 'prod']]) });

let folder = '';
let connection: ChdbConnection | undefined;
let client: ClickHouseClient | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-upgrade-'));
  connection = createChdbConnection({ path: folder });
  const pool = createChdbPool({ readers: [connection], writers: [connection], canceller: connection });
  client = createClient({ connection: pool });
  for (const [name, value] of Object.entries(engineSettings(2 ** 31)))
    await connection.command({ query: `SET ${name} = ${String(value)}` });
});

afterAll(async () => {
  await client?.close();
  await rm(folder, { recursive: true, force: true });
});

test.each(statements.map((_, done) => done))('after a crash behind statement %i nothing is missing', async (done) => {
  if (client === undefined || connection === undefined || first === undefined || second === undefined)
    throw new Error('The engine did not open');
  await connection.command({ query: `CREATE DATABASE upgrade${done}` });
  await connection.command({ query: `USE upgrade${done}` });
  await migrate(client, [first]);
  await insert(connection, 'spans', toOldSpanRow());
  await insert(connection, 'traces', { ...toHeaderRow({ header, version: 5n }) });

  const crashing = [...second.statements.slice(0, done + 1), "SELECT throwIf(true, 'crash')"];
  await expect(migrate(client, [first, { ...second, statements: crashing }])).rejects.toThrow('crash');
  await migrate(client, migrations);

  const reader = createSpanReader(createEngine(client));
  expect(await reader.readSpan(span.traceId, span.spanId)).toEqual(span);
  expect(await reader.readHeaders([span.traceId])).toEqual([header]);
  const plan = { experimentIds: [experimentId], filter: EVERYTHING, order: [], limit: 5 };
  const content = { on: 'content' as const, test: { op: 'ilike' as const, pattern: '%NEEDLE%' } };
  expect(await reader.search({ ...plan, filter: { kind: 'span', of: [content] } })).toEqual({ traces: [header] });
  expect(
    await reader.search({ ...plan, filter: { kind: 'tag', key: 'env', test: { op: '=', value: 'prod' } } }),
  ).toEqual({
    traces: [header],
  });
  expect(await reader.count(plan)).toBe(1);
});

/** Short and long values in one map. */
function toOldSpanRow(): OutgoingRow {
  const write = { span, experimentId };
  const { payloads, ...row } = toSpanRow(write, toSpanFact(write));
  return { ...row, version: '7', attributes: { ...toMap(row['attributes']), ...toMap(payloads) } };
}

function toMap(cell: OutgoingRow[string] | undefined): { readonly [key: string]: string } {
  const map = must(cell, 'a map');
  if (typeof map !== 'object' || Array.isArray(map)) throw new Error('Expected a map');
  return map as { readonly [key: string]: string };
}

async function insert(into: ChdbConnection, table: string, row: OutgoingRow): Promise<void> {
  await into.chdb.rawInsert({ table, format: 'JSONEachRow', values: `${encodeRow(row)}\n` });
}
