import { parseTraceId, TracingError } from '@clew/core';
import type { SearchCursor } from '../storage/span-store.ts';

/** An opaque, URL-safe text: where the next page starts. It holds no secret and is not signed. */
export function encodePageToken(cursor: SearchCursor): string {
  return Buffer.from(JSON.stringify([cursor.keys, String(cursor.startNanos), cursor.traceId])).toString('base64url');
}

/** @throws {TracingError} `invalid_argument` for a text that is no token of ours. */
export function decodePageToken(token: string): SearchCursor {
  const cursor = readToken(token);
  if (cursor === undefined) {
    throw new TracingError(
      'invalid_argument',
      `Invalid page_token "${token.slice(0, 100)}": expected one from the answer before`,
    );
  }
  return cursor;
}

function readToken(token: string): SearchCursor | undefined {
  const parts = parse(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Array.isArray(parts)) return undefined;
  const [keys, start, id] = parts as readonly unknown[];
  const traceId = typeof id === 'string' ? parseTraceId(id) : undefined;
  if (!Array.isArray(keys) || !keys.every(isKey) || typeof start !== 'string' || !/^-?\d{1,19}$/.test(start))
    return undefined;
  return traceId === undefined ? undefined : { keys, startNanos: BigInt(start), traceId };
}

function isKey(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
