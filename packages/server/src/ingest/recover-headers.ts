import type { TraceId } from '@clew/core';
import type { SpanStore } from '../storage/span-store.ts';

/** A commit that a crash cut short was among the last things written; none takes nearly so long. */
const LAST_WRITTEN_MILLIS = 2 * 60_000;
/** Traces whose header is derived at once: writes wait meanwhile. */
const TRACES_AT_ONCE = 500;

/**
 * Derives the headers that a crash left out, or of less than is stored: nobody was told that their spans are there,
 * but they are.
 *
 * @returns how many there were.
 */
export async function recoverHeaders(
  store: SpanStore,
  refresh: (traceIds: readonly TraceId[]) => Promise<void>,
): Promise<number> {
  const suspects = await store.readLatelyWritten(LAST_WRITTEN_MILLIS);
  let recovered = 0;
  for (let at = 0; at < suspects.length; at += TRACES_AT_ONCE) {
    const some = suspects.slice(at, at + TRACES_AT_ONCE);
    const [sources, headers] = await Promise.all([store.readVersions(some), store.readHeaderVersions(some)]);
    const behind = some.filter((traceId) => sources.get(traceId) !== headers.get(traceId));
    if (behind.length > 0) await refresh(behind);
    recovered += behind.length;
  }
  return recovered;
}
