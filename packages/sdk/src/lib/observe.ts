/**
 * Watches the result of a call without changing it: plain values, promises, lazy promises, the API promises of
 * vendors' clients, and generators.
 */
import { isApiPromise, observeApiPromise, type ApiPromise } from './observe-api-promise.ts';
import { attempt } from './quietly.ts';
import { replaceMethod } from './replace-method.ts';
import { guarded, type ResultObserver } from './result-observer.ts';

/**
 * Tells `observer` of the result when there is one, and gives back what the caller should get: the very same value,
 * or for a native promise one that settles alike.
 */
export function observeResult<T>(result: T, observer: ResultObserver): T {
  const safe = guarded(observer);
  if (isThenable(result)) return attempt(() => observeThenable(result, safe), result);
  safe.onValue(result);
  return result;
}

function observeThenable<T extends Thenable>(thenable: T, observer: ResultObserver): T {
  if (isApiPromise(thenable)) return observeApiPromise(thenable, observer) as T & ApiPromise;
  if (thenable instanceof Promise && thenable.constructor === Promise) {
    // A derived promise, and not a listener on the side: an unhandled rejection must stay unhandled.
    return thenable.then(onValue(observer), onError(observer)) as T & Promise<unknown>;
  }
  return tapThen(thenable, observer);
}

interface Thenable {
  then(onFulfilled?: unknown, onRejected?: unknown): unknown;
}

function isThenable(value: unknown): value is Thenable {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return attempt(() => 'then' in value && typeof value.then === 'function', false);
}

/** Lazy promises (query builders) start work on `then`: we only listen when the user does. */
function tapThen<T extends Thenable>(thenable: T, observer: ResultObserver): T {
  try {
    replaceMethod(thenable, 'then', (original) => {
      return function then(this: unknown, onFulfilled?: unknown, onRejected?: unknown) {
        return original.call(this, onValue(observer, onFulfilled), onError(observer, onRejected));
      };
    });
  } catch {
    // Frozen: what comes of it cannot be known.
    observer.onValue(undefined);
  }
  return thenable;
}

function onValue(observer: ResultObserver, next?: unknown): (value: unknown) => unknown {
  return (value) => {
    observer.onValue(value);
    return typeof next === 'function' ? (next(value) as unknown) : value;
  };
}

function onError(observer: ResultObserver, next?: unknown): (error: unknown) => unknown {
  return (error) => {
    observer.onError(error);
    if (typeof next === 'function') return next(error) as unknown;
    throw error;
  };
}
