/**
 * Numbers that rise with every call: microseconds of the clock, or one more than the last where the clock stands still
 * or steps back.
 *
 * @param last - All are larger than this one. Default 0: rows written later get larger ones after a restart, too, as
 *   long as the clock went on.
 */
export function createSequence(nowMillis: () => number, last = 0n): () => bigint {
  return () => {
    const now = BigInt(Math.trunc(nowMillis() * 1000));
    last = now > last ? now : last + 1n;
    return last;
  };
}
