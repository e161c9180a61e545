import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EVERYTHING, must, parseExperimentId } from '@clew/core';
import { afterAll, describe, expect, test } from 'vitest';
import { openChdbStore } from './connect-chdb.ts';
import { BATCH_SPANS, traceOfBatch } from './crash-writer.ts';

const KILLS = 4;
const experimentId = must(parseExperimentId('crash'), 'an experiment id');
const folder = await mkdtemp(join(tmpdir(), 'clew-crash-'));

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the writer until it acknowledged so many batches, kills it in the middle of the next, tells the last one. */
async function writeAndKill(first: number, batches: number): Promise<number> {
  const script = fileURLToPath(new URL('crash-writer.ts', import.meta.url));
  const args = ['--conditions=clew-src', '--import', 'tsx', script, folder, String(first)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let last = first - 1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last >= first + batches - 1) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return last;
}

describe('a writer that is killed', () => {
  test('loses nothing it acknowledged and doubles nothing', { timeout: 120_000 }, async () => {
    let acknowledged = -1;
    for (let kill = 0; kill < KILLS; kill += 1) {
      // The batch that died half-way is written again, as a client that got no answer would.
      acknowledged = await writeAndKill(acknowledged + 1, 5 + 7 * kill);
    }
    const store = await openChdbStore({ path: folder });
    try {
      const traceIds = Array.from({ length: acknowledged + 1 }, (_, batch) => traceOfBatch(batch));
      const sources = await store.readSources(traceIds);
      const stored = traceIds.map((traceId) => ({
        spans: sources.get(traceId)?.spans.length,
        tags: sources.get(traceId)?.tags.map((tag) => tag.value),
      }));
      expect(stored).toEqual(traceIds.map((_, batch) => ({ spans: BATCH_SPANS, tags: [String(batch)] })));
      const count = await store.count({ experimentIds: [experimentId], filter: EVERYTHING });
      expect(count - traceIds.length).toBeLessThanOrEqual(1);
      expect(await store.readHeaders(traceIds)).toHaveLength(traceIds.length);
    } finally {
      await store.close();
    }
  });
});
