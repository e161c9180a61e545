/**
 * Numbers that rise with every call: microseconds of the clock, or one more than the last where the clock stands still
 * or steps back. Rows written later get larger ones, after a restart too as long as the clock went on.
 */
export function createSequence(nowMillis: () => number): () => bigint {
  let last = 0n;
  return () => {
    const now = BigInt(Math.trunc(nowMillis() * 1000));
    last = now > last ? now : last + 1n;
    return last;
  };
}
