import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readServerConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'clew-config-'));
const passwordFile = join(folder, 'password');
writeFileSync(passwordFile, 'from the file\n');

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('readServerConfig()', () => {
  test('stores in process unless a ClickHouse server is named', () => {
    expect(readServerConfig({}, {}).clickHouse).toBeUndefined();
  });

  test.each([
    {
      why: 'a user in the address leaves it',
      flags: { clickhouse: 'https://ada@db:8443' },
      environment: {},
      expected: { url: 'https://db:8443/', database: 'clew', user: 'ada' },
    },
    {
      why: 'flags win',
      flags: { clickhouse: 'http://flag', clickhouseDatabase: 'of_flag', clickhousePasswordFile: passwordFile },
      environment: {
        CLEW_CLICKHOUSE_URL: 'http://environment',
        CLEW_CLICKHOUSE_DATABASE: 'of_environment',
        CLEW_CLICKHOUSE_PASSWORD: 'of the environment',
      },
      expected: { url: 'http://flag/', database: 'of_flag', password: 'from the file' },
    },
    {
      why: 'the environment alone is enough',
      flags: {},
      environment: {
        CLEW_CLICKHOUSE_URL: 'http://db',
        CLEW_CLICKHOUSE_CLUSTER: 'prod',
        CLEW_CLICKHOUSE_USER: 'ada',
        CLEW_CLICKHOUSE_PASSWORD: 'a:b',
      },
      expected: { url: 'http://db/', database: 'clew', cluster: 'prod', user: 'ada', password: 'a:b' },
    },
  ])('$why', ({ flags, environment, expected }) => {
    expect(readServerConfig(flags, environment).clickHouse).toEqual(expected);
  });

  test.each([
    { flags: { clickhouse: 'tcp://db:9000' }, says: 'Invalid --clickhouse: expected an address' },
    { flags: { clickhouse: 'http://ada:secret@db' }, says: 'Invalid --clickhouse: it holds a password' },
    { flags: { clickhouse: 'http://db', clickhouseCa: '/no/such.pem' }, says: 'Invalid --clickhouse-ca: ENOENT' },
  ])('$says', ({ flags, says }) => {
    expect(() => readServerConfig(flags, {})).toThrow(says);
    expect(() => readServerConfig(flags, {})).not.toThrow('secret');
  });
});
