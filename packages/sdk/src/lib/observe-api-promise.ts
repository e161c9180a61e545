/**
 * The promise of Stainless clients (openai, @anthropic-ai/sdk, groq-sdk, together-ai).
 *
 * It is lazy: the request starts at once, the body is parsed when somebody first asks. Reading it ourselves would
 * take it from the user, so we hang on to what the user does: `_thenUnwrap` for the parsed value, `responsePromise`
 * for failures, and the instance's own `parse` and `asResponse` to know which of the two the user wants.
 */
import type { ResultObserver } from './result-observer.ts';

export interface ApiPromise {
  readonly responsePromise: Promise<{ readonly response: Response }>;
  _thenUnwrap(transform: (value: unknown, props: unknown) => unknown): ApiPromise;
  parse(): Promise<unknown>;
  asResponse(): Promise<Response>;
}

export interface ApiObserver extends ResultObserver {
  /** The answer's head has arrived. */
  onResponse?(response: Response): void;
  /** The user reads the raw response: nobody will parse the body. */
  onRawResponse?(response: Response): void;
}

export function isApiPromise(value: unknown): value is ApiPromise {
  if (typeof value !== 'object' || value === null) return false;
  const { responsePromise, _thenUnwrap: thenUnwrap } = value as Partial<ApiPromise>;
  return responsePromise instanceof Promise && typeof thenUnwrap === 'function';
}

/** `onValue` may return the value's replacement's side effects only: the user gets the parsed value itself. */
export function observeApiPromise(promise: ApiPromise, observer: ApiObserver): ApiPromise {
  const use: Use = { isTouched: false, isParsed: false };
  const observed = promise._thenUnwrap((value) => {
    observer.onValue(value);
    return value;
  });
  watchResponse(promise.responsePromise, use, observer);
  return follow(observed, use, observer);
}

/** What the user has asked of the promise so far. */
interface Use {
  isTouched: boolean;
  isParsed: boolean;
}

function watchResponse(response: ApiPromise['responsePromise'], use: Use, observer: ApiObserver): void {
  response.then(
    ({ response: head }) => observer.onResponse?.(head),
    (error: unknown) => {
      observer.onError(error);
      // Listening has marked the rejection as handled. If the user never looks, Node must still complain.
      process.nextTick(() => {
        if (!use.isTouched) void Promise.reject(error);
      });
    },
  );
}

/** Notes the use of a promise and of all that `_thenUnwrap` derives from it (the client's own `parse()` helpers). */
function follow(promise: ApiPromise, use: Use, observer: ApiObserver): ApiPromise {
  const { parse, asResponse, _thenUnwrap: thenUnwrap } = promise;
  define(promise, 'parse', function parseObserved(this: ApiPromise) {
    use.isTouched = true;
    use.isParsed = true;
    const parsed = parse.call(this);
    // A body that cannot be parsed: `_thenUnwrap` does not hear of it. Cached by the client, so nothing is read twice.
    parsed.then(undefined, observer.onError);
    return parsed;
  });
  define(promise, 'asResponse', function asResponseObserved(this: ApiPromise) {
    use.isTouched = true;
    const response = asResponse.call(this);
    // `withResponse()` asks for both, the parsed value first.
    response.then(
      (head) => {
        if (!use.isParsed) observer.onRawResponse?.(head);
      },
      () => {},
    );
    return response;
  });
  define(promise, '_thenUnwrap', function thenUnwrapObserved(this: ApiPromise, ...args: Parameters<typeof thenUnwrap>) {
    return follow(thenUnwrap.apply(this, args), use, observer);
  });
  return promise;
}

/** Not enumerable: the promise must look as before. */
function define(promise: ApiPromise, name: keyof ApiPromise, value: unknown): void {
  Object.defineProperty(promise, name, { value, configurable: true, writable: true });
}
