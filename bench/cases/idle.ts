import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { BenchCase, CaseResult } from '../case.ts';
import { bigTraceRequests } from '../big-trace-spans.ts';
import { startServerProcess, type ServerProcess } from '../server-process.ts';

const UI = fileURLToPath(new URL('../../packages/ui/dist/', import.meta.url));
const SECONDS = process.argv.includes('--long') ? 300 : 60;
/** After the last request: merges of what was written are work, not idling. */
const SETTLE_SECONDS = 20;
const CPU_GOAL = 0.01;
const READY_GOAL = 2000;
const BUNDLE_GOAL = 250;
const SPANS = 5000;

/** A server that has some traces and that nobody asks; `--long` watches it for five minutes instead of one. */
export const idle: BenchCase = {
  name: 'idle',
  about: 'what a server costs that nobody uses: processor, memory, start, and the bytes a browser loads first',
  async run(): Promise<CaseResult> {
    const folder = await mkdtemp(join(tmpdir(), 'clew-idle-'));
    try {
      const first = await startServerProcess(join(folder, 'data'));
      await fill(first);
      await first.stop();
      const server = await startServerProcess(join(folder, 'data'));
      try {
        return await watch(server, first.readyMillis);
      } finally {
        await server.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function fill(server: ServerProcess): Promise<void> {
  for (const body of bigTraceRequests(SPANS, 100)) {
    const headers = { 'content-type': 'application/json', 'x-mlflow-experiment-id': '0' };
    const response = await fetch(`${server.url}/v1/traces`, { method: 'POST', headers, body });
    if (response.status !== 200) throw new Error(`The server answered ${response.status}`);
    await response.arrayBuffer();
  }
}

async function watch(server: ServerProcess, emptyReadyMillis: number): Promise<CaseResult> {
  const health = await fetch(`${server.url}/health`);
  if ((await health.text()) !== 'OK') throw new Error('The server is not ready when it says so');
  await setTimeout(SETTLE_SECONDS * 1000);
  const [began, before] = [performance.now(), server.cpuMicros()];
  await setTimeout(SECONDS * 1000);
  const share = (server.cpuMicros() - before) / 1000 / (performance.now() - began);
  const bundle = initialBytes() / 1000;
  return {
    dataset: `${SPANS} spans, watched for ${SECONDS} s`,
    promises: [
      { id: 'P8 processor', value: share, goal: `≤ ${CPU_GOAL} of a core`, met: share <= CPU_GOAL },
      {
        id: 'P8 ready',
        value: server.readyMillis,
        goal: `≤ ${READY_GOAL} ms`,
        met: server.readyMillis <= READY_GOAL,
      },
      { id: 'P8 bundle', value: bundle, goal: `≤ ${BUNDLE_GOAL} kB, gzip`, met: bundle <= BUNDLE_GOAL },
    ],
    figures: {
      cpuShareOfACore: share,
      rssMebibytes: server.rssBytes() / 2 ** 20,
      readyMillis: server.readyMillis,
      readyMillisEmptyFolder: emptyReadyMillis,
      initialKilobytesGzip: bundle,
    },
  };
}

/** The page with every script and style it names, compressed as a server would. */
function initialBytes(): number {
  const page = readFileSync(join(UI, 'index.html'), 'utf8');
  const names = [...page.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g)].flatMap((match) => match[1] ?? []);
  const files = [...new Set(names)].map((name) => readFileSync(join(UI, name)));
  return [Buffer.from(page), ...files].reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
}
