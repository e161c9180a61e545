/**
 * The composition root: one tracer and one delivery per process.
 *
 * It lives in a global, because a program may load this package twice, as ESM and as CommonJS: both must share one
 * context and one queue. Nothing else global is touched.
 */
import type { Scope } from '@clew/core';
import { readSettings, type InitOptions, type Settings } from './config.ts';
import { createActiveSpan } from './context.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { createHttpExporter } from './export-http.ts';
import type { LiveSpan } from './live-span.ts';
import { createRandomIds, systemClock } from './system.ts';
import { createTracer, type Tracer } from './tracer.ts';
import { SDK_VERSION } from './version.ts';

export interface Runtime {
  readonly tracer: Tracer;
  /** Replaces settings and destination; what was queued before still goes to the old one. */
  configure(options: InitOptions): Delivery;
  /** The current destination, made from the environment if nobody has configured one. */
  delivery(): Delivery;
  /** The trace whose root span ended last, in MLflow's form. */
  lastTraceId(): string | undefined;
  /** Functions made by `trace()`, so that none is wrapped twice. */
  readonly traced: WeakSet<object>;
  /** What `autolog()` has put in place; a later call replaces it. */
  autolog: { undo(): void } | undefined;
  warn(message: string): void;
}

/** How long a program that has come to its end waits for its spans to leave. */
const EXIT_FLUSH_MILLIS = 5000;
const SCOPE: Scope = { name: '@clew/sdk', version: SDK_VERSION, attributes: {} };
/** The number changes when two copies of this package could no longer share a runtime. */
const RUNTIME = Symbol.for('clew.sdk.runtime.1');

type RuntimeGlobal = { [RUNTIME]?: Runtime };

export function getRuntime(): Runtime {
  return ((globalThis as RuntimeGlobal)[RUNTIME] ??= createRuntime());
}

function createRuntime(): Runtime {
  const active = createActiveSpan();
  let state: { readonly settings: Settings; readonly delivery: Delivery } | undefined;
  let lastTraceId: string | undefined;

  const tracer = createTracer({
    active,
    clock: systemClock,
    ids: createRandomIds(),
    samplingRatio() {
      const { settings } = current();
      return settings.isEnabled ? settings.samplingRatio : 0;
    },
    onEnd(span: LiveSpan) {
      if (span.isRoot) lastTraceId = span.traceId;
      current().delivery.accept(span);
    },
  });

  function current(): NonNullable<typeof state> {
    return (state ??= open({}));
  }

  function open(options: InitOptions): NonNullable<typeof state> {
    const { settings, problems } = readSettings(options, process.env);
    for (const problem of problems) warn(problem);
    const delivery = createDelivery({
      exporter: settings.exporter ?? createHttpExporter(settings, Math.random),
      settings,
      scope: SCOPE,
      resource: { 'telemetry.sdk.name': 'clew', 'telemetry.sdk.language': 'nodejs', ...settings.resource },
      warn,
      runOutside: (fn) => active.runOutside(fn),
    });
    return { settings, delivery };
  }

  flushAtExit(() => state?.delivery, warn);
  return {
    tracer,
    configure(options) {
      const former = state?.delivery;
      state = open(options);
      void former?.flush(EXIT_FLUSH_MILLIS);
      return state.delivery;
    },
    delivery: () => current().delivery,
    lastTraceId: () => lastTraceId,
    traced: new WeakSet(),
    autolog: undefined,
    warn,
  };
}

function warn(message: string): void {
  console.warn(`[clew] ${message}`);
}

/** A program that simply ends has nothing left to keep it alive, not even our timer. `process.exit()` skips this. */
function flushAtExit(delivery: () => Delivery | undefined, tell: (message: string) => void): void {
  let hasTried = false;
  process.on('beforeExit', () => {
    const open = delivery();
    if (hasTried || open === undefined || open.stats().queued === 0) return;
    hasTried = true;
    void lastFlush(open);
  });

  async function lastFlush(open: Delivery): Promise<void> {
    open.hurry();
    const { pending } = await open.flush(EXIT_FLUSH_MILLIS);
    hasTried = pending > 0;
    if (pending > 0) tell(`${pending} spans had not been sent when the program ended`);
  }
}
