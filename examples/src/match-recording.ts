/** Which recording answers a request: same method, path and JSON body, whatever the order of keys. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Recording } from './recording.ts';

export interface ReplayRequest {
  readonly method: string;
  /** With its query string; may begin with a provider's folder, such as `/groq/openai/v1/chat/completions`. */
  readonly path: string;
  readonly body: unknown;
}

export type Match =
  /** Several when the same request was recorded more than once, in their order. */
  | { readonly kind: 'found'; readonly recordings: readonly Recording[] }
  | { readonly kind: 'none'; readonly closest: readonly Near[] };

/** A recording of the same path, and the first place where its body differs. */
export interface Near {
  readonly file: string;
  readonly differsAt: string;
}

const MAX_NEAR = 5;

export function matchRecording(recordings: readonly Recording[], request: ReplayRequest): Match {
  const candidates = recordings.filter((recording) => isSameCall(recording, request));
  const exact = candidates.filter(({ requestBody }) => isDeepStrictEqual(requestBody, request.body));
  if (exact.length > 0) return { kind: 'found', recordings: exact };
  const near = candidates.map(({ file, requestBody }) => ({
    file,
    differsAt: findDifference(requestBody, request.body, 'body') ?? '',
  }));
  // The further down the first difference, the likelier it is the one that was meant.
  near.sort((a, b) => b.differsAt.length - a.differsAt.length);
  return { kind: 'none', closest: near.slice(0, MAX_NEAR) };
}

function isSameCall({ provider, method, path }: Recording, request: ReplayRequest): boolean {
  if (method !== request.method) return false;
  return path === request.path || `/${provider}${path}` === request.path;
}

/** The path of the first value that differs; `undefined` when none does. */
export function findDifference(recorded: unknown, sent: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(recorded, sent)) return undefined;
  if (!isContainer(recorded) || !isContainer(sent) || Array.isArray(recorded) !== Array.isArray(sent)) return path;
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(sent)])) {
    const inner = Array.isArray(recorded) ? `${path}[${key}]` : `${path}.${key}`;
    const difference = findDifference(recorded[key], sent[key], inner);
    if (difference !== undefined) return difference;
  }
  return path;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
