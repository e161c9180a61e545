/** The words of the public tracing API. */
import type {
  Link as OtelLink,
  Span as OtelSpan,
  SpanContext,
  SpanStatus as OtelSpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import type { SpanKind, SpanType } from '@clew/core';
import type { TraceUpdate } from './live-trace.ts';

/** OpenTelemetry's forms of a time, or a `bigint` of nanoseconds since 1970. A plain number counts milliseconds. */
export type TimeValue = TimeInput | bigint;

export type StatusCode = 'OK' | 'ERROR' | 'UNSET';

export interface SpanOptions {
  /** Default: `span`, or the name of the function that is traced. */
  readonly name?: string;
  /** What the step does. Any text is allowed. Default: `UNKNOWN`. */
  readonly spanType?: SpanType;
  readonly inputs?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** OpenTelemetry's kind. Default: `internal`. */
  readonly kind?: SpanKind;
  readonly links?: readonly OtelLink[];
}

export interface DetachedSpanOptions extends SpanOptions {
  /** `null` starts a new trace; left out, the span that is active becomes the parent. */
  readonly parent?: OtelSpan | SpanContext | null;
  /** Default: now. */
  readonly startTime?: TimeValue;
}

export interface EndOptions {
  readonly outputs?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly status?: StatusCode | OtelSpanStatus;
  /** Default: now. */
  readonly endTime?: TimeValue;
}

/**
 * A step of a trace. It is an OpenTelemetry span and a bit more: attributes take any value, and inputs, outputs and
 * type have their own setters.
 *
 * Values are copied when they are set, so changing them afterwards changes nothing. No method ever throws.
 */
export interface Span extends OtelSpan {
  /** `tr-` and 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** `null` on a root span. */
  readonly parentId: string | null;
  readonly name: string;
  setSpanType(spanType: SpanType): this;
  setInputs(inputs: unknown): this;
  setOutputs(outputs: unknown): this;
  setAttribute(key: string, value: unknown): this;
  setAttributes(attributes: Readonly<Record<string, unknown>>): this;
  addEvent(name: string, attributesOrTime?: Readonly<Record<string, unknown>> | TimeInput, time?: TimeInput): this;
  /** Without a status, ending sets `OK`. */
  setStatus(status: StatusCode | OtelSpanStatus, message?: string): this;
  /** Adds an `exception` event and sets the status to `ERROR`. Takes anything that was thrown. */
  recordException(exception: unknown, time?: TimeInput): void;
  /** Changes the trace this span belongs to, also while another span is active. */
  updateTrace(update: TraceUpdate): this;
  /** A second call is ignored. */
  end(optionsOrTime?: EndOptions | TimeInput): void;
  /** Runs `fn` with this span active: spans started inside become its children. Does not end the span. */
  run<T>(fn: () => T): T;
}
