/**
 * Versions decide which of two rows of one key counts, and tell how much of a trace a header has seen.
 *
 * Every source gets the next number of a rising sequence, spans that have ended {@link ENDED} on top of it: the later
 * wins, and no running span ever beats one that has ended. A trace's version is the sum over its sources. Sources are
 * only ever added or replaced by higher versions, so of two headers the one derived from more has the higher version,
 * whichever process derived it and whenever it was written. Equal versions mean equal sources: sequence numbers are
 * microseconds of the clock, so that sums over more of them are larger whichever they are.
 */
import type { TraceSources } from './span-store.ts';

const ENDED = 2n ** 63n;

export function versionOfSpan(hasEnded: boolean, sequence: bigint): bigint {
  return hasEnded ? ENDED + sequence : sequence;
}

export function versionOfSources({ spans, starts, tags }: TraceSources): bigint {
  let version = 0n;
  for (const sources of [spans, starts, tags]) for (const source of sources) version += source.version;
  return version;
}
