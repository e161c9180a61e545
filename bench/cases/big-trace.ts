import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BenchCase, CaseResult } from '../case.ts';
import { BIG_TRACE_ID, bigTraceRequests, spanIdOf } from '../big-trace-spans.ts';
import { startServerProcess, type ServerProcess } from '../server-process.ts';

const SPANS = 100_000;
/** `--requests=100` for a quicker look at the reads alone. */
const REQUESTS = Number(
  process.argv.find((word) => word.startsWith('--requests='))?.slice('--requests='.length) ?? 1000,
);
/** P4, the server's part, in milliseconds. */
const SKELETON_GOAL = 300;
/** The last tenth of the trace may cost so many times what the first does: its header has to be derived, not its past. */
const GROWTH_GOAL = 2;
const READS = 15;

/** One trace arrives in a thousand requests, then is opened: its skeleton as a whole, its payloads one by one. */
export const bigTrace: BenchCase = {
  name: 'big-trace',
  about: 'a trace of 100,000 spans: its ingest in 1,000 requests, its skeleton over HTTP, one payload',
  async run(): Promise<CaseResult> {
    const folder = await mkdtemp(join(tmpdir(), 'clew-big-trace-'));
    const server = await startServerProcess(join(folder, 'data'));
    try {
      return await measure(server);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(server: ServerProcess): Promise<CaseResult> {
  const ingest = await sendTrace(server);
  const skeletonUrl = `${server.url}/api/clew/v1/traces/tr-${BIG_TRACE_ID}/skeleton`;
  const plain = await readMany(server, () => skeletonUrl, {});
  const packed = await readMany(server, () => skeletonUrl, { 'accept-encoding': 'gzip' });
  const rows = countRows(gunzipSync(packed.last).toString());
  if (rows !== SPANS) throw new Error(`The skeleton has ${rows} rows instead of ${SPANS}`);
  const payload = await readMany(
    server,
    (round) => `${server.url}/api/clew/v1/traces/tr-${BIG_TRACE_ID}/spans/${spanIdOf(round * 6151)}`,
    {},
  );
  const growth = ingest.lastTenthCpu / ingest.firstTenthCpu;
  return {
    dataset: `one synthetic trace of ${SPANS} spans, 1.3 kB each, in ${REQUESTS} requests`,
    promises: [
      {
        id: 'P4',
        value: packed.median,
        goal: `≤ ${SKELETON_GOAL} ms for the skeleton, gzip, median`,
        met: packed.median <= SKELETON_GOAL,
      },
      { id: 'linear ingest', value: growth, goal: `≤ ${GROWTH_GOAL}`, met: growth <= GROWTH_GOAL },
    ],
    figures: {
      spans: SPANS,
      skeletonMillisMedian: packed.median,
      skeletonMillisFastest: packed.fastest,
      skeletonMillisSlowest: packed.slowest,
      skeletonCpuMillis: packed.cpuMillis,
      skeletonBytesGzip: packed.last.length,
      skeletonBytesPlain: plain.last.length,
      skeletonMillisMedianPlain: plain.median,
      skeletonCpuMillisPlain: plain.cpuMillis,
      payloadMillisMedian: payload.median,
      payloadCpuMillis: payload.cpuMillis,
      ingestSeconds: ingest.seconds,
      ingestCpuMicrosPerSpan: ingest.cpuMicros / SPANS,
      firstTenthCpuMicrosPerSpan: ingest.firstTenthCpu / (SPANS / 10),
      lastTenthCpuMicrosPerSpan: ingest.lastTenthCpu / (SPANS / 10),
      rssMebibytes: server.rssBytes() / 2 ** 20,
    },
  };
}

async function sendTrace(server: ServerProcess) {
  const began = performance.now();
  const marks = [server.cpuMicros()];
  let sent = 0;
  for (const body of bigTraceRequests(SPANS, SPANS / REQUESTS)) {
    const response = await fetch(`${server.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-mlflow-experiment-id': '0' },
      body,
    });
    if (response.status !== 200) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
    sent += 1;
    if (sent % (REQUESTS / 10) === 0) marks.push(server.cpuMicros());
  }
  const tenth = (number: number): number => (marks[number + 1] ?? 0) - (marks[number] ?? 0);
  return {
    seconds: (performance.now() - began) / 1000,
    cpuMicros: (marks[10] ?? 0) - (marks[0] ?? 0),
    // The second tenth: the first is read by code that is not compiled yet.
    firstTenthCpu: tenth(1),
    lastTenthCpu: tenth(9),
  };
}

async function readMany(
  server: ServerProcess,
  urlOf: (round: number) => string,
  headers: Readonly<Record<string, string>>,
) {
  const before = server.cpuMicros();
  const times: number[] = [];
  let last: Buffer = Buffer.alloc(0);
  for (let round = 0; round < READS; round += 1) {
    const began = performance.now();
    last = await readBytes(urlOf(round), headers);
    times.push(performance.now() - began);
  }
  const cpuMillis = (server.cpuMicros() - before) / 1000 / READS;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(READS / 2)] ?? 0,
    fastest: sorted[0] ?? 0,
    slowest: sorted.at(-1) ?? 0,
    cpuMillis,
    last,
  };
}

/** As they travel: `fetch` would undo the compression. */
async function readBytes(url: string, headers: Readonly<Record<string, string>>): Promise<Buffer> {
  const request = get(url, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  if (response.statusCode !== 200) throw new Error(`The server answered ${response.statusCode} to ${url}`);
  return Buffer.concat(chunks);
}

function countRows(text: string): number {
  const answer = JSON.parse(text) as { readonly columns: { readonly parent: readonly number[] } };
  return answer.columns.parent.length;
}
