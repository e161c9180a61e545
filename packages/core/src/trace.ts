import type { ExperimentId, TraceId } from './ids.ts';
import type { Cost, TokenUsage } from './span.ts';
import type { DurationNanos, UnixNanos } from './time.ts';

export const TRACE_STATES = ['STATE_UNSPECIFIED', 'OK', 'ERROR', 'IN_PROGRESS'] as const;
export type TraceState = (typeof TRACE_STATES)[number];

export type StringMap = { readonly [key: string]: string };

/**
 * The searchable header of a trace, always derived from its sources: the spans stored, what the client said at its
 * end (StartTraceV3), and the tags set since.
 */
export interface TraceHeader {
  readonly traceId: TraceId;
  readonly experimentId: ExperimentId;
  readonly clientRequestId?: string;
  readonly start: UnixNanos;
  /** Absent while no span has ended. */
  readonly duration?: DurationNanos;
  readonly state: TraceState;
  /** The root span's name unless a client chose another (`mlflow.traceName`). */
  readonly name?: string;
  /** At most 1,000 characters. */
  readonly requestPreview?: string;
  /** At most 1,000 characters. */
  readonly responsePreview?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly usage?: TokenUsage;
  readonly cost?: Cost;
  readonly tags: StringMap;
  readonly metadata: StringMap;
  readonly spanCount: number;
  /** Spans whose status is ERROR. */
  readonly errorCount: number;
  /** A client finished this trace (StartTraceV3): later spans do not change its times. */
  readonly isFinalized: boolean;
}

/** What a client says of a whole trace when it ends (StartTraceV3). Wins over what spans say. */
export interface TraceStart {
  readonly traceId: TraceId;
  readonly experimentId: ExperimentId;
  readonly clientRequestId?: string;
  readonly start: UnixNanos;
  readonly duration?: DurationNanos;
  readonly state: TraceState;
  readonly requestPreview?: string;
  readonly responsePreview?: string;
  readonly metadata: StringMap;
}

/** A tag somebody set (`value`) or took away (`value` undefined) on a trace; the latest per key counts. */
export interface TagChange {
  readonly traceId: TraceId;
  readonly key: string;
  readonly value: string | undefined;
}

export interface Experiment {
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycleStage: 'active' | 'deleted';
  readonly creationTime: UnixNanos;
  readonly lastUpdateTime: UnixNanos;
  readonly tags: StringMap;
}
