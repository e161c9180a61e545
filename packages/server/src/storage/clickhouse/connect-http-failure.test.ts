import { describe, expect, test } from 'vitest';
import { describeHttpFailure } from './connect-http-failure.ts';

describe('describeHttpFailure()', () => {
  test.each([
    { code: '516', says: 'check --clickhouse-user and the password file' },
    { code: '81', says: 'Cannot use database "clew": it does not exist' },
    { code: '497', says: 'the user lacks a right: why' },
    { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', says: '--clickhouse-ca' },
    { code: 'ECONNREFUSED', says: 'Cannot reach ClickHouse: why; check --clickhouse' },
  ])('$code is told as something to do', ({ code, says }) => {
    expect(describeHttpFailure(Object.assign(new Error('why'), { code }), 'clew')).toContain(says);
  });
});
