/**
 * A span while it runs, and after its end until it is sent.
 *
 * Setting a value costs a copy of its containers and a map entry; {@link LiveSpan.toSpan} builds the finished record
 * later, when a batch leaves. All methods are safe to call at any time with anything.
 */
import {
  SpanStatusCode,
  TraceFlags,
  type Link as OtelLink,
  type SpanContext,
  type SpanStatus as OtelSpanStatus,
  type TimeInput,
} from '@opentelemetry/api';
import {
  isAttributeMap,
  parseSpanId,
  parseTraceId,
  toMlflowTraceId,
  type Attributes,
  type AttributeValue,
  type Scope,
  type Span as SpanRecord,
  type SpanId,
  type SpanKind,
  type SpanLink,
  type SpanStatus,
  type SpanType,
  type UnixNanos,
} from '@clew/core';
import { describeException } from './exception.ts';
import { CLEW_KEYS, MLFLOW_KEYS } from './keys.ts';
import { applyUpdate, rootAttributes, type LiveTrace, type TraceUpdate } from './live-trace.ts';
import { attempt, quietly } from './quietly.ts';
import { takeSnapshot } from './snapshot.ts';
import { isTimeInput, timeInTrace, toUnixNanos } from './span-time.ts';
import type { EndOptions, Span, StatusCode, TimeValue } from './span.ts';
import type { Clock } from './system.ts';

/** What a span needs of the tracer that made it. */
export interface SpanHost {
  readonly clock: Clock;
  /** The span has ended and will not change again. */
  onEnd(span: LiveSpan): void;
  run<T>(span: LiveSpan, fn: () => T): T;
}

export interface SpanSeed {
  readonly trace: LiveTrace;
  readonly spanId: SpanId;
  readonly parentSpanId?: SpanId;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: UnixNanos;
}

interface SpanEvent {
  readonly name: string;
  readonly time: UnixNanos;
  readonly attributes: Attributes;
}

/** Further events are left out and counted: one event per token would make spans huge. */
const MAX_EVENTS = 1000;
/** What a span costs in memory beside its attributes. */
const SPAN_BYTES = 512;

export class LiveSpan implements Span {
  readonly trace: LiveTrace;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | undefined;
  readonly #seed: SpanSeed;
  readonly #host: SpanHost;
  readonly #attributes = new Map<string, AttributeValue>();
  readonly #events: SpanEvent[] = [];
  readonly #links: SpanLink[] = [];
  #name: string;
  #status: SpanStatus = { code: 'unset' };
  #end: UnixNanos | undefined;
  #bytes = SPAN_BYTES;
  #droppedEvents = 0;

  constructor(seed: SpanSeed, host: SpanHost) {
    this.trace = seed.trace;
    this.spanId = seed.spanId;
    this.parentSpanId = seed.parentSpanId;
    this.#seed = seed;
    this.#host = host;
    this.#name = toText(seed.name);
  }

  get traceId(): string {
    return toMlflowTraceId(this.trace.traceId);
  }

  get parentId(): string | null {
    return this.parentSpanId ?? null;
  }

  get name(): string {
    return this.#name;
  }

  /** Memory it takes while it waits to be sent, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  get isRoot(): boolean {
    return this.parentSpanId === undefined;
  }

  get hasOutputs(): boolean {
    return this.#attributes.has(MLFLOW_KEYS.outputs);
  }

  get status(): SpanStatus {
    return this.#status;
  }

  get startTime(): UnixNanos {
    return this.#seed.start;
  }

  /** `undefined` while it runs. */
  get endTime(): UnixNanos | undefined {
    return this.#end;
  }

  getAttribute(key: string): AttributeValue | undefined {
    return this.#attributes.get(key);
  }

