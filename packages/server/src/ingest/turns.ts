/** One task at a time per key, in the order they were asked for; keys do not wait for each other. */
export function createTurns<Key>(): <T>(key: Key, task: () => Promise<T>) => Promise<T> {
  const last = new Map<Key, Promise<unknown>>();
  return async (key, task) => {
    const before = last.get(key);
    const run = (async () => {
      await before;
      return task();
    })();
    const settled = run.catch(() => undefined);
    last.set(key, settled);
    try {
      return await run;
    } finally {
      if (last.get(key) === settled) last.delete(key);
    }
  };
}
