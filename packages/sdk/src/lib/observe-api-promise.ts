/**
 * The promise of Stainless clients (openai, @anthropic-ai/sdk, groq-sdk, together-ai).
 *
 * It is lazy: the request starts at once, the body is parsed when somebody first asks. Reading it ourselves would
 * take it from the user, so we hang on to what the user does: `_thenUnwrap` for the parsed value, `responsePromise`
 * for failures, and the instance's own `parse` and `asResponse` to know which of the two the user wants.
 */
import { replaceMethod } from './replace-method.ts';
import type { ResultObserver } from './result-observer.ts';

export interface ApiPromise {
  readonly responsePromise: Promise<{ readonly response: Response }>;
  _thenUnwrap(transform: (value: unknown, props: unknown) => unknown): ApiPromise;
  parse(): Promise<unknown>;
  asResponse(): Promise<Response>;
  /** Anthropic's: for helpers that parse the response themselves. */
  _responseProps?(): Promise<{ readonly response: Response }>;
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

/** The user gets an API promise like the original, and in the end the very value the client parsed. */
export function observeApiPromise(promise: ApiPromise, observer: ApiObserver): ApiPromise {
  // Observed by several: a traced function that returns the promise of a traced client.
  const use = uses.get(promise) ?? { isTouched: false, isParsed: false, hasComplained: false };
  const observed = promise._thenUnwrap((value) => {
    observer.onValue(value);
    return value;
  });
  watchResponse(promise.responsePromise, use, observer);
  return follow(observed, use, observer);
}

/**
 * A client has made a value of a response by itself, past its promise.
 *
 * Anthropic's threads and streaming tool runner do: they take the response of one promise into another.
 */
export function tellOfParsedResponse(response: unknown, value: unknown): void {
  if (typeof response !== 'object' || response === null) return;
  takenResponses.get(response)?.onValue(value);
  takenResponses.delete(response);
}

const takenResponses = new WeakMap<object, ApiObserver>();

/** What the user has asked of the promise so far. */
interface Use {
  isTouched: boolean;
  isParsed: boolean;
  hasComplained: boolean;
}

const uses = new WeakMap<ApiPromise, Use>();

function watchResponse(response: ApiPromise['responsePromise'], use: Use, observer: ApiObserver): void {
  response.then(
    ({ response: head }) => observer.onResponse?.(head),
    (error: unknown) => {
      observer.onError(error);
      // Listening has marked the rejection as handled. If the user never looks, Node must still complain.
      process.nextTick(() => {
        if (use.isTouched || use.hasComplained) return;
        use.hasComplained = true;
        void Promise.reject(error);
      });
    },
  );
}

/** Notes the use of a promise and of all that `_thenUnwrap` derives from it (the client's own `parse()` helpers). */
function follow(promise: ApiPromise, use: Use, observer: ApiObserver): ApiPromise {
  uses.set(promise, use);
  replaceMethod(promise, 'parse', (parse) => {
    return function parseObserved(this: unknown, ...args) {
      use.isTouched = true;
      use.isParsed = true;
      const parsed = parse.apply(this, args) as Promise<unknown>;
      // A body that cannot be parsed: `_thenUnwrap` does not hear of it. The client caches the promise, so nothing
      // is read twice.
      parsed.catch((error: unknown) => observer.onError(error));
      return parsed;
    };
  });
  replaceMethod(promise, 'asResponse', (asResponse) => {
    return function asResponseObserved(this: unknown, ...args) {
      use.isTouched = true;
      const response = asResponse.apply(this, args) as Promise<Response>;
      // `withResponse()` asks for both, the parsed value first.
      void tellOfRawResponse(response, use, observer);
      return response;
    };
  });
  replaceMethod(promise, '_responseProps', (responseProps) => {
    return async function responsePropsObserved(this: unknown, ...args) {
      use.isTouched = true;
      const props = (await responseProps.apply(this, args)) as Awaited<ApiPromise['responsePromise']>;
      if (!use.isParsed) takenResponses.set(props.response, observer);
      return props;
    };
  });
  replaceMethod(promise, '_thenUnwrap', (thenUnwrap) => {
    return function thenUnwrapObserved(this: unknown, ...args) {
      return follow(thenUnwrap.apply(this, args) as ApiPromise, use, observer);
    };
  });
  return promise;
}

async function tellOfRawResponse(response: Promise<Response>, use: Use, observer: ApiObserver): Promise<void> {
  const head = await response.catch(() => undefined);
  if (head !== undefined && !use.isParsed) observer.onRawResponse?.(head);
}
