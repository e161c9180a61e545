import { describe, expect, test } from 'vitest';
import { formatAmount, formatCost, formatPlural } from './format-number.ts';

describe('formatAmount()', () => {
  test.each([
    { amount: 0, text: '0' },
    { amount: 812, text: '812' },
    { amount: 1000, text: '1 k' },
    { amount: 48_213, text: '48.2 k' },
    { amount: 999_700, text: '1 M' },
    { amount: 1_052_000, text: '1.05 M' },
    { amount: 3_000_000_000, text: '3 G' },
  ])('$amount reads $text', ({ amount, text }) => {
    expect(formatAmount(amount).replaceAll('\u2009', ' ')).toBe(text);
  });
});

describe('formatCost()', () => {
  test.each([
    { dollars: 0, text: '$0' },
    { dollars: 0.0061, text: '$0.0061' },
    { dollars: 0.25, text: '$0.25' },
    { dollars: 1204.5, text: '$1,204.50' },
  ])('$dollars reads $text', ({ dollars, text }) => {
    expect(formatCost(dollars)).toBe(text);
  });
});

test('formatPlural() takes one thing as singular', () => {
  expect([formatPlural(0, 'span'), formatPlural(1, 'span'), formatPlural(1200, 'span')]).toEqual([
    '0 spans',
    '1 span',
    '1,200 spans',
  ]);
});
