import { takeSnapshot } from './snapshot.ts';
import type { Attributes } from '@clew/core';

/** How far a chain of causes is followed. */
const MAX_CAUSES = 8;

export interface ExceptionRecord {
  readonly message: string;
  /** `exception.type`, `exception.message`, `exception.stacktrace` of the OpenTelemetry conventions. */
  readonly attributes: Attributes;
}

/** Describes anything that was thrown: errors with their causes, and whatever else people throw. */
export function describeException(thrown: unknown): ExceptionRecord {
  if (!(thrown instanceof Error)) {
    const { value } = takeSnapshot(thrown);
    const message = typeof value === 'string' ? value : JSON.stringify(value, bigintAsText);
    return { message, attributes: { 'exception.type': typeof thrown, 'exception.message': message } };
  }
  const { message } = thrown;
  const type = thrown.name === 'Error' ? thrown.constructor.name : thrown.name;
  return {
    message,
    attributes: { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stackOf(thrown) },
  };
}

function stackOf(error: Error): string {
  const stacks: string[] = [];
  let current: unknown = error;
  while (current instanceof Error && stacks.length < MAX_CAUSES) {
    stacks.push(current.stack ?? `${current.name}: ${current.message}`);
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : undefined;
    current = current.cause ?? inner;
  }
  return stacks.join('\nCaused by: ');
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
