/**
 * A store with very many traces in one experiment, multiplied inside the engine out of real ones. Copies differ in ids,
 * times, sessions, numbers and words; some spans and headers are there in older versions, too, as resends leave them.
 */
import type { ChdbConnection } from 'chdb/connection';
import { must, parseExperimentId, type ExperimentId, type Span, type UnixNanos } from '@clew/core';
import { deriveTrace } from '../packages/server/dist/ingest/derive-trace.js';
import { toSpanWrites } from '../packages/server/dist/ingest/span-writes.js';
import { encodeRow } from '../packages/server/dist/storage/clickhouse/encode-row.js';
import { prepareSpans, withVersion } from '../packages/server/dist/storage/clickhouse/prepare-spans.js';
import { toHeaderRow } from '../packages/server/dist/storage/clickhouse/trace-row.js';
import {
  assessmentsOf,
  ENDED_VERSION,
  headersByStartOf,
  headersOf,
  SEED_VERSION,
  spansOf,
  staleHeadersByStartOf,
  staleHeadersOf,
  staleSpansOf,
} from './search-data-sql.ts';
import { everyRealSpan } from './real-spans.ts';

export const EXPERIMENT_ID: ExperimentId = must(parseExperimentId('1'), 'an experiment id');

/** Real traces that are multiplied: neither single calls nor so long that there would be few of them. */
const SEED_SPANS = { least: 3, most: 12 };
const SEED_CHARACTERS = 40_000;
/** Start of every seed; copies start up to half a year later. */
const FIRST_START = 1_780_000_000_000_000_000n;
const VOCABULARY = 4000;

export interface SearchData {
  readonly traces: number;
  readonly spans: number;
  readonly seeds: number;
}

const BATCH = [
  spansOf,
  staleSpansOf,
  headersOf,
  headersByStartOf,
  staleHeadersOf,
  staleHeadersByStartOf,
  assessmentsOf,
];

/** Fills the empty store in `folder`, already migrated, until it holds `traces` of them. */
export async function multiplyRealTraces(
  connection: ChdbConnection,
  traces: number,
  report: (done: number) => void,
): Promise<SearchData> {
  const seeds = chooseSeeds();
  await writeSeeds(connection, seeds);
  const copiesABatch = Math.max(1, Math.min(20, Math.ceil(traces / seeds.length)));
  let copies = 0;
  for (; copies * seeds.length < traces; copies += copiesABatch) {
    for (const statement of BATCH) await connection.command({ query: statement(copies, copiesABatch) });
    report((copies + copiesABatch) * seeds.length);
  }
  await connection.command({ query: 'DROP DATABASE seed' });
  return {
    traces: copies * seeds.length,
    spans: copies * seeds.reduce((sum, spans) => sum + spans.length, 0),
    seeds: seeds.length,
  };
}

function chooseSeeds(): readonly (readonly Span[])[] {
  const byTrace = new Map<string, Span[]>();
  for (const span of everyRealSpan()) byTrace.set(span.traceId, [...(byTrace.get(span.traceId) ?? []), span]);
  return [...byTrace.values()]
    .filter(({ length }) => length >= SEED_SPANS.least && length <= SEED_SPANS.most)
    .filter((spans) => sizeOf(spans) <= SEED_CHARACTERS)
    .map(fromFirstStart);
}

function sizeOf(spans: readonly Span[]): number {
  const lines = prepareSpans(toSpanWrites(EXPERIMENT_ID, spans)).map(({ content }) => content);
  return lines.reduce<number>((sum, line) => sum + (line instanceof Uint8Array ? line.length : 0), 0);
}

function fromFirstStart(spans: readonly Span[]): readonly Span[] {
  const first = spans.reduce((least, { start }) => (start < least ? start : least), spans[0]?.start ?? 0n);
  const shift = (time: UnixNanos): UnixNanos => (time - first + FIRST_START) as UnixNanos;
  return spans.map((span) => ({
    ...span,
    start: shift(span.start),
    ...(span.end === undefined ? {} : { end: shift(span.end) }),
    events: span.events.map((event) => ({ ...event, time: shift(event.time) })),
  }));
}

async function writeSeeds(connection: ChdbConnection, seeds: readonly (readonly Span[])[]): Promise<void> {
  for (const query of [
    'DROP DATABASE IF EXISTS seed',
    'CREATE DATABASE seed',
    'CREATE TABLE seed.spans AS clew.spans',
    'ALTER TABLE seed.spans DROP INDEX words_index, DROP INDEX attributes_index',
    'CREATE TABLE seed.traces AS clew.traces',
    'CREATE TABLE seed.words (word String) ENGINE = MergeTree ORDER BY word',
  ])
    await connection.command({ query });
  const writes = seeds.map((spans) => toSpanWrites(EXPERIMENT_ID, spans));
  const prepared = prepareSpans(writes.flat());
  const lines = prepared.map((span) => withVersion(span, ENDED_VERSION));
  const headers = writes.map((own) => toHeaderLine(own));
  await connection.chdb.rawInsert({ table: 'seed.spans', format: 'JSONEachRow', values: Buffer.concat(lines) });
  await connection.chdb.rawInsert({ table: 'seed.traces', format: 'JSONEachRow', values: headers.join('') });
  await connection.command({
    query: `INSERT INTO seed.words SELECT word FROM (
  SELECT arrayJoin(extractAll(arrayStringConcat(mapValues(payloads), ' '), '[a-z]{4,12}')) AS word FROM seed.spans)
GROUP BY word ORDER BY count() DESC LIMIT ${VOCABULARY}`,
  });
}

function toHeaderLine(writes: ReturnType<typeof toSpanWrites>): string {
  const facts = prepareSpans(writes).map(({ fact }) => fact);
  const traceId = must(writes[0], 'a span').span.traceId;
  const header = must(
    deriveTrace(traceId, { spans: facts, starts: [], tags: [] }, (id) => `mlflow-artifacts:/${id}`),
    'a header',
  );
  return `${encodeRow(toHeaderRow({ header, version: SEED_VERSION }))}\n`;
}
