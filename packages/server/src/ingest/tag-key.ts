import { TracingError } from '@clew/core';

const MAX_KEY_LENGTH = 250;
const KEY = /^[\p{L}\p{N}\p{M}_/.\- :]+$/u;

/**
 * Checks the key of a trace tag: at most 250 characters, `/`, word characters, `.`, `-`, blanks and `:`, and nothing
 * that reads as a path leading elsewhere (MLflow's contract, section 1.5.7).
 *
 * @throws {TracingError} `invalid_argument`
 */
export function checkTagKey(key: string): void {
  const reason = findFault(key);
  if (reason !== undefined)
    throw new TracingError('invalid_argument', `Invalid tag key "${key.slice(0, 300)}": ${reason}`);
}

function findFault(key: string): string | undefined {
  if (key === '') return 'expected at least one character';
  if (key.length > MAX_KEY_LENGTH) return `expected at most ${MAX_KEY_LENGTH} characters, got ${key.length}`;
  if (!KEY.test(key)) return 'expected letters, digits, "_", "/", ".", "-", ":" and blanks only';
  if (key.startsWith('/') || key.endsWith('/')) return 'expected no "/" at either end';
  if (key.split('/').some((part) => part === '..' || part === '.')) return 'expected no "." or ".." between slashes';
  return undefined;
}
