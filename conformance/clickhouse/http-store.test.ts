import { env } from 'node:process';
import { afterAll } from 'vitest';
import { openHttpStore } from '../../packages/server/src/storage/clickhouse/connect-http.ts';
import { describeSpanStore } from '../../packages/server/src/storage/contract.ts';
import { describeAgreement } from '../../packages/server/src/storage/contract/describe-agreement.ts';
import { temporaryFolder } from '../support/run-server.ts';
import { runClickHouse } from './run-clickhouse.ts';

const folder = await temporaryFolder();
const database = await runClickHouse(folder.path, { user: 'clew', password: 'a secret: 100%' });

afterAll(async () => {
  await database.kill();
  await folder.remove();
});

const open = async () => openHttpStore({ url: database.url, user: 'clew', password: 'a secret: 100%' });
describeSpanStore('the store over HTTP', open);
// The embedded store compares more with the same statements; here it is the way there and back that could differ.
describeAgreement('the store over HTTP', open, { runs: Number(env['CLEW_RUNS'] ?? 2) });
