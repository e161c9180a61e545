/** What the tracer asks of the machine: time and randomness. */
import { getRandomValues } from 'node:crypto';
import { toHex, type SpanId, type TraceId } from '@clew/core';

export interface Clock {
  /** Milliseconds since 1970, as the wall clock says. */
  wallMillis(): number;
  /** Nanoseconds from an arbitrary start; never goes back. */
  monotonicNanos(): bigint;
}

export interface IdSource {
  traceId(): TraceId;
  spanId(): SpanId;
}

export const systemClock: Clock = {
  wallMillis: () => Date.now(),
  monotonicNanos: () => process.hrtime.bigint(),
};

/** One call into the random source serves this many bytes: the call itself costs more than the bytes. */
const POOL_BYTES = 4096;

export function createRandomIds(): IdSource {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;

  function take(length: number): string {
    if (used + length > POOL_BYTES) {
      getRandomValues(pool);
      used = 0;
    }
    const bytes = pool.subarray(used, used + length);
    used += length;
    return toHex(bytes);
  }

  // All-zero ids are forbidden; at one in 2^64 they need no check. Casts: `toHex` of 16 and 8 bytes is the form.
  return { traceId: () => take(16) as TraceId, spanId: () => take(8) as SpanId };
}
