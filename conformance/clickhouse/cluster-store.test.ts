import { afterAll, beforeAll } from 'vitest';
import { openHttpStore } from '../../packages/server/src/storage/clickhouse/connect-http.ts';
import { describeSpanStore } from '../../packages/server/src/storage/contract.ts';
import { describeAgreement } from '../../packages/server/src/storage/contract/describe-agreement.ts';
import { runClew, temporaryFolder } from '../support/run-server.ts';
import { runClickHouse } from './run-clickhouse.ts';

const folder = await temporaryFolder();
const database = await runClickHouse(folder.path, { isCluster: true });

beforeAll(async () => {
  await database.run('CREATE DATABASE clew');
  const { output } = await runClew('ddl', '--cluster', 'one');
  for (const statement of output.split(/;\n/)) if (statement.trim() !== '') await database.run(statement.trim());
});

afterAll(async () => {
  await database.kill();
  await folder.remove();
});

const open = async () => openHttpStore({ url: database.url, cluster: 'one' });
describeSpanStore('the store on a cluster of one shard', open);
describeAgreement('the store on a cluster of one shard', open, { runs: 1 });
