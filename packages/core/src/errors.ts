/** Why we refused or failed. Callers switch on it; the server maps each code to one HTTP status. */
export type ErrorCode =
  | 'invalid_argument'
  | 'malformed'
  | 'not_found'
  | 'already_exists'
  | 'forbidden'
  | 'too_large'
  /** A question whose answer takes more than one question may. */
  | 'too_expensive'
  | 'unsupported'
  | 'overloaded'
  | 'unavailable';

/** The one error we throw on purpose. Callers switch on `code`, never on `message`. */
export class TracingError extends Error {
  override readonly name = 'TracingError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The answer to a question whose "no" is expected, such as parsing what somebody typed. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** Ends a `switch` over a union: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`);
}

/** The value, or a crash when our own reasoning was wrong. Never for input from outside. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Expected ${what}`);
  return value;
}
