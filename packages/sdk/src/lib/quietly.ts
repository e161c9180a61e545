/** Our part of the work may fail; the user's program goes on as if nothing had been recorded. */

export function quietly(record: () => void): void {
  try {
    record();
  } catch {
    // Recording failed; there is nobody to tell who could do anything about it.
  }
}

/** What `run` gives, or `fallback` when it throws: values from users may throw on every touch. */
export function attempt<T>(run: () => T, fallback: T): T {
  try {
    return run();
  } catch {
    return fallback;
  }
}
