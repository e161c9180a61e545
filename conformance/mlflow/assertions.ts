import assert from 'node:assert/strict';
import type { Answer } from './api.ts';

/** The error a client switches on. */
export function refused(answer: Answer, status: number, errorCode: string): void {
  assert.deepEqual([answer.status, answer.at('error_code')], [status, errorCode], answer.text.slice(0, 300));
}

/** 404 `RESOURCE_DOES_NOT_EXIST`. */
export function notFound(answer: Answer): void {
  refused(answer, 404, 'RESOURCE_DOES_NOT_EXIST');
}

/** 400 `INVALID_PARAMETER_VALUE`. */
export function invalid(answer: Answer): void {
  refused(answer, 400, 'INVALID_PARAMETER_VALUE');
}

export function succeeded(answer: Answer): Answer {
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  return answer;
}

export function equal(actual: unknown, expected: unknown, what?: string): void {
  assert.deepEqual(actual, expected, what);
}

export function holds(condition: boolean, what: string): void {
  assert.ok(condition, what);
}

/** The same things in any order. */
export function sameSet(actual: readonly string[], expected: readonly string[], what?: string): void {
  assert.deepEqual([...actual].sort(), [...expected].sort(), what);
}

/** Fails with everything it found: `expected` may leave fields out. */
export function contains(actual: unknown, expected: unknown): void {
  containsEach(actual, expected);
}

function containsEach(actual: unknown, expected: unknown): void {
  for (const [key, value] of Object.entries(expected as Record<string, unknown>)) {
    const found = (actual as Record<string, unknown> | undefined)?.[key];
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) containsEach(found, value);
    else assert.deepEqual(found, value, `at ${key} of ${JSON.stringify(actual)}`);
  }
}
