/** What a question may cost, asked of the embedded engine: a limit is told as one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVERYTHING } from '@clew/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServer } from '../../create-server.ts';
import { newExperimentId, sampleHeader, writeHeaders } from '../contract/samples.ts';
import type { SpanStore } from '../span-store.ts';
import { openChdbStore } from './connect-chdb.ts';

let folder = '';
let store: SpanStore | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-limits-'));
  // Enough to start and to read one trace, too little to sort many.
  store = await openChdbStore({ path: folder, maxQueryMemoryBytes: 40_000_000 });
});

afterAll(async () => {
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

function opened(): SpanStore {
  if (store === undefined) throw new Error('The store did not open');
  return store;
}

describe('limits of one question', () => {
  test('too much memory is refused as that, and the server goes on', { timeout: 120_000 }, async () => {
    const experimentId = newExperimentId();
    const large = 'x'.repeat(900);
    for (let round = 0; round < 20; round += 1) {
      await writeHeaders(
        opened(),
        Array.from({ length: 1000 }, (_, index) =>
          sampleHeader({ experimentId, sessionId: `${large}${round}-${index}`, requestPreview: large, name: large }),
        ),
      );
    }
    const { app } = await createServer({ store: opened() });
    const response = await app.request('/api/clew/v1/aggregates', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ experimentIds: [experimentId], groupBy: ['session', 'trace_name'] }),
    });
    const body: unknown = await response.json();
    expect([response.status, body]).toMatchObject([
      422,
      {
        error_code: 'RESOURCE_EXHAUSTED',
        message: expect.stringContaining('more memory than one query may use') as string,
      },
    ]);
    expect(await opened().count({ experimentIds: [experimentId], filter: EVERYTHING })).toBe(20_000);
  });
});
