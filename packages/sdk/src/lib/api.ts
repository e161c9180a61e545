/** The functions users call; each is a thin call of the process's runtime and never throws. */
import type { InitOptions } from './config.ts';
import type { DeliveryStats, FlushReport } from './delivery.ts';
import { runInSpan, wrapFunction, type AnyFunction, type TraceOptions } from './instrument.ts';
import type { TraceUpdate } from './live-trace.ts';
import { getRuntime } from './runtime.ts';
import type { DetachedSpanOptions, Span, SpanOptions } from './span.ts';

/** What {@link init} gives back: the same functions as exported, for those who like to hand them around. */
export interface Handle {
  flush(timeoutMillis?: number): Promise<FlushReport>;
  shutdown(timeoutMillis?: number): Promise<FlushReport>;
  stats(): DeliveryStats;
}

const DEFAULT_FLUSH_MILLIS = 5000;

/**
 * Says where traces go. Optional: the first span reads the environment.
 *
 * Calling it again replaces the settings; spans already ended still go to the former destination. Settings that
 * cannot be used are told on the console, and their defaults taken.
 */
export function init(options: InitOptions = {}): Handle {
  const delivery = getRuntime().configure(options);
  return {
    flush: (timeoutMillis = DEFAULT_FLUSH_MILLIS) => delivery.flush(timeoutMillis),
    shutdown: (timeoutMillis = DEFAULT_FLUSH_MILLIS) => delivery.shutdown(timeoutMillis),
    stats: () => delivery.stats(),
  };
}

/**
 * Makes a function leave a span of each call, with its arguments and result.
 *
 * A sync function stays sync, a promise stays a promise, `this`, name and length are kept. Generators, sync and
 * async, keep their span open until they are exhausted, left or thrown out of. Functions already traced are given
 * back as they are.
 *
 * @example
 * ```ts
 * const answer = trace(async (question: string) => `You asked: ${question}`, { name: 'answer', spanType: 'CHAIN' });
 * await answer('why?');
 * ```
 */
export function trace<F extends AnyFunction>(fn: F, options: TraceOptions<Parameters<F>> = {}): F {
  const { traced: known, tracer } = getRuntime();
  // Callers without types may pass anything; what is no function cannot be traced.
  if (typeof fn !== 'function' || known.has(fn)) return fn;
  const wrapped = wrapFunction(() => tracer, fn, options as TraceOptions<never>);
  known.add(wrapped);
  return wrapped;
}

type Method = AnyFunction;
/** A standard (ECMAScript) method decorator. */
type MethodDecorator = <M extends Method>(method: M, context: ClassMethodDecoratorContext) => M;

/**
 * {@link trace} as a standard decorator for methods: `@traced` or `@traced({ spanType: 'TOOL' })`.
 *
 * Not for TypeScript's `experimentalDecorators`.
 */
export function traced<M extends Method>(method: M, context: ClassMethodDecoratorContext): M;
export function traced(options?: TraceOptions<never>): MethodDecorator;
export function traced<M extends Method>(
  methodOrOptions?: M | TraceOptions<never>,
  context?: ClassMethodDecoratorContext,
): M | MethodDecorator {
  if (typeof methodOrOptions === 'function') return traceMethod(methodOrOptions, context, {});
  const options = methodOrOptions ?? {};
  return <N extends Method>(method: N, methodContext: ClassMethodDecoratorContext) =>
    traceMethod(method, methodContext, options);
}

function traceMethod<M extends Method>(
  method: M,
  context: ClassMethodDecoratorContext | undefined,
  options: TraceOptions<never>,
): M {
  const name = options.name ?? (context === undefined ? undefined : String(context.name));
  const { tracer } = getRuntime();
  return wrapFunction(() => tracer, method, { ...options, ...(name === undefined ? {} : { name }) });
}

/**
 * Runs a function in a span, active while it runs. What it returns becomes the outputs unless it sets others; what
 * it throws is recorded and thrown on. A promise keeps the span open until it settles.
 *
 * @example
 * ```ts
 * const documents = await withSpan({ name: 'retrieve', spanType: 'RETRIEVER' }, async (span) => {
 *   span.setInputs({ query: 'refunds' });
 *   return [{ page_content: 'Refunds take five days.' }];
 * });
 * ```
 */
export function withSpan<T>(options: SpanOptions, fn: (span: Span) => T): T;
export function withSpan<T>(fn: (span: Span) => T, options?: SpanOptions): T;
export function withSpan<T>(
  first: SpanOptions | ((span: Span) => T),
  second: SpanOptions | ((span: Span) => T) = {},
): T {
  const { tracer } = getRuntime();
  if (typeof first === 'function') return runInSpan(tracer, typeof second === 'function' ? {} : second, first);
  if (typeof second === 'function') return runInSpan(tracer, first, second);
  throw new TypeError('Cannot run withSpan(): expected a function as one of its two arguments');
}

/**
 * Starts a span that you end yourself. It is not active: use `span.run(fn)` for that.
 *
 * Without `parent` the active span becomes its parent; `parent: null` starts a new trace.
 */
export function startSpan(options: DetachedSpanOptions = {}): Span {
  return getRuntime().tracer.startSpan(options);
}

/** Adds to what is known of the running trace: tags, metadata, session, user, previews. Nothing without a trace. */
export function updateCurrentTrace(update: TraceUpdate): void {
  getRuntime().tracer.active.get()?.updateTrace(update);
}

/** The innermost span that is active here, or `null`. */
export function getCurrentActiveSpan(): Span | null {
  return getRuntime().tracer.active.get() ?? null;
}

/** The trace of the active span as `tr-…`, or `undefined`. */
export function getActiveTraceId(): string | undefined {
  return getRuntime().tracer.active.get()?.traceId;
}

/**
 * The trace whose root span ended last in this process, as `tr-…`.
 *
 * With several requests at once it may be another's: prefer {@link getActiveTraceId} inside the trace.
 */
export function getLastActiveTraceId(): string | undefined {
  return getRuntime().lastTraceId();
}

/**
 * Sends every span that has ended so far.
 *
 * A script that ends by itself need not call it; one that calls `process.exit()` must.
 *
 * @param timeoutMillis - Gives up waiting after this long. Default 5000.
 * @returns How many spans were sent and dropped since the start, and how many still wait. Never rejects.
 */
export function flush(timeoutMillis: number = DEFAULT_FLUSH_MILLIS): Promise<FlushReport> {
  return getRuntime().delivery().flush(timeoutMillis);
}

/** MLflow's name for {@link flush}. */
export async function flushTraces(): Promise<void> {
  await flush();
}

/** A {@link flush} after which spans are no longer taken, until the next {@link init}. */
export function shutdown(timeoutMillis: number = DEFAULT_FLUSH_MILLIS): Promise<FlushReport> {
  return getRuntime().delivery().shutdown(timeoutMillis);
}

/** Counts since the start: spans sent, dropped and waiting. */
export function stats(): DeliveryStats {
  return getRuntime().delivery().stats();
}
