import { describe, expect, test } from 'vitest';
import { formatDuration } from './format-duration.ts';

describe('formatDuration()', () => {
  test.each([
    { micros: 0, text: '0 s' },
    { micros: 0.25, text: '250 ns' },
    { micros: 412, text: '412 µs' },
    { micros: 31_400, text: '31.4 ms' },
    { micros: 31_000, text: '31 ms' },
    { micros: 999_600, text: '1 s' },
    { micros: 4_213_000, text: '4.21 s' },
    { micros: 59_960_000, text: '1 min' },
    { micros: 128_000_000, text: '2 min 08 s' },
    { micros: 6_643_018_300, text: '1 h 51 min' },
    { micros: 26 * 3600 * 1e6, text: '1 d 02 h' },
    { micros: -4_000, text: '−4 ms' },
  ])('$micros µs reads $text', ({ micros, text }) => {
    expect(formatDuration(micros).replaceAll('\u2009', ' ')).toBe(text);
  });
});
