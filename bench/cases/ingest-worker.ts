/** One run of the ingest case in a process of its own: the embedded engine opens one folder a process. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { exit } from 'node:process';
import { createChdbConnection, type ChdbConnection } from 'chdb/connection';
import type { ExperimentId, TraceId } from '@clew/core';
import { createServer } from '../../packages/server/dist/create-server.js';
import { deriveTrace } from '../../packages/server/dist/ingest/derive-trace.js';
import { toSpanWrites } from '../../packages/server/dist/ingest/span-writes.js';
import { prepareInThreads } from '../../packages/server/dist/prepare-in-threads.js';
import { openChdbStore } from '../../packages/server/dist/storage/clickhouse/connect-chdb.js';
import { encodeRow } from '../../packages/server/dist/storage/clickhouse/encode-row.js';
import { prepareSpans, withVersion } from '../../packages/server/dist/storage/clickhouse/prepare-spans.js';
import { toHeaderRow } from '../../packages/server/dist/storage/clickhouse/trace-row.js';
import type { PreparedSpan, SpanStore } from '../../packages/server/dist/storage/span-store.js';
import { encodeOtlpProtobuf } from '../../packages/server/src/otlp/testing/encode-protobuf.ts';
import { realSpans } from '../real-spans.ts';
import { SPANS, WARM_UP, type EngineRun, type IngestRun, type IngestTask } from './ingest-task.ts';

const SPANS_A_REQUEST = 100;
const THREADS = 12;

const [task] = (await once(process, 'message')) as [IngestTask];
const { spans, dataset } = realSpans(WARM_UP + SPANS);
const result = task.kind === 'engine' ? await runEngine(task) : await runDurable(task);
process.send?.(result);
// The engine keeps threads alive.
setImmediate(() => exit(0));

async function runDurable({ folder, senders }: Extract<IngestTask, { kind: 'durable' }>): Promise<IngestRun> {
  const requests: Uint8Array[] = [];
  for (let at = 0; at < spans.length; at += SPANS_A_REQUEST)
    requests.push(encodeOtlpProtobuf(spans.slice(at, at + SPANS_A_REQUEST)));
  const groups: number[] = [];
  const store = await openChdbStore({ path: folder, threads: THREADS });
  const counted: SpanStore = {
    ...store,
    async writeSources(batch) {
      groups.push(batch.spans.length);
      return store.writeSources(batch);
    },
  };
  const { app } = await createServer({ store: counted, prepare: prepareInThreads(2).prepare });
  const sendAll = async (bodies: readonly Uint8Array[]): Promise<readonly number[]> => {
    const acks: number[] = [];
    let next = 0;
    const send = async (): Promise<void> => {
      for (let body = bodies[next]; body !== undefined; body = bodies[next]) {
        next += 1;
        const began = performance.now();
        const response = await app.request('/v1/traces', {
          method: 'POST',
          headers: { 'content-type': 'application/x-protobuf', 'x-mlflow-experiment-id': '0' },
          body: new Uint8Array(body),
        });
        if (response.status !== 200)
          throw new Error(`The server answered ${response.status}: ${await response.text()}`);
        acks.push(performance.now() - began);
      }
    };
    await Promise.all(Array.from({ length: senders }, send));
    return acks.toSorted((a, b) => a - b);
  };
  await sendAll(requests.slice(0, WARM_UP / SPANS_A_REQUEST));
  groups.length = 0;
  const bodies = requests.slice(WARM_UP / SPANS_A_REQUEST);
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const { seconds, cpuMicros, value: acks } = await measure(() => sendAll(bodies));
  return {
    dataset,
    spans: SPANS,
    requests: bodies.length,
    requestBytes: bodies.reduce((sum, request) => sum + request.length, 0),
    groups,
    spansPerSecond: SPANS / seconds,
    cpuMicrosPerSpan: cpuMicros / SPANS,
    busyShare: cpuMicros / 1e6 / seconds / availableParallelism(),
    ackMillisP50: acks[Math.floor(acks.length * 0.5)] ?? 0,
    ackMillisP99: acks[Math.floor(acks.length * 0.99)] ?? 0,
    // What the timer's own resolution adds is no lag.
    loopLagMillisP99: Math.max(0, lag.percentile(99) / 1e6 - 5),
  };
}

/** Spans and headers go in side by side, as they do in a commit that overlaps the next. */
async function runEngine({ folder, groups, withHeaders }: Extract<IngestTask, { kind: 'engine' }>): Promise<EngineRun> {
  const store = await openChdbStore({ path: folder, threads: THREADS });
  await store.close();
  const open = async (): Promise<ChdbConnection> => {
    const connection = createChdbConnection({ path: join(folder, 'engine') });
    await connection.command({ query: 'USE clew' });
    await connection.command({ query: 'SET input_format_parallel_parsing = 0' });
    return connection;
  };
  const [forSpans, forHeaders] = [await open(), await open()];
  const insertHeaders = async (values: Buffer): Promise<void> => {
    for (const table of ['traces_by_start', 'traces'])
      await forHeaders.chdb.rawInsert({ table, format: 'JSONEachRow', values });
  };
  const prepared = prepareSpans(toSpanWrites('0' as ExperimentId, spans));
  const warmUp = cut(
    prepared.slice(0, WARM_UP),
    Array.from({ length: WARM_UP / 2000 }, () => 2000),
  );
  const commits = cut(prepared.slice(WARM_UP), groups);
  const insert = async (one: Commit): Promise<void> => {
    await Promise.all([
      forSpans.chdb.rawInsert({ table: 'spans', format: 'JSONEachRow', values: one.spans }),
      ...(withHeaders ? [insertHeaders(one.headers)] : []),
    ]);
  };
  for (const commit of warmUp) await insert(commit);
  const { seconds, cpuMicros } = await measure(async () => {
    for (const commit of commits) await insert(commit);
  });
  return {
    rowBytes: commits.reduce((sum, commit) => sum + commit.spans.length, 0),
    spansPerSecond: SPANS / seconds,
    cpuMicrosPerSpan: cpuMicros / SPANS,
  };
}

interface Commit {
  readonly spans: Buffer;
  readonly headers: Buffer;
}

function cut(prepared: readonly PreparedSpan[], groups: readonly number[]): readonly Commit[] {
  let end = 0;
  return groups.map((size) => {
    const group = prepared.slice(end, end + size);
    end += size;
    const byTrace = new Map<TraceId, PreparedSpan[]>();
    for (const span of group) byTrace.set(span.traceId, [...(byTrace.get(span.traceId) ?? []), span]);
    const headers = [...byTrace].flatMap(([traceId, ofTrace]) => {
      const facts = { spans: ofTrace.map(({ fact }) => fact), starts: [], tags: [] };
      const header = deriveTrace(traceId, facts, (id) => `mlflow-artifacts:/${id}`);
      return header === undefined ? [] : `${encodeRow(toHeaderRow({ header, version: BigInt(end) }))}\n`;
    });
    return {
      spans: Buffer.concat(group.map((span, at) => withVersion(span, BigInt(end + at)))),
      headers: Buffer.from(headers.join('')),
    };
  });
}

async function measure<T>(
  work: () => Promise<T>,
): Promise<{ readonly seconds: number; readonly cpuMicros: number; readonly value: T }> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const value = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuMicros: user + system, value };
}
