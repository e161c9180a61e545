/** Numbers of the short spelling: with the largest unit that keeps them exact. */
import type { NumberField } from './ast.ts';

const DURATION_UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;
const COUNT_UNITS = [
  ['M', 1_000_000],
  ['k', 1000],
] as const;

/** 0000-01-01 and 9999-12-31: dates outside have other than four digits. */
const FIRST_DATE = -62_167_219_200_000;
const LAST_DATE = 253_402_300_799_999;

/** Milliseconds since 1970 as a date in UTC, or as they are when no date of ours says it exactly. */
export function printInstant(millis: number): string {
  if (!Number.isInteger(millis) || millis < FIRST_DATE || millis > LAST_DATE) return String(millis);
  return new Date(millis).toISOString().replace(/(?::00)?\.000Z$/, 'Z');
}

/** A duration in milliseconds, a count, or US dollars. */
export function printShortNumber(field: NumberField, number: number): string {
  switch (field) {
    case 'execution_time_ms':
      return withUnit(number, DURATION_UNITS) ?? `${number}ms`;
    case 'total_cost':
      return number < 0 ? `-$${-number}` : `$${number}`;
    default:
      return withUnit(number, COUNT_UNITS) ?? String(number);
  }
}

function withUnit(number: number, units: readonly (readonly [name: string, size: number])[]): string | undefined {
  // Beyond 2^53 a quotient need not multiply back.
  if (number === 0 || !Number.isSafeInteger(number)) return undefined;
  const unit = units.find(([, size]) => number % size === 0);
  return unit === undefined ? undefined : `${number / unit[1]}${unit[0]}`;
}
