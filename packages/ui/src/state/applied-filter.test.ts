import { describe, expect, test } from 'vitest';
import { readFilter, withCondition } from './applied-filter.ts';
import { FILTER_EXAMPLES } from './filter-examples.ts';

const NOW = Date.parse('2026-05-04T12:00:00Z');

function chips(text: string): unknown {
  const read = readFilter(text, NOW);
  return read.kind === 'understood' ? read.chips : read.error;
}

describe('readFilter()', () => {
  test('an empty filter has no chips', () => {
    expect(chips('')).toEqual([]);
  });

  test('each condition can be taken away', () => {
    expect(chips('status:error duration>2s name:x')).toEqual([
      { text: 'status:error', without: 'duration>2s name:x' },
      { text: 'duration>2s', without: 'status:error name:x' },
      { text: 'name:x', without: 'status:error duration>2s' },
    ]);
  });

  test("MLflow's spelling is understood too", () => {
    expect(chips("trace.status = 'ERROR' AND tag.env = 'prod'")).toMatchObject([
      { text: 'status:error' },
      { text: 'tag.env:prod' },
    ]);
  });

  test('alternatives are one chip', () => {
    expect(chips('status:error OR name:x')).toEqual([{ text: 'status:error OR name:x', without: '' }]);
  });

  test('relative times are understood', () => {
    expect(readFilter('time>-24h', NOW).kind).toBe('understood');
  });

  test('what is not understood says where', () => {
    expect(chips('status:error foo:bar')).toMatchObject({ offset: 13, length: 3, found: 'foo' });
  });
});

test.each(FILTER_EXAMPLES)('the example $filter can be read', ({ filter }) => {
  expect(readFilter(filter, NOW).kind).toBe('understood');
});

describe('withCondition()', () => {
  test.each([
    { why: 'to nothing', text: '', condition: 'status:error', result: 'status:error' },
    {
      why: 'to conditions',
      text: 'name:x duration>2s',
      condition: 'status:error',
      result: 'name:x duration>2s status:error',
    },
    {
      why: 'to alternatives',
      text: 'name:x OR name:y',
      condition: 'status:error',
      result: '(name:x OR name:y) status:error',
    },
    { why: 'in place of what cannot be read', text: 'colour:', condition: 'status:error', result: 'status:error' },
  ])('adds $why', ({ text, condition, result }) => {
    expect(withCondition(text, condition, NOW)).toBe(result);
  });
});
