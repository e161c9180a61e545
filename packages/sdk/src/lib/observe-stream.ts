/**
 * The streams of vendors' clients: async iterables, async generators and web streams.
 *
 * Only methods of the instance are replaced, so `instanceof`, `controller`, `tee()` and `toReadableStream()` stay as
 * they are. Nothing is teed: that would buffer without bound and go on downloading after a `break`.
 */
import { attempt, quietly } from './quietly.ts';
import { isAbort } from './vendor-error.ts';

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

export type AnyStream = AsyncIterable<unknown>;

/** Runs a step of the stream in the span's context, so that what it calls nests below. */
type Run = <T>(fn: () => T) => T;

export function isAnyStream(value: unknown): value is AnyStream {
  if (typeof value !== 'object' || value === null) return false;
  return attempt(() => typeof Reflect.get(value, Symbol.asyncIterator) === 'function', false);
}

export function observeStream(stream: AnyStream, run: Run, observer: StreamObserver): void {
  const watch = createWatch(observer, abortSignalOf(stream));
  if (isIterator(stream)) return observeInPlace(stream, run, watch);
  if (stream instanceof ReadableStream) return observeWebStream(stream, run, watch);
  const create = iteratorOf(stream);
  replaceIterator(stream, () => observeIterator(run(create), run, watch));
}

interface Watch {
  /** Runs a step; while one is under way its outcome says why a stream ends, not the signal. */
  step<T>(step: () => Promise<T>): Promise<T>;
  item(value: unknown): void;
  end(how: StreamEnd): void;
  /** The stream has no more to give. */
  done(): void;
}

function createWatch(observer: StreamObserver, signal: AbortSignal | undefined): Watch {
  let hasEnded = false;
  let steps = 0;
  // Clients abort their own request when its connection breaks: the step under way then fails with the reason.
  const onAbort = (): void => {
    if (steps === 0) end({ kind: 'aborted' });
  };
  const end = (how: StreamEnd): void => {
    if (hasEnded) return;
    hasEnded = true;
    signal?.removeEventListener('abort', onAbort);
    quietly(() => observer.onEnd(how.kind === 'failed' && isAbort(how.error) ? { kind: 'aborted' } : how));
  };
  // A stream that is aborted before its first item, or between two, may never be asked again.
  if (signal?.aborted === true) end({ kind: 'aborted' });
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    async step(step) {
      steps += 1;
      try {
        return await step();
      } catch (error) {
        end({ kind: 'failed', error });
        throw error;
      } finally {
        steps -= 1;
      }
    },
    item(value) {
      quietly(() => observer.onItem(value));
      if (signal?.aborted === true) onAbort();
    },
    end,
    done: () => end(signal?.aborted === true ? { kind: 'aborted' } : { kind: 'complete' }),
  };
}

/** Stainless clients keep it as `controller`, Ollama as `abortController`. */
function abortSignalOf(stream: object): AbortSignal | undefined {
  for (const key of ['controller', 'abortController']) {
    const controller: unknown = Reflect.get(stream, key);
    if (controller instanceof AbortController) return controller.signal;
  }
  return undefined;
}

function isIterator(stream: AnyStream): stream is AnyStream & AsyncIterator<unknown> {
  return typeof Reflect.get(stream, 'next') === 'function';
}

function observeIterator(inner: AsyncIterator<unknown>, run: Run, watch: Watch): AsyncIterator<unknown> {
  return {
    ...iterable(),
    next: async (...args) => {
      const result = await watch.step(async () => run(() => inner.next(...args)));
      if (result.done === true) watch.done();
      else watch.item(result.value);
      return result;
    },
    return: async (value?: unknown) => {
      // Before the inner iterator hears of it: that one aborts the request, which is not the user's abort.
      watch.end({ kind: 'left' });
      return (await run(() => inner.return?.(value))) ?? { done: true, value };
    },
    throw: async (error?: unknown) => {
      watch.end({ kind: 'failed', error });
      if (inner.throw === undefined) throw error;
      return run(() => inner.throw?.(error) as Promise<IteratorResult<unknown>>);
    },
  };
}

/** An iterator is iterable too, as generators are. */
function iterable(): { [Symbol.asyncIterator](): AsyncIterator<unknown> } {
  return {
    [Symbol.asyncIterator](this: AsyncIterator<unknown>) {
      return this;
    },
  };
}

/** Generators stay the object they were: their steps alone are replaced. */
function observeInPlace(stream: AsyncIterator<unknown>, run: Run, watch: Watch): void {
  const inner: AsyncIterator<unknown> = {
    next: stream.next.bind(stream),
    ...(stream.return === undefined ? {} : { return: stream.return.bind(stream) }),
    ...(stream.throw === undefined ? {} : { throw: stream.throw.bind(stream) }),
  };
  const observed = observeIterator(inner, run, watch);
  for (const name of ['next', 'return', 'throw'] as const) define(stream, name, observed[name]);
}

/** Readers, iterators and the streams derived from it are observed at one place each. */
function observeWebStream(stream: ReadableStream<unknown>, run: Run, watch: Watch): void {
  const getReader = stream.getReader.bind(stream);
  const iterate = iteratorOf(stream);
  // Vendors' web streams may iterate through `this.getReader()`, which would count twice. One reader at a time: what
  // asks while somebody iterates is the iterator.
  let isIterated = false;
  const create = (): AsyncIterator<unknown> => {
    isIterated = true;
    return observeIterator(run(iterate), run, watch);
  };
  const derived = (): ReadableStream<unknown> => toWebStream(create());
  replaceIterator(stream, create);
  define(stream, 'getReader', (...args: readonly []) => {
    const reader = getReader(...args);
    return isIterated ? reader : observeReader(reader, watch);
  });
  define(stream, 'tee', () => derived().tee());
  define(stream, 'pipeThrough', (...args: Parameters<ReadableStream['pipeThrough']>) => derived().pipeThrough(...args));
  define(stream, 'pipeTo', (...args: Parameters<ReadableStream['pipeTo']>) => derived().pipeTo(...args));
}

function observeReader(
  reader: ReadableStreamDefaultReader<unknown>,
  watch: Watch,
): ReadableStreamDefaultReader<unknown> {
  const read = reader.read.bind(reader);
  const cancel = reader.cancel.bind(reader);
  define(reader, 'read', async () => {
    const result = await watch.step(read);
    if (result.done) watch.done();
    else watch.item(result.value);
    return result;
  });
  define(reader, 'cancel', (reason?: unknown) => {
    watch.end({ kind: 'left' });
    return cancel(reason);
  });
  return reader;
}

function toWebStream(iterator: AsyncIterator<unknown>): ReadableStream<unknown> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function iteratorOf(stream: AnyStream): () => AsyncIterator<unknown> {
  const iterator: unknown = Reflect.get(stream, 'iterator');
  if (typeof iterator === 'function') return () => iterator.call(stream) as AsyncIterator<unknown>;
  return stream[Symbol.asyncIterator].bind(stream);
}

/** `tee()` asks `iterator`, iteration asks the symbol, which asks `iterator` where there is one. */
function replaceIterator(stream: AnyStream, create: () => AsyncIterator<unknown>): void {
  if (typeof Reflect.get(stream, 'iterator') === 'function') Reflect.set(stream, 'iterator', create);
  else define(stream, Symbol.asyncIterator, create);
}

function define(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
