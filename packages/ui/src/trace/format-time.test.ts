import { describe, expect, test } from 'vitest';
import { formatAgo, formatInstant, formatTime } from './format-time.ts';

const NOW = Date.parse('2026-05-04T12:00:00Z');

describe('formatTime()', () => {
  test.each([
    { why: 'today', at: '2026-05-04T11:02:11Z', text: '11:02:11' },
    { why: 'this year', at: '2026-04-03T11:02:11Z', text: '3 Apr 11:02' },
    { why: 'an earlier year', at: '2024-04-03T11:02:11Z', text: '3 Apr 2024 11:02' },
  ])('$why', ({ at, text }) => {
    expect(formatTime(Date.parse(at), NOW, 'UTC')).toBe(text);
  });

  test('goes by the day of the zone, not of UTC', () => {
    expect(formatTime(Date.parse('2026-05-03T20:00:00Z'), NOW, 'Asia/Tokyo')).toBe('05:00:00');
  });
});

describe('formatAgo()', () => {
  test.each([
    { past: 0, text: 'just now' },
    { past: 12_000, text: '12 s ago' },
    { past: 180_000, text: '3 min ago' },
    { past: 30 * 3_600_000, text: '30 h ago' },
    { past: 9 * 86_400_000, text: '9 d ago' },
  ])('$past ms', ({ past, text }) => {
    expect(formatAgo(NOW - past, NOW)).toBe(text);
  });
});

test('formatInstant() gives milliseconds and the zone', () => {
  expect(formatInstant(NOW + 204, 'UTC')).toBe('Mon, 4 May 2026, 12:00:00.204 UTC');
});
