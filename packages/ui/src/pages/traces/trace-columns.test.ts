import type { TraceRow } from '@clew/core/api';
import { describe, expect, test } from 'vitest';
import { longDuration, orderByOf, sortAfterClick } from './trace-columns.ts';

describe('sortAfterClick()', () => {
  test.each([
    { why: 'turns the column that is sorted already', key: 'time', to: { key: 'time', isDescending: false } },
    { why: 'begins numbers with the largest', key: 'duration', to: { key: 'duration', isDescending: true } },
    { why: 'begins words with the first', key: 'name', to: { key: 'name', isDescending: false } },
  ] as const)('$why', ({ key, to }) => {
    expect(sortAfterClick({ key: 'time', isDescending: true }, key)).toEqual(to);
  });
});

test('orderByOf() writes the form searches take', () => {
  expect(orderByOf({ key: 'duration', isDescending: true })).toBe('execution_time_ms DESC');
});

describe('longDuration()', () => {
  const rowOf = (durationMillis: number | undefined): TraceRow => ({
    info: {
      trace_id: 'tr-1',
      trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
      request_time: '2026-05-04T12:00:00Z',
      state: 'OK',
      trace_metadata: {},
      tags: {},
      assessments: [],
    },
    spanCount: 1,
    errorCount: 0,
    ...(durationMillis === undefined ? {} : { durationMillis }),
  });

  test('one outlier does not flatten all other bars', () => {
    expect(longDuration([...Array.from({ length: 40 }, () => rowOf(100)), rowOf(1e9)])).toBe(100);
  });

  test('running traces have no say', () => {
    expect(longDuration([rowOf(undefined), rowOf(50)])).toBe(50);
    expect(longDuration([])).toBe(0);
  });
});
