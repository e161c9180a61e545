import { describe, expect, test } from 'vitest';
import { timeTicks } from './time-ticks.ts';
import { clampWindow, isWholeTrace, panBy, wholeTrace, windowAround, zoomAt } from './time-window.ts';

const EXTENT = 1000;

describe('zoomAt()', () => {
  test('keeps the time under the pointer where it is', () => {
    const next = zoomAt({ start: 200, end: 600 }, 300, 0.5, EXTENT);
    expect(next).toEqual({ start: 250, end: 450 });
  });

  test('stops at the whole trace', () => {
    expect(zoomAt({ start: 100, end: 900 }, 150, 100, EXTENT)).toEqual(wholeTrace(EXTENT));
  });

  test('stops at a nanosecond', () => {
    const next = zoomAt({ start: 1, end: 1.001 }, 1, 0.01, EXTENT);
    expect(next.end - next.start).toBeCloseTo(0.001, 9);
  });
});

test.each([
  { why: 'towards the end', window: { start: 100, end: 300 }, share: 0.5, next: { start: 200, end: 400 } },
  { why: 'not past the end', window: { start: 700, end: 900 }, share: 2, next: { start: 800, end: 1000 } },
  { why: 'not before the start', window: { start: 100, end: 300 }, share: -3, next: { start: 0, end: 200 } },
])('panBy() moves $why', ({ window, share, next }) => {
  expect(panBy(window, share, EXTENT)).toEqual(next);
});

test('windowAround() leaves air around a span and stays inside the trace', () => {
  expect(windowAround(500, 600, EXTENT)).toEqual({ start: 490, end: 610 });
  expect(windowAround(0, 100, EXTENT).start).toBe(0);
});

test('a window longer than the trace is the whole trace', () => {
  expect(isWholeTrace(clampWindow({ start: -50, end: 5000 }, EXTENT), EXTENT)).toBe(true);
});

describe('timeTicks()', () => {
  const labels = (start: number, end: number, spacing = 0.2): readonly string[] =>
    timeTicks({ start, end }, spacing).map(({ label }) => label.replaceAll('\u2009', ' '));

  test.each([
    { why: 'seconds', ticks: labels(0, 4.2e6), expected: ['0', '1 s', '2 s', '3 s', '4 s'] },
    { why: 'minutes', ticks: labels(0, 600e6), expected: ['0', '2 min', '4 min', '6 min', '8 min', '10 min'] },
    { why: 'milliseconds', ticks: labels(0, 5000), expected: ['0', '1 ms', '2 ms', '3 ms', '4 ms', '5 ms'] },
    {
      why: 'deep inside a long trace',
      ticks: labels(75_000_000, 75_002_000, 0.4),
      expected: ['75.000 s', '75.001 s', '75.002 s'],
    },
  ])('$why', ({ ticks, expected }) => {
    expect(ticks).toEqual(expected);
  });

  test('neighbours never read the same', () => {
    for (const length of [1, 37, 5_000, 1.3e6, 8.8e7, 7e9]) {
      for (const start of [0, 123_456.5, 3.7e9]) {
        const ticks = labels(start, start + length, 0.11);
        expect(ticks.length).toBeGreaterThan(1);
        expect(new Set(ticks).size).toBe(ticks.length);
      }
    }
  });
});
