import { describe, expect, test } from 'vitest';
import {
  formatProtoDuration,
  formatTimestamp,
  parseProtoDuration,
  parseTimestamp,
  unixNanos,
  type DurationNanos,
  type UnixNanos,
} from './time.ts';

describe('parseTimestamp()', () => {
  test.each([
    { why: 'milliseconds', text: '2025-11-03T09:15:30.250Z', nanos: 1762161330250000000n },
    { why: 'no fraction', text: '2025-11-03T09:15:30Z', nanos: 1762161330000000000n },
    { why: 'nanoseconds', text: '2025-11-03T09:15:30.250000001Z', nanos: 1762161330250000001n },
    { why: 'an offset', text: '2025-11-03T10:15:30.25+01:00', nanos: 1762161330250000000n },
    { why: 'a tenth digit is rounded', text: '1970-01-01T00:00:00.0000000015Z', nanos: 2n },
    { why: 'no zone', text: '2025-11-03T09:15:30', nanos: undefined },
    { why: 'no such day', text: '2025-13-03T09:15:30Z', nanos: undefined },
    { why: 'before 1970', text: '1969-12-31T23:59:59Z', nanos: undefined },
    { why: 'words', text: 'yesterday', nanos: undefined },
  ])('$why', ({ text, nanos }) => {
    expect(parseTimestamp(text)).toBe(nanos);
  });
});

describe('formatTimestamp()', () => {
  test.each([
    { nanos: 1762161330000000000n, text: '2025-11-03T09:15:30Z' },
    { nanos: 1762161330250000000n, text: '2025-11-03T09:15:30.250Z' },
    { nanos: 1762161330250100000n, text: '2025-11-03T09:15:30.250100Z' },
    { nanos: 1762161330250000001n, text: '2025-11-03T09:15:30.250000001Z' },
  ])('$text', ({ nanos, text }) => {
    expect(formatTimestamp(nanos as UnixNanos)).toBe(text);
    expect(parseTimestamp(text)).toBe(nanos);
  });
});

describe('parseProtoDuration()', () => {
  test.each([
    { text: '1.204s', nanos: 1204000000n },
    { text: '0.0015s', nanos: 1500000n },
    { text: '1.2345678901s', nanos: 1234567890n },
    { text: '-2s', nanos: -2000000000n },
    { text: '3', nanos: undefined },
    { text: 's', nanos: undefined },
  ])('$text', ({ text, nanos }) => {
    expect(parseProtoDuration(text)).toBe(nanos);
  });
});

describe('formatProtoDuration()', () => {
  test.each([
    { nanos: 1204000000n, text: '1.204s' },
    { nanos: 0n, text: '0s' },
    { nanos: -1500000000n, text: '-1.500s' },
  ])('$text', ({ nanos, text }) => {
    expect(formatProtoDuration(nanos as DurationNanos)).toBe(text);
  });
});

describe('unixNanos()', () => {
  test('ends with the year 2262, where signed 64 bits do', () => {
    expect(unixNanos(2n ** 63n - 1n)).toBe(2n ** 63n - 1n);
    expect(unixNanos(2n ** 63n)).toBeUndefined();
    expect(unixNanos(-1n)).toBeUndefined();
  });
});
