import { describe, expect, test } from 'vitest';
import type { TimeValue } from './span.ts';
import { toUnixNanos } from './span-time.ts';

describe('toUnixNanos()', () => {
  test.each<{ why: string; time: TimeValue | undefined; is: bigint | undefined }>([
    { why: 'milliseconds', time: 1_700_000_000_000.5, is: 1_700_000_000_000_500_000n },
    { why: 'a date', time: new Date(1000), is: 1_000_000_000n },
    { why: 'nanoseconds', time: 5n, is: 5n },
    { why: 'seconds and nanoseconds', time: [2, 3], is: 2_000_000_003n },
    { why: 'nanoseconds with a fraction', time: [2, 3.4], is: 2_000_000_003n },
    { why: 'none', time: undefined, is: undefined },
    { why: 'a date that is none', time: new Date(Number.NaN), is: undefined },
    { why: 'before 1970', time: -1, is: undefined },
    { why: 'past the year 2262', time: 1e300, is: undefined },
  ])('$why', ({ time, is }) => {
    expect(toUnixNanos(time)).toBe(is);
  });
});
