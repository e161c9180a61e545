import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeAgreement } from '../contract/describe-agreement.ts';
import { openChdbStore } from './connect-chdb.ts';

const folder = await mkdtemp(join(tmpdir(), 'clew-store-'));

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describeAgreement('the embedded store', async () => openChdbStore({ path: folder }));
