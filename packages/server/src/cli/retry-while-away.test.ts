import { describe, expect, test } from 'vitest';
import { retryWhileAway } from './retry-while-away.ts';

/** Fails so often, each time with what it is given, then works. */
async function retry(failures: readonly string[], stopAfter = Number.POSITIVE_INFINITY) {
  const heard: unknown[] = [];
  const slept: number[] = [];
  const stop = new AbortController();
  const left = [...failures];
  const result = await retryWhileAway(
    async () => {
      const failure = left.shift();
      if (failure !== undefined) throw new Error(failure);
      return 'open';
    },
    {
      isAway: (error) => error instanceof Error && error.message === 'away',
      onAway: (error) => heard.push(error),
      sleep: async (millis) => {
        slept.push(millis);
        if (slept.length >= stopAfter) stop.abort();
      },
      signal: stop.signal,
    },
  );
  return { result, heard: heard.length, slept };
}

describe('retryWhileAway()', () => {
  test('does not wait when it works at once', async () => {
    expect(await retry([])).toEqual({ result: 'open', heard: 0, slept: [] });
  });

  test('waits twice as long each time, five seconds at most', async () => {
    const { slept, heard } = await retry(Array.from({ length: 7 }, () => 'away'));
    expect(slept).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    expect(heard).toBe(7);
  });

  test('ends with a failure that will not pass', async () => {
    await expect(retry(['away', 'wrong password'])).rejects.toThrow('wrong password');
  });

  test('gives up when it is told to stop', async () => {
    expect(await retry(['away', 'away', 'away'], 2)).toMatchObject({ result: undefined, heard: 2 });
  });
});
