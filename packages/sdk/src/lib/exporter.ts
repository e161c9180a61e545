/** The port between the queue and whatever takes spans. */
import type { DurationNanos, Span, StringMap, TraceId, UnixNanos } from '@clew/core';

/** A trace whose root span has ended here. */
export interface FinishedTrace {
  readonly traceId: TraceId;
  readonly name: string;
  readonly start: UnixNanos;
  readonly duration: DurationNanos;
  readonly state: 'OK' | 'ERROR';
  readonly clientRequestId?: string;
  /** Only where the program chose one: the server makes its own of the root's inputs and outputs. */
  readonly requestPreview?: string;
  readonly responsePreview?: string;
  readonly metadata: StringMap;
  readonly tags: StringMap;
}

/** Traces come no earlier than their root's batch. */
export interface ExportBatch {
  readonly spans: readonly Span[];
  readonly traces: readonly FinishedTrace[];
}

export interface ExportReport {
  readonly sentSpans: number;
  readonly retries: number;
  /** Spans that will never be sent, and why. */
  readonly lost: readonly ExportLoss[];
}

export interface ExportLoss {
  readonly spans: number;
  readonly reason: 'refused' | 'unreachable' | 'internal error';
  readonly detail: string;
}

export interface SpanExporter {
  /** Sends a batch; retries as it sees fit. Never rejects. One batch at a time. */
  export(batch: ExportBatch): Promise<ExportReport>;
  /** The process wants to end: give up sooner. */
  hurry?(): void;
}
