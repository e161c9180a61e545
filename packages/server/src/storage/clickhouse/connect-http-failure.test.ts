import { TracingError } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { describeHttpFailure, isDatabaseAway } from './connect-http-failure.ts';

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

describe('isDatabaseAway()', () => {
  test.each([
    ['nobody listens', 'ECONNREFUSED', true],
    ['its name is not known yet', 'ENOTFOUND', true],
    ['a balancer has nothing behind it', undefined, true],
    ['the engine has lost its Keeper', '999', true],
    ['the password is wrong', '516', false],
    ['the user lacks a right', '497', false],
    ['the database does not exist', '81', false],
    ['the certificate is not trusted', 'SELF_SIGNED_CERT_IN_CHAIN', false],
    ['the certificate is of another name', 'ERR_TLS_CERT_ALTNAME_INVALID', false],
    ['a statement of ours is wrong', '62', false],
  ])('%s', (_, code, isAway) => {
    const cause = Object.assign(new Error('why'), code === undefined ? {} : { code });
    expect(isDatabaseAway(new TracingError('unavailable', 'Cannot reach ClickHouse', { cause }))).toBe(isAway);
  });

  test('a newer store stays newer', () => {
    expect(isDatabaseAway(new TracingError('unsupported', 'use a newer Clew'))).toBe(false);
  });
});
