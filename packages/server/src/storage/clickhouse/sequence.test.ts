import { describe, expect, test } from 'vitest';
import { createSequence } from './sequence.ts';

describe('createSequence()', () => {
  test.each([
    { why: 'the clock goes on', clock: [1, 2, 3], numbers: [1000n, 2000n, 3000n] },
    { why: 'the clock stands still', clock: [1, 1, 1], numbers: [1000n, 1001n, 1002n] },
    { why: 'the clock steps back', clock: [5, 1, 6], numbers: [5000n, 5001n, 6000n] },
    { why: 'the clock has fractions', clock: [1.0015, 1.0019], numbers: [1001n, 1002n] },
  ])('rises while $why', ({ clock, numbers }) => {
    const readings = clock.values();
    const next = createSequence(() => readings.next().value ?? 0);
    expect(clock.map(() => next())).toEqual(numbers);
  });

  test('goes on from the last number of an earlier life', () => {
    const next = createSequence(() => 5, 9000n);
    expect([next(), next()]).toEqual([9001n, 9002n]);
  });
});
