/**
 * Clew's own REST API beside MLflow's: what the UI needs and MLflow has no route for. Paths are relative to the
 * server's root. Answers are JSON; failures are `{"error_code", "message"}` as in MLflow's API, and a refused filter
 * adds `"filter_error"`.
 */
import type { FilterError } from './filter/ast.ts';
import type { PackedSkeleton } from './skeleton-pack.ts';
import type { AssessmentJson, ExperimentJson, TraceInfoJson } from './wire/mlflow-json.ts';

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

/**
 * `POST {CLEW_API}/traces/{trace_id}/assessments`, and `GET` and `PATCH` of one by its id behind a slash; `DELETE`
 * answers `{}`. A `PATCH` changes what its `update_mask` names, such as `"feedback,rationale"`.
 */
export interface AssessmentAnswer {
  readonly assessment: AssessmentJson;
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

/** `POST {CLEW_API}/traces/count`. */
export interface CountRequest extends Pick<SearchRequest, 'experimentIds' | 'filter'> {
  /** Milliseconds an exact count may take, 0 to 30,000; then it is estimated. Default 5,000. */
  readonly budgetMillis?: number;
}

export interface CountAnswer {
  readonly count: number;
  /** It was taken from one trace in 64, chosen by their random ids. Absent on an exact count. */
  readonly isEstimate?: true;
}

/** `POST {CLEW_API}/aggregates`: counts and measures of traces, spans or assessments, in groups and over time. */
export interface AggregateRequest {
  readonly experimentIds: readonly string[];
  /** Which traces, as in a search. */
  readonly filter?: string;
  /** What is counted. Default `traces`. */
  readonly of?: 'traces' | 'spans' | 'assessments';
  /** Only spans of these names, types or states (`OK`, `ERROR`, `UNSET`); any by default. */
  readonly spanNames?: readonly string[];
  readonly spanTypes?: readonly string[];
  readonly spanStatuses?: readonly string[];
  /** Only assessments of this name or kind. */
  readonly assessmentName?: string;
  readonly assessmentKind?: 'feedback' | 'expectation';
  /** Epoch milliseconds; the end is exclusive. Of a trace's or span's start, or an assessment's creation. */
  readonly fromMillis?: number;
  readonly untilMillis?: number;
  /**
   * `count`, `errors`, `error_rate`, `distinct:session`, `distinct:user`, or a function of a number: `sum`, `avg`,
   * `min`, `max`, `p50`, `p95`, `p99.9`… of `latency_ms`, `input_tokens`, `output_tokens`, `total_tokens`,
   * `cache_read_tokens`, `cache_creation_tokens`, `input_cost`, `output_cost`, `total_cost`, or of an assessment's
   * `value`: `p95:latency_ms`. Percentiles are exact, interpolated linearly. Default `["count"]`.
   */
  readonly measures?: readonly string[];
  /**
   * `trace_name`, `trace_status`, `session`, `user`, `experiment`, `tag:KEY`, `metadata:KEY`; of spans `span_name`,
   * `span_type`, `span_status`, `span_model`, `span_provider`; of assessments `assessment_name`, `assessment_value`,
   * `assessment_source`. Default none.
   */
  readonly groupBy?: readonly string[];
  /** Length of a time bucket. Without it there are none. */
  readonly bucketMillis?: number;
  /** How far local time is ahead of UTC: buckets begin at local midnight, for example. Default 0. */
  readonly offsetMinutes?: number;
  /** So many groups stand for themselves, those with most rows: 1 to 1,000, default 100. */
  readonly limit?: number;
}

export interface AggregateAnswer {
  /** As asked for; each point's values are in this order. */
  readonly measures: readonly string[];
  readonly groupBy: readonly string[];
  /** By time, then by group; the others last. Buckets and groups without rows are left out. */
  readonly points: readonly AggregatePointJson[];
}

export interface AggregatePointJson {
  /** Epoch milliseconds at which the bucket begins. */
  readonly bucketMillis?: number;
  /** One entry an entry of `groupBy`, null where rows have no value; absent on all groups past the limit together. */
  readonly group?: readonly (string | null)[];
  /** Null where no row has the number. */
  readonly values: readonly (number | null)[];
}

/** `POST {CLEW_API}/sessions/search`. Only traces that match count. Newest activity first. */
export type SessionsRequest = Pick<SearchRequest, 'experimentIds' | 'filter' | 'maxResults' | 'pageToken'>;

export interface SessionsAnswer {
  readonly sessions: readonly SessionRow[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

export interface SessionRow {
  readonly sessionId: string;
  readonly traceCount: number;
  /** Traces in state ERROR. */
  readonly errorCount: number;
  /** Epoch milliseconds of the first and the last trace's start, and of the last end. */
  readonly firstMillis: number;
  readonly lastMillis: number;
  readonly endMillis: number;
  /** Absent where no trace reports any. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  /** US dollars. */
  readonly totalCost?: number;
  readonly user?: string;
  /** Previews: what began the session, and what ended it so far. */
  readonly firstRequest?: string;
  readonly lastResponse?: string;
}

/** `POST {CLEW_API}/sessions/traces`: one session's traces, oldest first, answered as a {@link SearchAnswer}. */
export interface SessionTracesRequest extends Pick<SearchRequest, 'experimentIds' | 'maxResults' | 'pageToken'> {
  readonly sessionId: string;
}

/** `POST {CLEW_API}/traces/delete`: what a filter finds. */
export interface DeleteRequest extends Pick<SearchRequest, 'experimentIds' | 'filter'> {
  /** Default true: only tell. */
  readonly dryRun?: boolean;
  /** At most so many in this request, 1 to 10,000; default 10,000. */
  readonly maxTraces?: number;
}

export type DeleteAnswer =
  | {
      readonly dryRun: true;
      readonly traceCount: number;
      readonly spanRows: number;
      readonly payloadCharacters: number;
      /** Estimated. */
      readonly diskBytes: number;
      /** The newest ten. */
      readonly sample: readonly TraceRow[];
    }
  /** `isMore`: more match; send the same request again. */
  | { readonly dryRun: false; readonly deleted: number; readonly isMore: boolean };

/** `PUT {CLEW_API}/experiments/{experiment_id}/retention`: the age past which traces are deleted. */
export interface RetentionRequest {
  /** Whole days, 1 to 999,999; null keeps everything. */
  readonly days: number | null;
}

/** `GET {CLEW_API}/storage`. */
export interface StorageAnswer {
  /** Bytes on disk, compressed, with indexes; what was deleted or replaced counts until it is merged away. */
  readonly diskBytes: number;
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly diskBytes: number }[];
  readonly experiments: readonly {
    readonly experimentId: string;
    readonly spanRows: number;
    readonly payloadCharacters: number;
    /** Estimated by the share of all characters: parts of the store hold several experiments. */
    readonly diskBytes: number;
    readonly retentionDays?: number;
  }[];
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
