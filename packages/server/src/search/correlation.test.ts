import { describe, expect, test } from 'vitest';
import { npmi, smoothedNpmi } from './correlation.ts';

describe('correlation of two filters', () => {
  test.each([
    { why: 'always together', counts: { first: 5, second: 5, joint: 5, total: 10 }, value: 1 },
    { why: 'everything matches both', counts: { first: 10, second: 10, joint: 10, total: 10 }, value: 1 },
    { why: 'never together', counts: { first: 5, second: 5, joint: 0, total: 10 }, value: -1 },
    { why: 'independent', counts: { first: 5, second: 4, joint: 2, total: 10 }, value: 0 },
    { why: 'one never happens', counts: { first: 0, second: 4, joint: 0, total: 10 }, value: Number.NaN },
    { why: 'no traces', counts: { first: 0, second: 0, joint: 0, total: 0 }, value: Number.NaN },
  ])('$why: $value', ({ counts, value }) => {
    expect(Math.round(npmi(counts) * 1e9) / 1e9).toEqual(value);
  });

  test('smoothed it is finite, and weaker for few traces', () => {
    expect(smoothedNpmi({ first: 0, second: 0, joint: 0, total: 0 })).toBe(0);
    const few = smoothedNpmi({ first: 2, second: 2, joint: 2, total: 4 });
    const many = smoothedNpmi({ first: 200, second: 200, joint: 200, total: 400 });
    expect(few).toBeGreaterThan(0);
    expect(many).toBeGreaterThan(few);
    expect(many).toBeLessThanOrEqual(1);
  });
});
