import type { Brand } from './brand.ts';

/** Nanoseconds since 1970-01-01T00:00:00Z, as OTLP counts them. Exceeds 2^53: never a `number`. */
export type UnixNanos = Brand<bigint, 'UnixNanos'>;
/** A length of time in nanoseconds; negative when a clock stepped back. */
export type DurationNanos = Brand<bigint, 'DurationNanos'>;

const NANOS_PER_MILLI = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;
/** OTLP times are fixed64, and the column store keeps them as signed 64 bits: the year 2262. */
const LARGEST = 2n ** 63n - 1n;

/** `undefined` when the value is negative or past the year 2262. */
export function unixNanos(value: bigint): UnixNanos | undefined {
  return value >= 0n && value <= LARGEST ? (value as UnixNanos) : undefined;
}

export function unixNanosFromMillis(millis: number): UnixNanos {
  return (BigInt(Math.round(millis * 1000)) * 1000n) as UnixNanos;
}

/** Rounds down. Exact until the year 287396. */
export function toUnixMillis(time: UnixNanos): number {
  return Number(time / NANOS_PER_MILLI);
}

export function durationBetween(start: UnixNanos, end: UnixNanos): DurationNanos {
  return (end - start) as DurationNanos;
}

export function addDuration(start: UnixNanos, duration: DurationNanos): UnixNanos {
  return (start + duration) as UnixNanos;
}

export function durationFromMillis(millis: number): DurationNanos {
  return (BigInt(Math.round(millis * 1000)) * 1000n) as DurationNanos;
}

export function durationFromNanos(nanos: bigint): DurationNanos {
  return nanos as DurationNanos;
}

/** Rounds down to whole milliseconds, as MLflow counts execution time. */
export function toDurationMillis(duration: DurationNanos): number {
  return Number(duration / NANOS_PER_MILLI);
}

/** proto3 JSON `Duration`: seconds with 0, 3, 6 or 9 digits, then `s`. */
export function formatProtoDuration(duration: DurationNanos): string {
  const sign = duration < 0n ? '-' : '';
  const nanos: bigint = duration < 0n ? 0n - duration : duration;
  return `${sign}${nanos / NANOS_PER_SECOND}${formatFraction(nanos % NANOS_PER_SECOND)}s`;
}

/** Lenient: any number of fraction digits, rounded to nanoseconds; the `s` is required. */
export function parseProtoDuration(text: string): DurationNanos | undefined {
  const match = /^(-?)(\d{1,10})(?:\.(\d*))?s$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, seconds = '0', fraction = ''] = match;
  const nanos = BigInt(seconds) * NANOS_PER_SECOND + parseFraction(fraction);
  return (sign === '-' ? -nanos : nanos) as DurationNanos;
}

/** proto3 JSON `Timestamp`: RFC 3339 in UTC with 0, 3, 6 or 9 fraction digits. */
export function formatTimestamp(time: UnixNanos): string {
  const seconds = new Date(Number(time / NANOS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  return `${seconds}${formatFraction(time % NANOS_PER_SECOND)}Z`;
}

/** Any RFC 3339 time, with an offset and any number of fraction digits. */
export function parseTimestamp(text: string): UnixNanos | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})$/.exec(text.trim());
  if (match === null) return undefined;
  const [, seconds = '', fraction = '', zone = ''] = match;
  const millis = Date.parse(`${seconds.replace(/[t ]/, 'T')}${zone.toUpperCase()}`);
  if (Number.isNaN(millis)) return undefined;
  return unixNanos(BigInt(millis) * NANOS_PER_MILLI + parseFraction(fraction));
}

function formatFraction(nanos: bigint): string {
  if (nanos === 0n) return '';
  const digits = nanos.toString().padStart(9, '0');
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`;
  if (digits.endsWith('000')) return `.${digits.slice(0, 6)}`;
  return `.${digits}`;
}

function parseFraction(digits: string): bigint {
  const nanos = BigInt(digits.slice(0, 9).padEnd(9, '0'));
  return (digits[9] ?? '0') >= '5' ? nanos + 1n : nanos;
}
