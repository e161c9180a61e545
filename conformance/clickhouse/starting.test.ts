import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { send, sendSpans } from '../hardships/requests.ts';
import { someTrace } from '../support/rest.ts';
import { temporaryFolder } from '../support/run-server.ts';
import { runClickHouse } from './run-clickhouse.ts';
import { startClew, type StartingClew } from './start-clew.ts';

const PASSWORD = 'a secret: 100%';
const tls = {
  key: fileURLToPath(new URL('tls/key.pem', import.meta.url)),
  certificate: fileURLToPath(new URL('tls/certificate.pem', import.meta.url)),
};
const folder = await temporaryFolder();
const passwordFile = join(folder.path, 'password');
await writeFile(passwordFile, `${PASSWORD}\n`);
const wrongPasswordFile = join(folder.path, 'wrong-password');
await writeFile(wrongPasswordFile, 'another secret\n');
const database = await runClickHouse(join(folder.path, 'database'), { user: 'clew', password: PASSWORD, tls });
await database.run('CREATE DATABASE clew');
const running: StartingClew[] = [];

afterEach(async () => {
  for (const clew of running.splice(0)) await clew.kill();
});

afterAll(async () => {
  await database.kill();
  await folder.remove();
});

function start({ ca = tls.certificate, password = passwordFile, cluster = '' } = {}): StartingClew {
  const flags = ['--clickhouse', database.url, '--clickhouse-user', 'clew', '--clickhouse-password-file', password];
  if (ca !== '') flags.push('--clickhouse-ca', ca);
  if (cluster !== '') flags.push('--clickhouse-cluster', cluster);
  const clew = startClew(folder.path, '--no-demo', ...flags);
  running.push(clew);
  return clew;
}

describe('a server that starts', () => {
  test('works at once where the database is there, its certificate trusted and its password right', async () => {
    const url = await start().line(/^Clew listens on (\S+)/);
    expect((await send(url, 'GET', '/health'))?.status).toBe(200);
  });

  test('while the database is away: answers 503 with the reason, and works as soon as it is there', async () => {
    await database.kill();
    const clew = start();
    const url = await clew.line(/^Clew listens on (\S+)/);
    expect(await clew.line(/^Clew waits for its database: .*/)).toContain('ECONNREFUSED');
    const spans = JSON.stringify(someTrace('0af7651916cd43dd8448eb211c80319c'));
    for (const reply of [
      await send(url, 'GET', '/health'),
      await sendSpans(url, spans),
      await send(url, 'POST', '/api/3.0/mlflow/traces/search', '{}'),
      await send(url, 'GET', '/api/clew/v1/experiments'),
    ]) {
      expect(reply).toMatchObject({ status: 503, retryAfter: '1' });
      expect(reply?.body).toContain('Cannot reach ClickHouse');
    }
    await database.restart();
    await clew.line(/^Clew has opened its store$/);
    expect((await send(url, 'GET', '/health'))?.status).toBe(200);
    expect((await sendSpans(url, spans))?.status).toBe(200);
    expect((await send(url, 'GET', '/api/clew/v1/experiments'))?.body).toContain('"traceCount":1');
  });

  test.each([
    { what: 'a wrong password', flags: { password: wrongPasswordFile }, says: 'refuses the user or the password' },
    { what: 'an unknown certificate', flags: { ca: '' }, says: 'its certificate is not trusted' },
    {
      what: 'a cluster without tables',
      flags: { cluster: 'prod' },
      says: 'Cannot use cluster "prod": database "clew" has no table "spans_local"; run what "clew ddl --cluster prod',
    },
  ])('ends with a line that says so: $what', async ({ flags, says }) => {
    const clew = start(flags);
    expect(await clew.line(/^clew: .*/)).toContain(says);
    expect(await clew.ended).toBe(1);
  });

  test('ends when the database comes back and refuses the password', async () => {
    await database.kill();
    const clew = start({ password: wrongPasswordFile });
    await clew.line(/^Clew waits for its database/);
    await database.restart();
    expect(await clew.line(/^clew: .*/)).toContain('refuses the user or the password');
    expect(await clew.ended).toBe(1);
  });

  test('ends when a newer program wrote the store', async () => {
    await database.run("INSERT INTO clew.migrations (number, name) SELECT 999, 'of tomorrow'");
    const clew = start();
    expect(await clew.line(/^clew: .*/)).toContain('use a newer Clew');
    expect(await clew.ended).toBe(1);
  });
});
