import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchCase, CaseResult } from '../case.ts';
import { TURNS } from '../conversation.ts';
import { runWorker } from '../run-worker.ts';
import type { StorageRun } from './storage-worker.ts';

const WORKER = fileURLToPath(new URL('storage-worker.ts', import.meta.url));
/** P6: the store is this many times smaller than the requests were. */
const GOAL = 15;

/**
 * The whole store with its indexes against the OTLP/JSON it came from: conversations whose every call repeats the
 * history, and, beside them, real runs as they are.
 */
export const storage: BenchCase = {
  name: 'storage',
  about: 'bytes on disk against the bytes of the requests',
  async run(): Promise<CaseResult> {
    const conversation = await weigh('conversation');
    const real = await weigh('real');
    const ratio = conversation.requestBytes / conversation.storeBytes;
    return {
      dataset: `40 conversations of ${TURNS} turns (${conversation.spans} spans); ${real.spans} spans of real runs`,
      promises: [{ id: 'P6', value: ratio, goal: `≥ ${GOAL}`, met: ratio >= GOAL }],
      figures: { ...figures('conversation', conversation), ...figures('real', real) },
    };
  },
};

async function weigh(which: 'conversation' | 'real'): Promise<StorageRun> {
  const folder = await mkdtemp(join(tmpdir(), 'clew-bench-'));
  try {
    return await runWorker<StorageRun>(WORKER, [which, folder]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function figures(prefix: string, run: StorageRun): Readonly<Record<string, number>> {
  const perSpan = Object.entries(run.groups).map(([group, bytes]) => [`${prefix} ${group} B/span`, bytes / run.spans]);
  return {
    [`${prefix} request B/span`]: run.requestBytes / run.spans,
    [`${prefix} store B/span`]: run.storeBytes / run.spans,
    [`${prefix} ratio`]: run.requestBytes / run.storeBytes,
    ...(Object.fromEntries(perSpan) as Readonly<Record<string, number>>),
  };
}
