/**
 * Which span is active, across awaits.
 *
 * The answer is kept in our own AsyncLocalStorage, so nobody else's set-up can break parentage. If a global
 * OpenTelemetry context manager is registered, our span is made active there too: spans of other instrumentations
 * then nest under ours.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  context,
  createContextKey,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
  type SpanContext,
} from '@opentelemetry/api';
import type { LiveSpan } from './live-span.ts';

export interface ActiveSpan {
  get(): LiveSpan | undefined;
  /** Runs `fn` with `span` active in it and in everything it starts. */
  run<T>(span: LiveSpan, fn: () => T): T;
  /** Runs `fn` outside of every trace, ours and OpenTelemetry's. */
  runOutside<T>(fn: () => T): T;
  /** The active span of another OpenTelemetry tracer, if that is what is active there. */
  foreign(): SpanContext | undefined;
}

/** The key OpenTelemetry's SDK looks for before it starts a span; keys are shared by their description. */
const SUPPRESS_KEY = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
/** Where the OpenTelemetry API keeps what was registered globally. */
const OTEL_GLOBAL = Symbol.for('opentelemetry.js.api.1');

export function createActiveSpan(): ActiveSpan {
  const storage = new AsyncLocalStorage<LiveSpan | undefined>();
  return {
    get: () => storage.getStore(),
    run: (span, fn) => storage.run(span, hasContextManager() ? inOtelContext(span, fn) : fn),
    runOutside: (fn) => storage.run(undefined, () => context.with(ROOT_CONTEXT.setValue(SUPPRESS_KEY, true), fn)),
    foreign() {
      if (!hasContextManager()) return undefined;
      const active = trace.getSpanContext(context.active());
      if (active === undefined || !isSpanContextValid(active)) return undefined;
      return active.traceId === storage.getStore()?.trace.traceId ? undefined : active;
    },
  };
}

function inOtelContext<T>(span: LiveSpan, fn: () => T): () => T {
  return () => context.with(trace.setSpan(context.active(), span), fn);
}

/** Spares the API's detour through a no-op manager: most programs have none. */
function hasContextManager(): boolean {
  const registered = (globalThis as { readonly [OTEL_GLOBAL]?: { readonly context?: unknown } })[OTEL_GLOBAL];
  return registered?.context !== undefined;
}
