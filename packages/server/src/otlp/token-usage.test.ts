import { describe, expect, test } from 'vitest';
import { toCost, toTokenUsage, type CacheCounting, type Counts } from './token-usage.ts';

describe('toTokenUsage()', () => {
  test.each<{ why: string; counts: Counts; counting?: CacheCounting; usage: readonly number[] | undefined }>([
    { why: 'nothing was counted', counts: {}, usage: undefined },
    { why: 'a cache count alone is no usage', counts: { cacheRead: 5 }, usage: undefined },
    { why: 'both sides', counts: { input: 7, output: 3 }, usage: [7, 3, 10] },
    { why: 'zeros are kept', counts: { input: 0, output: 0 }, usage: [0, 0, 0] },
    { why: 'one side', counts: { output: 3 }, usage: [0, 3, 3] },
    { why: 'a total alone is input (embeddings)', counts: { total: 9 }, usage: [9, 0, 9] },
    { why: 'a larger total is kept', counts: { input: 7, output: 3, total: 12 }, usage: [7, 3, 12] },
    { why: 'a smaller total is not', counts: { input: 7, output: 3, total: 5 }, usage: [7, 3, 10] },
    { why: 'input includes cached tokens', counts: { input: 100, output: 3, cacheRead: 64 }, usage: [100, 3, 103] },
    {
      why: 'unless the emitter never does',
      counts: { input: 100, output: 3, cacheRead: 64 },
      counting: 'exclusive',
      usage: [164, 3, 167],
    },
    {
      why: 'unless the total proves it',
      counts: { input: 300, output: 100, total: 500, cacheRead: 100 },
      usage: [400, 100, 500],
    },
    {
      why: 'unless there are more cached than all',
      counts: { input: 21, output: 33, cacheRead: 900, cacheWrite: 100 },
      usage: [1021, 33, 1054],
    },
  ])('$why', ({ counts, counting, usage }) => {
    const result = toTokenUsage(counts, counting);
    expect(result && [result.inputTokens, result.outputTokens, result.totalTokens]).toEqual(usage);
  });

  test('a cache count of zero is left out', () => {
    expect(toTokenUsage({ input: 1, output: 1, cacheRead: 0, cacheWrite: 2 })).toEqual({
      inputTokens: 3,
      outputTokens: 1,
      totalTokens: 4,
      cacheCreationInputTokens: 2,
    });
  });
});

describe('toCost()', () => {
  test.each([
    { why: 'nothing', input: undefined, output: undefined, total: undefined, cost: undefined },
    {
      why: 'parts without total',
      input: 1,
      output: 2,
      total: undefined,
      cost: { inputCost: 1, outputCost: 2, totalCost: 3 },
    },
    { why: 'a total alone', input: undefined, output: undefined, total: 3, cost: { totalCost: 3 } },
  ])('$why', ({ cost, ...parts }) => {
    expect(toCost(parts)).toEqual(cost);
  });
});
