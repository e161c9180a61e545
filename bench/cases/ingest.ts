import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchCase, CaseResult } from '../case.ts';
import { SPANS, type EngineRun, type IngestRun, type IngestTask } from './ingest-task.ts';

const WORKER = fileURLToPath(new URL('ingest-worker.ts', import.meta.url));
/** P1: the durable path takes at least this share of what the engine alone takes. */
const RATIO_GOAL = 0.6;
/** P2, in milliseconds, at full load. */
const ACK_GOAL = 250;
/** P2 is measured with the fewest senders that keep this share of all cores busy: more only wait for each other. */
const FULL_LOAD = 0.9;
/** Each sends a request of 100 spans, waits for its answer, and sends the next. */
const SENDERS = [4, 8, 16, 32] as const;
/** Runs of each kind; they alternate, and the best of each counts: other work on the machine only ever slows. */
const ROUNDS = 2;
const ROWS_OF_A_BULK_INSERT = 5000;

/**
 * Durable ingest against the engine alone. The same spans go once as OTLP requests through decoding, normalising,
 * group commit and headers to the acknowledgement, and once straight into the engine: the same rows, spans and headers,
 * serialised beforehand and in inserts of the same sizes. Each run has a process and an empty data folder of its own.
 */
export const ingest: BenchCase = {
  name: 'ingest',
  about: 'spans a second, durable and visible, against the same rows fed to the engine alone',
  async run(): Promise<CaseResult> {
    const folder = await mkdtemp(join(tmpdir(), 'clew-bench-'));
    try {
      return await runAll(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Folders stay until the end: a file system is slow to make files right after it deleted many. */
async function runAll(folder: string): Promise<CaseResult> {
  const durable: Durable[] = [];
  const engine: EngineRun[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const senders of SENDERS) {
      durable.push({ senders, ...(await runWorker<IngestRun>({ kind: 'durable', folder, senders })) });
    }
    const { groups } = best(durable);
    engine.push(await runWorker<EngineRun>({ kind: 'engine', folder, groups, withHeaders: true }));
  }
  const groups = Array.from({ length: SPANS / ROWS_OF_A_BULK_INSERT }, () => ROWS_OF_A_BULK_INSERT);
  const bulk = await runWorker<EngineRun>({ kind: 'engine', folder, groups, withHeaders: false });
  const fastest = best(durable);
  const alone = best(engine);
  const ratio = fastest.spansPerSecond / alone.spansPerSecond;
  const full = atFullLoad(durable);
  return {
    dataset: fastest.dataset,
    promises: [
      { id: 'P1', value: ratio, goal: `≥ ${RATIO_GOAL}`, met: ratio >= RATIO_GOAL },
      { id: 'P2', value: full.ackMillisP99, goal: `≤ ${ACK_GOAL} ms`, met: full.ackMillisP99 <= ACK_GOAL },
    ],
    figures: {
      spans: fastest.spans,
      requests: fastest.requests,
      requestBytesPerSpan: fastest.requestBytes / fastest.spans,
      rowBytesPerSpan: alone.rowBytes / fastest.spans,
      commits: fastest.groups.length,
      durableSpansPerSecond: fastest.spansPerSecond,
      engineSpansPerSecond: alone.spansPerSecond,
      ratio,
      engineBulkSpansPerSecond: bulk.spansPerSecond,
      durableCpuMicrosPerSpan: fastest.cpuMicrosPerSpan,
      engineCpuMicrosPerSpan: alone.cpuMicrosPerSpan,
      engineBulkCpuMicrosPerSpan: bulk.cpuMicrosPerSpan,
      loopLagMillisP99: fastest.loopLagMillisP99,
      ...Object.fromEntries(
        SENDERS.flatMap((senders) => {
          const run = best(durable.filter((one) => one.senders === senders));
          return [
            [`spansPerSecondOf${senders}Senders`, run.spansPerSecond],
            [`ackMillisP50Of${senders}Senders`, run.ackMillisP50],
            [`ackMillisP99Of${senders}Senders`, run.ackMillisP99],
          ];
        }),
      ),
    },
  };
}

type Durable = IngestRun & { readonly senders: number };

function atFullLoad(runs: readonly Durable[]): Durable {
  const busy = runs.filter((run) => run.busyShare >= FULL_LOAD);
  const senders = Math.min(...(busy.length === 0 ? runs : busy).map((run) => run.senders));
  return best(runs.filter((run) => run.senders === senders));
}

function best<T extends { readonly spansPerSecond: number }>(runs: readonly T[]): T {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error('No runs');
  return others.reduce((winner, run) => (run.spansPerSecond > winner.spansPerSecond ? run : winner), first);
}

async function runWorker<T>(task: IngestTask): Promise<T> {
  const folder = await mkdtemp(join(task.folder, 'run-'));
  // As installed: compiled, with the threads of a server.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '12' };
  const child = fork(WORKER, { execArgv: ['--import', 'tsx'], env });
  const ended = once(child, 'exit');
  try {
    child.send({ ...task, folder });
    const failed = ended.then(([code]) =>
      Promise.reject(new Error(`The ${task.kind} run ended with code ${String(code)}`)),
    );
    const [result] = await Promise.race([once(child, 'message'), failed]);
    failed.catch(() => undefined);
    return result as T;
  } finally {
    await ended;
  }
}
