/** When to try again, and how much later: pure. */

/** MLflow's client retries the same ones. */
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_DELAY_MILLIS = 500;
const LONGEST_DELAY_MILLIS = 30_000;
/** A server may ask for more patience than our own back-off, but not for ever. */
const LONGEST_ASKED_MILLIS = 120_000;

export function isRetryable(status: number): boolean {
  return RETRYABLE.has(status);
}

/**
 * Exponential back-off with full jitter, or what the server asked for.
 *
 * @param attempt - 0 after the first failure.
 * @param random - From 0 to 1.
 */
export function retryDelay(attempt: number, random: number, askedMillis: number | undefined): number {
  if (askedMillis !== undefined) return Math.min(askedMillis, LONGEST_ASKED_MILLIS);
  return Math.min(FIRST_DELAY_MILLIS * 2 ** attempt, LONGEST_DELAY_MILLIS) * random;
}

/** `Retry-After`: seconds or an HTTP date. `undefined` when it is neither. */
export function parseRetryAfter(header: string | null, nowMillis: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMillis);
}
