import { describe, expect, test } from 'vitest';
import { isRetryable, parseRetryAfter, retryDelay } from './retry.ts';

describe('isRetryable()', () => {
  test.each([
    { status: 408, is: true },
    { status: 429, is: true },
    { status: 503, is: true },
    { status: 400, is: false },
    { status: 404, is: false },
    { status: 501, is: false },
  ])('$status: $is', ({ status, is }) => {
    expect(isRetryable(status)).toBe(is);
  });
});

describe('retryDelay()', () => {
  test.each([
    { why: 'doubles', attempt: 2, random: 1, asked: undefined, is: 2000 },
    { why: 'has full jitter', attempt: 2, random: 0.25, asked: undefined, is: 500 },
    { why: 'has an end', attempt: 20, random: 1, asked: undefined, is: 30_000 },
    { why: 'is what the server asked for', attempt: 0, random: 1, asked: 7000, is: 7000 },
    { why: 'within reason', attempt: 0, random: 1, asked: 9_999_999, is: 120_000 },
  ])('$why', ({ attempt, random, asked, is }) => {
    expect(retryDelay(attempt, random, asked)).toBe(is);
  });
});

describe('parseRetryAfter()', () => {
  test.each([
    { header: null, is: undefined },
    { header: '2', is: 2000 },
    { header: '0.5', is: 500 },
    { header: 'Thu, 01 Jan 1970 00:00:10 GMT', is: 9000 },
    { header: 'Thu, 01 Jan 1970 00:00:00 GMT', is: 0 },
    { header: 'soon', is: undefined },
  ])('$header', ({ header, is }) => {
    expect(parseRetryAfter(header, 1000)).toBe(is);
  });
});
