/** Starts spans and hands ended ones on. */
import { TraceFlags, type Span as OtelSpan, type SpanContext } from '@opentelemetry/api';
import { parseSpanId, parseTraceId, unixNanosFromMillis, type SpanId } from '@clew/core';
import type { ActiveSpan } from './context.ts';
import { LiveSpan, type SpanHost } from './live-span.ts';
import { NO_FACTS, type LiveTrace } from './live-trace.ts';
import { attempt } from './quietly.ts';
import { isSampled } from './sampler.ts';
import { timeInTrace, toUnixNanos } from './span-time.ts';
import type { DetachedSpanOptions } from './span.ts';
import type { Clock, IdSource } from './system.ts';

export interface Tracer {
  /** Starts a span that the caller must end. Without options: a child of the active span. */
  startSpan(options?: DetachedSpanOptions): LiveSpan;
  /** The span that is active here. */
  readonly active: ActiveSpan;
  readonly clock: Clock;
}

export interface TracerParts {
  readonly active: ActiveSpan;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Share of traces that are recorded, 0 to 1; asked when a trace starts. */
  samplingRatio(): number;
  /** A span that was sampled has ended. */
  onEnd(span: LiveSpan): void;
}

interface Parentage {
  readonly trace: LiveTrace;
  readonly parentSpanId?: SpanId;
}

export function createTracer(parts: TracerParts): Tracer {
  const { active, clock, ids } = parts;
  const host: SpanHost = {
    clock,
    onEnd: (span) => {
      if (span.trace.isSampled) parts.onEnd(span);
    },
    run: (span, fn) => active.run(span, fn),
  };

  function startSpan(given?: DetachedSpanOptions): LiveSpan {
    const options = given ?? {};
    const { trace, parentSpanId } = attempt<Parentage | undefined>(() => findParent(options.parent), undefined) ?? {
      trace: startTrace(),
    };
    const start = toUnixNanos(options.startTime) ?? timeInTrace(trace, clock);
    const span = new LiveSpan(
      {
        trace,
        spanId: ids.spanId(),
        ...(parentSpanId === undefined ? {} : { parentSpanId }),
        name: options.name ?? 'span',
        kind: options.kind ?? 'internal',
        start,
      },
      host,
    );
    describe(span, options);
    return span;
  }

  function describe(span: LiveSpan, options: DetachedSpanOptions): void {
    span.setSpanType(options.spanType ?? 'UNKNOWN');
    if (options.inputs !== undefined) span.setInputs(options.inputs);
    if (options.attributes !== undefined) span.setAttributes(options.attributes);
    if (options.links !== undefined) span.addLinks(options.links);
    // A foreign span cannot be our parent: it may never reach our server, and the trace would have no root.
    const foreign = span.isRoot ? active.foreign() : undefined;
    if (foreign !== undefined) span.addLink({ context: foreign });
  }

  function findParent(parent: OtelSpan | SpanContext | null | undefined): Parentage {
    if (parent === null) return { trace: startTrace() };
    const chosen = parent ?? active.get();
    if (chosen === undefined) return { trace: startTrace() };
    if (isOurs(chosen)) return { trace: chosen.trace, parentSpanId: chosen.spanId };
    return joinTrace(contextOf(chosen));
  }

  function joinTrace(context: SpanContext): Parentage {
    const traceId = parseTraceId(context.traceId);
    const parentSpanId = parseSpanId(context.spanId);
    if (traceId === undefined || parentSpanId === undefined) return { trace: startTrace() };
    // The process that started the trace has decided for all of it.
    const isKept = (context.traceFlags & TraceFlags.SAMPLED) !== 0;
    return { trace: { traceId, anchor: anchor(), isRemote: true, isSampled: isKept, facts: NO_FACTS }, parentSpanId };
  }

  function startTrace(): LiveTrace {
    const traceId = ids.traceId();
    const isKept = isSampled(traceId, parts.samplingRatio());
    return { traceId, anchor: anchor(), isRemote: false, isSampled: isKept, facts: NO_FACTS };
  }

  function anchor(): LiveTrace['anchor'] {
    return { wallNanos: unixNanosFromMillis(clock.wallMillis()), monotonicNanos: clock.monotonicNanos() };
  }

  return { startSpan, active, clock };
}

function contextOf(parent: OtelSpan | SpanContext): SpanContext {
  return 'spanContext' in parent ? parent.spanContext() : parent;
}

/** Not `instanceof`: the ESM and the CommonJS copy of this package share one tracer, but have a class each. */
function isOurs(span: unknown): span is LiveSpan {
  return typeof span === 'object' && span !== null && 'trace' in span && 'spanId' in span && 'updateTrace' in span;
}