  spanContext(): SpanContext {
    const { traceId, isSampled } = this.trace;
    return { traceId, spanId: this.spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
  }

  isRecording(): boolean {
    return this.trace.isSampled && this.#end === undefined;
  }

  setAttribute(key: string, value: unknown): this {
    return this.#change(() => this.#store(key, value));
  }

  setAttributes(attributes: Readonly<Record<string, unknown>>): this {
    return this.#change(() => {
      for (const key of Object.keys(attributes)) this.#store(key, attributes[key]);
    });
  }

  setSpanType(spanType: SpanType): this {
    return this.setAttribute(MLFLOW_KEYS.spanType, spanType);
  }

  setInputs(inputs: unknown): this {
    return this.setAttribute(MLFLOW_KEYS.inputs, inputs);
  }

  setOutputs(outputs: unknown): this {
    return this.setAttribute(MLFLOW_KEYS.outputs, outputs);
  }

  addEvent(name: string, attributesOrTime?: Readonly<Record<string, unknown>> | TimeInput, time?: TimeInput): this {
    return this.#change(() => {
      if (this.#events.length >= MAX_EVENTS) {
        this.#droppedEvents += 1;
        return;
      }
      const [attributes, at] = isTimeInput(attributesOrTime) ? [{}, attributesOrTime] : [attributesOrTime ?? {}, time];
      const snapshot = takeSnapshot(attributes);
      this.#bytes += snapshot.bytes;
      this.#events.push({ name: toText(name), time: this.#timeOf(at), attributes: toMap(snapshot.value) });
    });
  }

  addLink(link: OtelLink): this {
    return this.#change(() => {
      const traceId = parseTraceId(link.context.traceId);
      const spanId = parseSpanId(link.context.spanId);
      if (traceId === undefined || spanId === undefined) return;
      this.#links.push({ traceId, spanId, attributes: toMap(takeSnapshot(link.attributes ?? {}).value) });
    });
  }

  addLinks(links: readonly OtelLink[]): this {
    return this.#change(() => links.forEach((link) => this.addLink(link)));
  }

  setStatus(status: StatusCode | OtelSpanStatus, message?: string): this {
    return this.#change(() => {
      if (typeof status === 'string') this.#status = toStatus(status, message);
      else this.#status = toStatus(OTEL_STATUS[status.code], status.message ?? message);
    });
  }

  updateName(name: string): this {
    return this.#change(() => {
      this.#name = toText(name);
    });
  }

  recordException(exception: unknown, time?: TimeInput): void {
    this.#change(() => {
      const { message, attributes } = describeException(exception);
      this.addEvent('exception', attributes, time);
      this.#status = { code: 'error', message };
    });
  }

  updateTrace(update: TraceUpdate): this {
    quietly(() => {
      this.trace.facts = applyUpdate(this.trace.facts, update);
    });
    return this;
  }

  end(optionsOrTime?: EndOptions | TimeInput): void {
    if (this.#end !== undefined) return;
    let endTime: TimeValue | undefined;
    this.#change(() => {
      const options: EndOptions = isTimeInput(optionsOrTime) ? { endTime: optionsOrTime } : (optionsOrTime ?? {});
      ({ endTime } = options);
      this.#applyEndOptions(options);
    });
    if (this.#status.code === 'unset') this.#status = { code: 'ok' };
    if (this.isRoot) this.setAttributes(rootAttributes(this.trace.facts));
    if (this.#droppedEvents > 0) this.setAttribute(CLEW_KEYS.droppedEvents, this.#droppedEvents);
    this.#end = this.#timeOf(endTime);
    this.#host.onEnd(this);
  }

  run<T>(fn: () => T): T {
    return this.#host.run(this, fn);
  }

  /** The finished record. Meant for after the end; before it, the span as it stands. */
  toSpan(scope: Scope, resource: Attributes): SpanRecord {
    const { trace, spanId, parentSpanId, kind, start } = this.#seed;
    return {
      traceId: trace.traceId,
      spanId,
      ...(parentSpanId === undefined ? {} : { parentSpanId }),
      name: this.#name,
      kind,
      start,
      ...(this.#end === undefined ? {} : { end: this.#end }),
      status: this.#status,
      attributes: Object.fromEntries(this.#attributes),
      events: this.#events,
      links: this.#links,
      scope,
      resource,
      traceState: '',
    };
  }

  /** A change to a span that still runs; a fault in what was given leaves the span as it is. */
  #change(change: () => void): this {
    if (this.isRecording()) quietly(change);
    return this;
  }

  #store(key: string, value: unknown): void {
    const snapshot = takeSnapshot(value);
    this.#bytes += snapshot.bytes + key.length;
    this.#attributes.set(toText(key), snapshot.value);
  }

  #applyEndOptions(options: EndOptions): void {
    if ('outputs' in options) this.setOutputs(options.outputs);
    if (options.attributes !== undefined) this.setAttributes(options.attributes);
    if (options.status !== undefined) this.setStatus(options.status);
  }

  #timeOf(time: TimeValue | undefined): UnixNanos {
    return toUnixNanos(time) ?? timeInTrace(this.trace, this.#host.clock);
  }
}

const OTEL_STATUS: Readonly<Record<SpanStatusCode, StatusCode>> = {
  [SpanStatusCode.UNSET]: 'UNSET',
  [SpanStatusCode.OK]: 'OK',
  [SpanStatusCode.ERROR]: 'ERROR',
};

/** Callers without types pass anything. */
function toText(value: unknown): string {
  return typeof value === 'string' ? value : attempt(() => String(value), '');
}

/** A snapshot of a plain map is a map; anything else somebody passed is kept under one key. */
function toMap(value: AttributeValue): Attributes {
  return isAttributeMap(value) ? value : { value };
}

function toStatus(code: StatusCode, message: string | undefined): SpanStatus {
  switch (code) {
    case 'OK':
      return { code: 'ok' };
    case 'ERROR':
      return { code: 'error', message: toText(message ?? '') };
    default:
      return { code: 'unset' };
  }
}
