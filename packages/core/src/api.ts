/**
 * Clew's own REST API beside MLflow's: what the UI needs and MLflow has no route for. Paths are relative to the
 * server's root. Answers are JSON; failures are `{"error_code", "message"}` as in MLflow's API, and a refused filter
 * adds `"filter_error"`.
 */
import type { FilterError } from './filter/ast.ts';
import type { PackedSkeleton } from './skeleton-pack.ts';
import type { ExperimentJson, TraceInfoJson } from './wire/mlflow-json.ts';

export type { AssessmentJson, ExperimentJson, TraceInfoJson } from './wire/mlflow-json.ts';

export const CLEW_API = '/api/clew/v1';

export interface ErrorJson {
  readonly error_code: string;
  readonly message: string;
  readonly filter_error?: FilterError;
}

/** `GET {CLEW_API}/experiments`: every experiment with what is in it, active ones only. */
export interface ExperimentsAnswer {
  readonly experiments: readonly ExperimentSummary[];
}

export interface ExperimentSummary {
  readonly experiment: ExperimentJson;
  readonly traceCount: number;
  readonly errorCount: number;
  /** Epoch milliseconds of the newest trace's start; absent when there is none. */
  readonly lastTraceMillis?: number;
}

/** `POST {CLEW_API}/traces/search`. */
export interface SearchRequest {
  readonly experimentIds: readonly string[];
  /** In either spelling of the filter language; empty matches everything. */
  readonly filter?: string;
  /** MLflow's form, for example `["execution_time_ms DESC"]`. Newest first by default. */
  readonly orderBy?: readonly string[];
  /** 1 to 500, default 100. */
  readonly maxResults?: number;
  readonly pageToken?: string;
}

export interface SearchAnswer {
  readonly traces: readonly TraceRow[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

/** One line of the traces table. */
export interface TraceRow {
  readonly info: TraceInfoJson;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Milliseconds with a fraction; absent while the trace runs. */
  readonly durationMillis?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  /** US dollars. */
  readonly totalCost?: number;
}

/** `POST {CLEW_API}/traces/count` with `experimentIds` and `filter` of a search. */
export interface CountAnswer {
  readonly count: number;
}

/** `GET {CLEW_API}/traces/{trace_id}/skeleton`; either form of the id. */
export interface SkeletonAnswer {
  readonly trace: TraceRow;
  /** Epoch nanoseconds of the first span's start, as decimal text: it exceeds 2^53. */
  readonly startUnixNano: string;
  readonly columns: PackedSkeleton;
}

/** `GET {CLEW_API}/traces/{trace_id}/spans/{span_id}`: everything one span holds. */
export interface SpanAnswer {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: string;
  readonly type: string;
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message?: string };
  /** Epoch nanoseconds as decimal text. */
  readonly startUnixNano: string;
  readonly endUnixNano?: string;
  /** Any JSON; `{messages: […]}` in OpenAI's shape where the emitter sent messages. Absent when there are none. */
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly model?: string;
  readonly provider?: string;
  readonly usage?: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly totalTokens: number;
    readonly cacheReadInputTokens?: number;
    readonly cacheCreationInputTokens?: number;
  };
  readonly cost?: { readonly inputCost?: number; readonly outputCost?: number; readonly totalCost: number };
  /** The convention its meaning was read by; empty when none was recognised. */
  readonly dialect: string;
  /** What the emitter sent, verbatim. Integers past 2^53 stand as JSON numbers, exact in the text. */
  readonly attributes: { readonly [key: string]: unknown };
  readonly events: readonly {
    readonly name: string;
    readonly timeUnixNano: string;
    readonly attributes: { readonly [key: string]: unknown };
  }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: { readonly [key: string]: unknown };
  }[];
  readonly scope: {
    readonly name: string;
    readonly version: string;
    readonly attributes: { readonly [key: string]: unknown };
  };
  readonly resource: { readonly [key: string]: unknown };
}
