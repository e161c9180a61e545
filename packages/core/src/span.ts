import type { Attributes, AttributeValue } from './attributes.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { UnixNanos } from './time.ts';

/** OTLP's span kinds, in the order of their numbers (0 is unspecified). */
export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export type SpanStatus =
  | { readonly code: 'unset' }
  | { readonly code: 'ok' }
  | { readonly code: 'error'; readonly message: string };

/**
 * What a step does, in MLflow's words. Free text is allowed: emitters invent types, and they stay searchable.
 * These are the known ones.
 */
export const SPAN_TYPES = [
  'LLM',
  'CHAT_MODEL',
  'CHAIN',
  'AGENT',
  'TOOL',
  'RETRIEVER',
  'EMBEDDING',
  'RERANKER',
  'PARSER',
  'MEMORY',
  'WORKFLOW',
  'TASK',
  'GUARDRAIL',
  'EVALUATOR',
  'UNKNOWN',
] as const;
export type KnownSpanType = (typeof SPAN_TYPES)[number];
export type SpanType = KnownSpanType | (string & {});

export interface SpanEvent {
  readonly name: string;
  readonly time: UnixNanos;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly attributes: Attributes;
}

/** The instrumentation library that made a span. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
}

/** A span as OpenTelemetry defines it, without any LLM meaning. Attributes are what the emitter sent, verbatim. */
export interface Span {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  /** Absent on a root span. */
  readonly parentSpanId?: SpanId;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: UnixNanos;
  /** Absent while the span runs. */
  readonly end?: UnixNanos;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly scope: Scope;
  /** Attributes of the process that sent the span. */
  readonly resource: Attributes;
  /** W3C trace state; empty when there is none. */
  readonly traceState: string;
}

/** Tokens of one model call or of a whole trace. */
export interface TokenUsage {
  /** Includes tokens read from and written to a prompt cache. */
  readonly inputTokens: number;
  /** Includes reasoning tokens. */
  readonly outputTokens: number;
  /** The larger of the reported total and input + output. */
  readonly totalTokens: number;
  /** Absent when nobody reported one, or it was 0. */
  readonly cacheReadInputTokens?: number;
  /** Absent when nobody reported one, or it was 0. */
  readonly cacheCreationInputTokens?: number;
}

/** US dollars. */
export interface Cost {
  readonly inputCost?: number;
  readonly outputCost?: number;
  readonly totalCost: number;
}

/** What a span means to somebody who builds with models, read from its attributes and events by a dialect. */
export interface SpanMeaning {
  readonly type: SpanType;
  /** `{messages: […]}` in OpenAI's shape where the emitter sent messages, the decoded value otherwise. */
  readonly inputs?: AttributeValue;
  readonly outputs?: AttributeValue;
  readonly model?: string;
  /** Lower case, `openai`, `anthropic`, `aws.bedrock`… */
  readonly provider?: string;
  readonly usage?: TokenUsage;
  readonly cost?: Cost;
  readonly sessionId?: string;
  readonly userId?: string;
  /** The convention that was recognised; empty when none was. */
  readonly dialect: string;
}

/** A span with its whole meaning: what ingest makes of it and readers get. */
export interface TracedSpan extends Span {
  readonly meaning: SpanMeaning;
}

/** The part of a meaning that is searched and listed. Inputs and outputs are read from the attributes when needed. */
export type SpanSummary = Omit<SpanMeaning, 'inputs' | 'outputs'>;

/** A span as stores keep it: its payload once, as the emitter sent it (decisions/004). */
export interface StoredSpan extends Span {
  readonly summary: SpanSummary;
}
