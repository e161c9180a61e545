/** One run of the ingest case in a process of its own: the embedded engine opens one folder a process. */
import { argv, exit } from 'node:process';
import { createChdbConnection } from 'chdb/connection';
import type { ExperimentId } from '@clew/core';
import { createServer } from '../../packages/server/src/create-server.ts';
import { normaliseSpans, toStoredSpan } from '../../packages/server/src/otlp/normalise.ts';
import { encodeOtlpProtobuf } from '../../packages/server/src/otlp/testing/encode-protobuf.ts';
import { openChdbStore } from '../../packages/server/src/storage/clickhouse/connect-chdb.ts';
import { readMigrations } from '../../packages/server/src/storage/clickhouse/migrate.ts';
import { prepareSpan, toSpanLine } from '../../packages/server/src/storage/clickhouse/span-row.ts';
import type { SpanStore } from '../../packages/server/src/storage/span-store.ts';
import { realSpans } from '../real-spans.ts';

export interface IngestRun {
  readonly dataset: string;
  readonly spans: number;
  readonly requests: number;
  readonly requestBytes: number;
  readonly commits: number;
  readonly spansPerSecond: number;
  readonly cpuMicrosPerSpan: number;
  readonly ackMillisP50: number;
  readonly ackMillisP99: number;
}

export interface EngineRun {
  readonly spans: number;
  readonly inserts: number;
  readonly rowBytes: number;
  readonly spansPerSecond: number;
  readonly cpuMicrosPerSpan: number;
}

const SPANS = 40_000;
const SPANS_A_REQUEST = 100;
/** Senders at once: enough that the next group is always full. */
const SENDERS = 32;
/** Rows an insert in the engine's run: larger ones gain it nothing. */
const ROWS_AN_INSERT = 5000;
const THREADS = 8;

const [, , path, folder = ''] = argv;
const { spans, dataset } = realSpans(SPANS);
const result = path === 'engine' ? await runEngine() : await runDurable();
process.send?.(result);
// The engine keeps threads alive.
setImmediate(() => exit(0));

async function runDurable(): Promise<IngestRun> {
  const requests: Uint8Array[] = [];
  for (let at = 0; at < spans.length; at += SPANS_A_REQUEST)
    requests.push(encodeOtlpProtobuf(spans.slice(at, at + SPANS_A_REQUEST)));
  let commits = 0;
  const store = await openChdbStore({ path: folder, threads: THREADS });
  const counted: SpanStore = { ...store, writeSources: (batch) => ((commits += 1), store.writeSources(batch)) };
  const { app } = await createServer({ store: counted });
  const acks: number[] = [];
  let next = 0;
  const send = async (): Promise<void> => {
    for (let body = requests[next]; body !== undefined; body = requests[next]) {
      next += 1;
      const began = performance.now();
      const response = await app.request('/v1/traces', {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', 'x-mlflow-experiment-id': '0' },
        body: new Uint8Array(body),
      });
      if (response.status !== 200) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
      acks.push(performance.now() - began);
    }
  };
  const { seconds, cpuMicros } = await measure(() => Promise.all(Array.from({ length: SENDERS }, send)));
  acks.sort((a, b) => a - b);
  return {
    dataset,
    spans: spans.length,
    requests: requests.length,
    requestBytes: requests.reduce((sum, request) => sum + request.length, 0),
    commits,
    spansPerSecond: spans.length / seconds,
    cpuMicrosPerSpan: cpuMicros / spans.length,
    ackMillisP50: acks[Math.floor(acks.length * 0.5)] ?? 0,
    ackMillisP99: acks[Math.floor(acks.length * 0.99)] ?? 0,
  };
}

async function runEngine(): Promise<EngineRun> {
  const connection = createChdbConnection({ path: folder });
  const tables = (await readMigrations()).flatMap((migration) => migration.statements);
  for (const query of ['CREATE DATABASE clew', 'USE clew', ...tables]) await connection.command({ query });
  const rows = normaliseSpans(spans).map((span, at) =>
    toSpanLine(prepareSpan({ span: toStoredSpan(span), experimentId: '0' as ExperimentId }), BigInt(at)),
  );
  const inserts: string[] = [];
  for (let at = 0; at < rows.length; at += ROWS_AN_INSERT) inserts.push(rows.slice(at, at + ROWS_AN_INSERT).join('\n'));
  const { seconds, cpuMicros } = await measure(async () => {
    for (const lines of inserts) await connection.command({ query: `INSERT INTO spans FORMAT JSONEachRow\n${lines}` });
  });
  return {
    spans: spans.length,
    inserts: inserts.length,
    rowBytes: rows.reduce((sum, row) => sum + row.length, 0),
    spansPerSecond: spans.length / seconds,
    cpuMicrosPerSpan: cpuMicros / spans.length,
  };
}

async function measure(
  work: () => Promise<unknown>,
): Promise<{ readonly seconds: number; readonly cpuMicros: number }> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuMicros: user + system };
}
