/** Tries something until it works, less and less often; only what may pass is worth another try. */

export interface RetryOptions {
  /** Whether a failure may pass; any other one ends the trying. */
  readonly isAway: (error: unknown) => boolean;
  /** Hears of each failure that may pass. */
  readonly onAway: (error: unknown) => void;
  /** Resolves after so many milliseconds, and at once when the signal says stop. */
  readonly sleep: (millis: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

const FIRST_MILLIS = 250;
const LONGEST_MILLIS = 5000;

/**
 * @returns `undefined` when it was stopped before it worked.
 * @throws the failure that will not pass.
 */
export async function retryWhileAway<T>(open: () => Promise<T>, options: RetryOptions): Promise<T | undefined> {
  const { isAway, onAway, sleep, signal } = options;
  for (let millis = FIRST_MILLIS; !signal.aborted; millis = Math.min(millis * 2, LONGEST_MILLIS)) {
    try {
      return await open();
    } catch (error) {
      if (!isAway(error)) throw error;
      onAway(error);
    }
    await sleep(millis, signal);
  }
  return undefined;
}
