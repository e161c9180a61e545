/** An `exception` event of a span, as OpenTelemetry's conventions name its attributes. */
export interface ExceptionView {
  /** Class of the error; `Exception` when the emitter named none. */
  readonly type: string;
  readonly message: string;
  /** Lines of the stack trace, top frame first; empty when there is none. */
  readonly stack: readonly string[];
}

interface EventLike {
  readonly name: string;
  readonly attributes: { readonly [key: string]: unknown };
}

/** `undefined` for an event that is not an exception. */
export function readException(event: EventLike): ExceptionView | undefined {
  if (event.name !== 'exception') return undefined;
  const stack = text(event.attributes['exception.stacktrace']);
  return {
    type: text(event.attributes['exception.type']) || 'Exception',
    message: text(event.attributes['exception.message']),
    stack: stack.trim() === '' ? [] : stack.trimEnd().split('\n'),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
