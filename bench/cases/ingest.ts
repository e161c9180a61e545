import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchCase, CaseResult } from '../case.ts';
import type { EngineRun, IngestRun } from './ingest-worker.ts';

const WORKER = fileURLToPath(new URL('ingest-worker.ts', import.meta.url));
/** P1: the durable path takes at least this share of what the engine alone takes. */
const RATIO_GOAL = 0.6;
/** P2, in milliseconds, at full load. */
const ACK_GOAL = 250;
/** Runs of each kind; they alternate, and the best of each counts: other work on the machine only ever slows. */
const ROUNDS = 3;

/**
 * Durable ingest against the engine alone. The same spans go once as OTLP requests through decoding, normalising,
 * group commit and headers to the acknowledgement, and once as rows that are serialised already straight into the
 * engine. Each run has a process and an empty data folder of its own.
 */
export const ingest: BenchCase = {
  name: 'ingest',
  about: 'spans a second, durable and visible, against the same rows fed to the engine alone',
  async run(): Promise<CaseResult> {
    const durable: IngestRun[] = [];
    const engine: EngineRun[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      engine.push(await runWorker<EngineRun>('engine'));
      durable.push(await runWorker<IngestRun>('durable'));
    }
    const bestDurable = best(durable);
    const bestEngine = best(engine);
    const ratio = bestDurable.spansPerSecond / bestEngine.spansPerSecond;
    return {
      dataset: bestDurable.dataset,
      promises: [
        { id: 'P1', value: ratio, goal: `≥ ${RATIO_GOAL}`, met: ratio >= RATIO_GOAL },
        {
          id: 'P2',
          value: bestDurable.ackMillisP99,
          goal: `≤ ${ACK_GOAL} ms`,
          met: bestDurable.ackMillisP99 <= ACK_GOAL,
        },
      ],
      figures: {
        spans: bestDurable.spans,
        requests: bestDurable.requests,
        requestBytesPerSpan: bestDurable.requestBytes / bestDurable.spans,
        rowBytesPerSpan: bestEngine.rowBytes / bestEngine.spans,
        commits: bestDurable.commits,
        engineInserts: bestEngine.inserts,
        durableSpansPerSecond: bestDurable.spansPerSecond,
        engineSpansPerSecond: bestEngine.spansPerSecond,
        ratio,
        durableCpuMicrosPerSpan: bestDurable.cpuMicrosPerSpan,
        engineCpuMicrosPerSpan: bestEngine.cpuMicrosPerSpan,
        ackMillisP50: bestDurable.ackMillisP50,
        ackMillisP99: bestDurable.ackMillisP99,
      },
    };
  },
};

function best<T extends { readonly spansPerSecond: number }>(runs: readonly T[]): T {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error('No runs');
  return others.reduce((winner, run) => (run.spansPerSecond > winner.spansPerSecond ? run : winner), first);
}

async function runWorker<T>(path: 'durable' | 'engine'): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'clew-bench-'));
  const child = fork(WORKER, [path, folder], { env: { ...process.env, UV_THREADPOOL_SIZE: '8' } });
  const answered = once(child, 'message');
  const ended = once(child, 'exit');
  try {
    const failed = ended.then(([code]) => Promise.reject(new Error(`The ${path} run ended with code ${String(code)}`)));
    const [result] = await Promise.race([answered, failed]);
    failed.catch(() => undefined);
    return result as T;
  } finally {
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}
