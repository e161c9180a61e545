/** Resources that serve one task each; tasks wait in line for the first free one. */
export interface Lanes<T> {
  /** Runs a task on a free resource. Rejects with the signal's reason if it fires while the task still waits. */
  use<R>(task: (resource: T) => Promise<R>, signal?: AbortSignal): Promise<R>;
  /** Resolves once no task runs or waits. */
  settle(): Promise<void>;
}

interface Waiting<T> {
  give(resource: T): void;
}

export function createLanes<T>(resources: readonly T[]): Lanes<T> {
  const free = [...resources];
  const line: Waiting<T>[] = [];
  const unsettled = new Set<Promise<unknown>>();

  function acquire(signal: AbortSignal | undefined): Promise<T> {
    const resource = free.pop();
    if (resource !== undefined) return Promise.resolve(resource);
    return new Promise((resolve, reject) => {
      const waiting: Waiting<T> = {
        give(given) {
          signal?.removeEventListener('abort', leave);
          resolve(given);
        },
      };
      const leave = (): void => {
        line.splice(line.indexOf(waiting), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      line.push(waiting);
    });
  }

  function release(resource: T): void {
    const next = line.shift();
    if (next === undefined) free.push(resource);
    else next.give(resource);
  }

  async function run<R>(task: (resource: T) => Promise<R>, signal: AbortSignal | undefined): Promise<R> {
    const resource = await acquire(signal);
    try {
      signal?.throwIfAborted();
      return await task(resource);
    } finally {
      release(resource);
    }
  }

  return {
    use(task, signal) {
      const running = run(task, signal);
      const forget = (): void => {
        unsettled.delete(running);
      };
      unsettled.add(running);
      running.then(forget, forget);
      return running;
    },
    async settle() {
      while (unsettled.size > 0) await Promise.allSettled(unsettled);
    },
  };
}
