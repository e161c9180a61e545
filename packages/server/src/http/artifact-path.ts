/** Paths of uploaded files. They are keys in the store; what could climb on a disk is refused all the same. */
import { parseMlflowTraceId, TracingError, type TraceId } from '@clew/core';

const MAX_PATH_LENGTH = 2000;

/**
 * The path of a file from the rest of a URL, decoded once.
 *
 * @throws {TracingError} `invalid_argument` for an empty, absolute or climbing path, backslashes and control characters.
 */
export function readArtifactPath(encoded: string): string {
  const path = decode(encoded);
  const fault = path === undefined ? 'expected percent-encoded UTF-8' : findFault(path);
  if (fault === undefined) return path ?? '';
  throw new TracingError('invalid_argument', `Invalid artifact path "${encoded.slice(0, 200)}": ${fault}`);
}

/** A path under the artifacts of a trace: `…/traces/<trace id>/artifacts/<name>`. */
export function readTracePath(path: string): { readonly traceId: TraceId; readonly name: string } | undefined {
  const [, id = '', name = ''] = /(?:^|\/)traces\/([^/]+)\/artifacts\/(.+)$/.exec(path) ?? [];
  const traceId = parseMlflowTraceId(id);
  return traceId === undefined || name === '' ? undefined : { traceId, name };
}

/** Whether the raw path of a request has parts that URL parsers resolve away. */
export function climbs(rawPath: string): boolean {
  const [path = ''] = rawPath.split('?', 1);
  return path.split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part));
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function findFault(path: string): string | undefined {
  if (path === '') return 'expected at least one character';
  if (path.length > MAX_PATH_LENGTH) return `expected at most ${MAX_PATH_LENGTH} characters`;
  if (/[\\\p{Cc}]/u.test(path)) return 'expected no backslashes and no control characters';
  // A second decoding somewhere else must not make it climb either.
  if (/%(?:2e|2f|5c|00)/i.test(path)) return 'expected to be percent-encoded once';
  if (/^[A-Za-z]:/.test(path)) return 'expected no drive';
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return 'expected names between slashes, none of them "." or ".."';
  return undefined;
}
