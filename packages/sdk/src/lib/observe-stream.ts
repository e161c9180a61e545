/**
 * The stream of Stainless clients: an async iterable with a `controller`.
 *
 * Only the instance's iterator factory is replaced, so `instanceof`, `controller`, `tee()` and `toReadableStream()`
 * stay as they are. Nothing is teed: that would buffer without bound and go on downloading after a `break`.
 */
import { quietly } from './quietly.ts';

export interface StreamObserver {
  onItem(item: unknown): void;
  onEnd(how: StreamEnd): void;
}

export type StreamEnd =
  | { readonly kind: 'complete' }
  /** The reader stopped asking. */
  | { readonly kind: 'left' }
  /** Cut off through its controller or a signal of the caller. */
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface ApiStream extends AsyncIterable<unknown> {
  readonly controller: AbortController;
  iterator?: () => AsyncIterator<unknown>;
}

export function isApiStream(value: unknown): value is ApiStream {
  if (typeof value !== 'object' || value === null || !(Symbol.asyncIterator in value)) return false;
  return 'controller' in value && value.controller instanceof AbortController;
}

/** @param run - Runs each step of the stream in the span's context, so that what it calls nests below. */
export function observeStream(stream: ApiStream, run: <T>(fn: () => T) => T, observer: StreamObserver): void {
  let hasEnded = false;
  const { signal } = stream.controller;
  const onAbort = (): void => end({ kind: 'aborted' });
  const end = (how: StreamEnd): void => {
    if (hasEnded) return;
    hasEnded = true;
    signal.removeEventListener('abort', onAbort);
    quietly(() => observer.onEnd(how));
  };
  // A stream that is aborted before its first item, or between two, may never be asked again.
  if (signal.aborted) end({ kind: 'aborted' });
  else signal.addEventListener('abort', onAbort, { once: true });

  const create = iteratorOf(stream);
  const observed = (): AsyncIterator<unknown> => {
    const inner = run(create);
    return {
      ...iterable(),
      next: async (...args) => {
        try {
          const result = await run(() => inner.next(...args));
          if (result.done === true) end(signal.aborted ? { kind: 'aborted' } : { kind: 'complete' });
          else quietly(() => observer.onItem(result.value));
          return result;
        } catch (error) {
          end({ kind: 'failed', error });
          throw error;
        }
      },
      return: async (value?: unknown) => {
        // Before the inner iterator hears of it: that one aborts the request, which is not the user's abort.
        end({ kind: 'left' });
        return (await run(() => inner.return?.(value))) ?? { done: true, value };
      },
      throw: async (error?: unknown) => {
        end({ kind: 'failed', error });
        if (inner.throw === undefined) throw error;
        return run(() => inner.throw?.(error) as Promise<IteratorResult<unknown>>);
      },
    };
  };
  replaceIterator(stream, observed);
}

/** An iterator is iterable too, as generators are. */
function iterable(): { [Symbol.asyncIterator](): AsyncIterator<unknown> } {
  return {
    [Symbol.asyncIterator](this: AsyncIterator<unknown>) {
      return this;
    },
  };
}

function iteratorOf(stream: ApiStream): () => AsyncIterator<unknown> {
  const { iterator } = stream;
  return typeof iterator === 'function' ? () => iterator.call(stream) : () => stream[Symbol.asyncIterator]();
}

/** `tee()` asks `iterator`, iteration asks the symbol, which asks `iterator` where there is one. */
function replaceIterator(stream: ApiStream, create: () => AsyncIterator<unknown>): void {
  if (typeof stream.iterator === 'function') stream.iterator = create;
  else Object.defineProperty(stream, Symbol.asyncIterator, { value: create, configurable: true, writable: true });
}
