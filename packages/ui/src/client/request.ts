import type { ErrorJson } from '@clew/core/api';
import type { FilterError } from '@clew/core';

/** A request that was refused, or that never got through. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  readonly errorCode: string;
  /** Where a filter went wrong. */
  readonly filterError: FilterError | undefined;

  constructor(status: number, answer: ErrorJson, options?: { readonly cause?: unknown }) {
    super(answer.message, options);
    this.status = status;
    this.errorCode = answer.error_code;
    this.filterError = answer.filter_error;
  }
}

/** Says whether a body is the answer that was asked for. */
export type AnswerCheck<Answer> = (body: unknown) => body is Answer;

/** @throws {RequestError} when the server is away, refuses, or answers something else. */
export async function getJson<Answer>(path: string, check: AnswerCheck<Answer>, signal: AbortSignal): Promise<Answer> {
  return checked(await getText(path, signal), path, check);
}

/** The body as text, for answers whose numbers must not be rounded. */
export async function getText(path: string, signal: AbortSignal): Promise<string> {
  return send(path, { signal, headers: { accept: 'application/json' } });
}

/** @throws {RequestError} as {@link getJson}. */
export async function postJson<Answer>(
  path: string,
  body: object,
  check: AnswerCheck<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const text = await send(path, { method: 'POST', body: JSON.stringify(body), headers, signal });
  return checked(text, path, check);
}

async function send(path: string, init: RequestInit): Promise<string> {
  const response = await fetch(path, init).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new RequestError(0, { error_code: 'UNREACHABLE', message: 'The server cannot be reached' }, { cause });
  });
  const text = await response.text();
  if (response.ok) return text;
  throw new RequestError(response.status, readError(text, response.status));
}

export function checked<Answer>(text: string, path: string, check: AnswerCheck<Answer>): Answer {
  const body = parse(text);
  if (check(body)) return body;
  const message = `Cannot read the answer of "${path}": it is not what was asked for`;
  throw new RequestError(200, { error_code: 'UNEXPECTED_ANSWER', message });
}

function readError(text: string, status: number): ErrorJson {
  const body = parse(text);
  const fallback = { error_code: 'INTERNAL_ERROR', message: `The server answered with status ${status}` };
  return isRecord(body) && typeof body['message'] === 'string' ? { ...fallback, ...body } : fallback;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A proxy's page rather than our answer; the caller says so.
    return undefined;
  }
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
