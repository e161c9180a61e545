/** The search case in a process of its own: makes the data unless it is there, then asks and measures. */
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr } from 'node:process';
import { createClient } from '@clickhouse/client';
import { createChdbConnection, type ChdbConnection } from 'chdb/connection';
import { must, parseFilter, parseOrderBy, type UnixNanos } from '@clew/core';
import { createChdbPool } from '../../packages/server/dist/storage/clickhouse/chdb-pool.js';
import {
  DEFAULT_QUERY_MEMORY_BYTES,
  engineSettings,
} from '../../packages/server/dist/storage/clickhouse/engine-settings.js';
import { openClickHouseStore } from '../../packages/server/dist/storage/clickhouse/store.js';
import type { SearchPlan, SpanStore } from '../../packages/server/dist/storage/span-store.js';
import { EXPERIMENT_ID, multiplyRealTraces, type SearchData } from '../search-data.ts';
import { QUESTIONS, type Question } from './search-questions.ts';

export interface Measured {
  readonly kind: Question['kind'];
  readonly filter: string;
  readonly order: string;
  readonly page: number;
  readonly found: number;
  /** Milliseconds of every run, in rising order. */
  readonly millis: readonly number[];
  /** Milliseconds of processor time, the mean of all runs. */
  readonly cpuMillis: number;
  readonly rowsRead: number;
  readonly bytesRead: number;
}

export interface SearchRun {
  readonly data: SearchData & { readonly buildSeconds: number };
  readonly parts: number;
  readonly spansPerPart: readonly number[];
  readonly measured: readonly Measured[];
}

const PAGE = 100;
const [, , folder = '', traces = '0', runs = '7', only = ''] = argv;
const RUNS = Number(runs);
/** What relative times count from: shortly behind the last start. */
const NEWEST = 1_795_600_000_000_000_000n as UnixNanos;

const engineFolder = join(folder, 'engine');
const raw = createChdbConnection({ path: engineFolder });
const store = await openStore();
await raw.command({ query: 'USE clew' });
const data = await makeData();
const parts = await ask<{ readonly rows: string }>(
  "SELECT rows FROM system.parts WHERE active AND database = 'clew' AND table = 'spans' ORDER BY rows DESC",
);
const measured: Measured[] = [];
for (const question of [...QUESTIONS, ...corpus()]) {
  if (only !== '' && question.kind !== only) continue;
  const one = await measure(store, question);
  measured.push(one);
  stderr.write(
    `${one.kind.padEnd(10)} ${String(one.found).padStart(4)} p50 ${at(one.millis, 0.5)} p95 ${at(one.millis, 0.95)} cpu ${one.cpuMillis.toFixed(0)} rows ${(one.rowsRead / 1e6).toFixed(2)}M ${(one.bytesRead / 1e6).toFixed(0)}MB  ${one.filter} ${one.order} ${one.page}\n`,
  );
}
const result: SearchRun = {
  data,
  parts: parts.length,
  spansPerPart: parts.map(({ rows }) => Number(rows)),
  measured,
};
process.send?.(result);
setImmediate(() => exit(0));

function at(millis: readonly number[], share: number): string {
  return (millis[Math.min(millis.length - 1, Math.floor(millis.length * share))] ?? 0).toFixed(0);
}

/** As the server opens it, with the one difference that a question asked again is answered again. */
async function openStore(): Promise<SpanStore> {
  const sessions = Array.from({ length: 5 }, () => createChdbConnection({ path: engineFolder }));
  const settings = { ...engineSettings(DEFAULT_QUERY_MEMORY_BYTES), use_query_condition_cache: 0 };
  for (const [index, session] of sessions.entries()) {
    if (index === 0) await session.command({ query: 'CREATE DATABASE IF NOT EXISTS clew' });
    await session.command({ query: 'USE clew' });
    for (const [name, value] of Object.entries(settings))
      await session.command({ query: `SET ${name} = ${String(value)}` });
  }
  const [canceller, writer, ...readers] = sessions;
  const connection = createChdbPool({
    canceller: must(canceller, 'a session'),
    writers: [must(writer, 'a session')],
    readers,
  });
  return openClickHouseStore(createClient({ connection }), Date.now, true);
}

async function makeData(): Promise<SearchRun['data']> {
  const note = join(folder, 'search-data.json');
  if (existsSync(note)) return JSON.parse(readFileSync(note, 'utf8')) as SearchRun['data'];
  const began = performance.now();
  const made = await multiplyRealTraces(raw, Number(traces), (done) => stderr.write(`${done} traces\n`));
  const complete = { ...made, buildSeconds: (performance.now() - began) / 1000 };
  writeFileSync(note, JSON.stringify(complete));
  return complete;
}

async function ask<T>(query: string): Promise<readonly T[]> {
  const { stream } = await (raw satisfies ChdbConnection).query({ query: `${query} FORMAT JSONEachRow` });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

async function readSoFar(): Promise<{ readonly rows: number; readonly bytes: number }> {
  const events = await ask<{ readonly event: string; readonly value: string }>(
    "SELECT event, value FROM system.events WHERE event IN ('SelectedRows', 'SelectedBytes')",
  );
  const valueOf = (name: string): number => Number(events.find(({ event }) => event === name)?.value ?? 0);
  return { rows: valueOf('SelectedRows'), bytes: valueOf('SelectedBytes') };
}

async function measure(asked: SpanStore, question: Question): Promise<Measured> {
  const first = toPlan(question);
  const { next } = question.page === 2 ? await asked.search(first) : {};
  const plan = next === undefined ? first : { ...first, after: next };
  const millis: number[] = [];
  let found = 0;
  const before = await readSoFar();
  const cpu = process.cpuUsage();
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now();
    found = (await asked.search(plan)).traces.length;
    millis.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(cpu);
  const after = await readSoFar();
  return {
    kind: question.kind,
    filter: question.filter,
    order: question.order?.join(', ') ?? '',
    page: question.page ?? 1,
    found,
    millis: millis.sort((a, b) => a - b),
    cpuMillis: (user + system) / 1000 / RUNS,
    rowsRead: (after.rows - before.rows) / RUNS,
    bytesRead: (after.bytes - before.bytes) / RUNS,
  };
}

function toPlan({ filter, order = [] }: Question): SearchPlan {
  const parsed = parseFilter(filter, { now: NEWEST });
  const ordered = parseOrderBy(order);
  if (!parsed.ok || !ordered.ok) throw new Error(`Cannot ask "${filter}" by "${order.join()}"`);
  return { experimentIds: [EXPERIMENT_ID], filter: parsed.value, order: ordered.value, limit: PAGE };
}

/** Every filter of the language's corpus; few find anything here, so most look through everything. */
function corpus(): readonly Question[] {
  const file = new URL('../../packages/core/src/filter/corpus.json', import.meta.url);
  const { valid } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly valid: readonly { readonly filter: string }[];
  };
  return valid.map(({ filter }) => ({ kind: 'corpus', filter }));
}
