import { parseTraceId, type TraceId } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { isSampled } from './sampler.ts';
import { createRandomIds } from './system.ts';

const LOWEST = parseTraceId(`1${'0'.repeat(31)}`) as TraceId;
const HIGHEST = parseTraceId('f'.repeat(32)) as TraceId;

describe('isSampled()', () => {
  test.each([
    { id: HIGHEST, ratio: 1, is: true },
    { id: LOWEST, ratio: 0, is: false },
    { id: LOWEST, ratio: 0.01, is: true },
    { id: HIGHEST, ratio: 0.99, is: false },
  ])('$id at $ratio', ({ id, ratio, is }) => {
    expect(isSampled(id, ratio)).toBe(is);
  });

  test('keeps about its share of random traces', () => {
    const ids = createRandomIds();
    const kept = Array.from({ length: 10_000 }, () => ids.traceId()).filter((id) => isSampled(id, 0.25));
    expect(kept.length).toBeGreaterThan(2100);
    expect(kept.length).toBeLessThan(2900);
  });
});
