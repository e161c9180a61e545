/** Failures of the engine that are limits of ours: whoever asked can ask for less, and is told which limit it was. */
import { TracingError } from '@clew/core';

const LIMITS: readonly { readonly sign: RegExp; readonly limit: string }[] = [
  {
    sign: /\(MEMORY_LIMIT_EXCEEDED\)|[Mm]emory limit exceeded/,
    limit: 'it needs more memory than one query may use',
  },
  {
    sign: /\(TIMEOUT_EXCEEDED\)|Timeout exceeded: elapsed/,
    limit: 'it takes longer than one query may run (60 seconds)',
  },
  {
    sign: /\(QUERY_IS_TOO_LARGE\)|max_query_size/,
    limit: 'it is longer than one query may be (64 MiB)',
  },
];

/** `undefined` when the failure is none of the question's making. */
export function toLimitError(error: unknown): TracingError | undefined {
  const reason = error instanceof Error ? error.message : String(error);
  const found = LIMITS.find(({ sign }) => sign.test(reason));
  if (found === undefined) return undefined;
  return new TracingError('too_expensive', `Cannot answer this: ${found.limit}; ask for less, or filter more`);
}
