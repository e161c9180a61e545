import { describe, expect, test } from 'vitest';
import { rowRange } from './row-range.ts';

describe('rowRange()', () => {
  test.each([
    { why: 'the top of a list', offset: 0, range: { first: 0, end: 13 } },
    { why: 'the middle', offset: 1000, range: { first: 47, end: 63 } },
    { why: 'the end', offset: 1_999_800, range: { first: 99_987, end: 100_000 } },
    { why: 'a list that begins below what can be seen', offset: -500, range: { first: 0, end: 0 } },
    { why: 'a list that has been scrolled past', offset: 3_000_000, range: { first: 100_000, end: 100_000 } },
  ])('$why', ({ offset, range }) => {
    expect(rowRange(offset, 200, 20, 100_000, 3)).toEqual(range);
  });
});
