/** The times of spans: from the clock, and from what users give. */
import type { TimeInput } from '@opentelemetry/api';
import { unixNanos, unixNanosFromMillis, type UnixNanos } from '@clew/core';
import type { LiveTrace } from './live-trace.ts';
import { attempt } from './quietly.ts';
import type { TimeValue } from './span.ts';
import type { Clock } from './system.ts';

/** Now, counted from the trace's start by the monotonic clock: the wall clock may step back while a span is open. */
export function timeInTrace({ anchor }: LiveTrace, clock: Clock): UnixNanos {
  return (anchor.wallNanos + clock.monotonicNanos() - anchor.monotonicNanos) as UnixNanos;
}

/** `undefined` when it is no time, or one outside of 1970 to 2262. */
export function toUnixNanos(time: TimeValue | undefined): UnixNanos | undefined {
  return attempt(() => (time === undefined ? undefined : unixNanos(countNanos(time))), undefined);
}

function countNanos(time: TimeValue): bigint {
  if (typeof time === 'bigint') return time;
  // OpenTelemetry's `HrTime`: whole seconds, and nanoseconds that may have a fraction.
  if (Array.isArray(time)) return BigInt(time[0]) * 1_000_000_000n + BigInt(Math.round(time[1]));
  return unixNanosFromMillis(Number(time));
}

export function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value);
}
