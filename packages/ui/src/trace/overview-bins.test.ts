import { describe, expect, test } from 'vitest';
import { failedRows, findSpans, stepThrough } from './find-spans.ts';
import { overviewBins } from './overview-bins.ts';
import { SPAN_FAMILIES } from './span-family.ts';
import { testModel } from './test-spans.ts';

const model = testModel([
  { id: 1, from: 0, to: 100, more: { name: 'Ask', type: 'AGENT' } },
  { id: 2, parent: 1, from: 0, to: 100, more: { name: 'Ask', type: 'LLM', model: 'GPT-4o' } },
  { id: 3, parent: 1, from: 25, to: 35, more: { name: 'search web', status: 'error' } },
  { id: 4, parent: 1, from: 50, to: 75, more: { name: 'search web' } },
]);

describe('overviewBins()', () => {
  const bins = overviewBins(model, 4);
  const loadOf = (family: (typeof SPAN_FAMILIES)[number]): readonly number[] => {
    const index = SPAN_FAMILIES.indexOf(family);
    return [...bins.load.subarray(index * 4, index * 4 + 4)].map((load) => Number(load.toFixed(6)));
  };

  test('a long span fills every bin it covers', () => {
    expect(loadOf('model')).toEqual([1, 1, 1, 1]);
  });

  test('a short span counts for its share of the bin', () => {
    expect(loadOf('tool')).toEqual([0, 0.4, 1, 0]);
  });

  test('only leaves count: an agent that waits does no work', () => {
    expect(loadOf('agent')).toEqual([0, 0, 0, 0]);
    expect(bins.peak).toBeCloseTo(2);
  });

  test('a failure is marked where it ended', () => {
    expect([...bins.failed]).toEqual([0, 1, 0, 0]);
  });
});

describe('findSpans()', () => {
  test.each([
    { why: 'a name, in any case', text: 'SEARCH', rows: [2, 3] },
    { why: 'a type', text: 'agent', rows: [0] },
    { why: 'a model', text: 'gpt', rows: [1] },
    { why: 'nothing', text: 'nowhere', rows: [] },
    { why: 'blanks find nothing rather than all', text: '  ', rows: [] },
  ])('$why', ({ text, rows }) => {
    expect([...findSpans(model, text)]).toEqual(rows);
  });
});

test('failedRows() lists rows whose status is an error', () => {
  expect([...failedRows(model)]).toEqual([2]);
});

test.each([
  { from: 0, direction: 1, to: 2 },
  { from: 3, direction: 1, to: 2 },
  { from: 3, direction: -1, to: 2 },
  { from: 2, direction: -1, to: 3 },
] as const)('stepThrough() from $from by $direction goes to $to and wraps', ({ from, direction, to }) => {
  expect(stepThrough(Int32Array.from([2, 3]), from, direction)).toBe(to);
});

test('stepThrough() of nothing stays nowhere', () => {
  expect(stepThrough(new Int32Array(0), 5, 1)).toBe(-1);
});
