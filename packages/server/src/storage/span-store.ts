/**
 * The storage port: its two halves, what they take and what they promise.
 *
 * Sources of truth are spans, trace starts, tag changes, assessments and experiments; trace headers
 * are derived from them by the ingest pipeline, the only writer (decisions/002).
 *
 * Attribute values and assessment values come back exactly as written, whatever they hold. All other
 * text is Unicode: a lone surrogate in a name, a key or a tag may come back as U+FFFD.
 */
import type {
  Assessment,
  AssessmentId,
  Cost,
  Experiment,
  ExperimentId,
  Filter,
  Order,
  SkeletonSource,
  SkeletonSpan,
  SpanId,
  StringMap,
  TagChange,
  TokenUsage,
  TraceHeader,
  TraceId,
  StoredSpan,
  TraceStart,
  UnixNanos,
} from '@clew/core';
import type { AggregatePlan, AggregateResult } from './aggregate-plan.ts';
import type { SessionPage, SessionPlan } from './session-plan.ts';
import type { StorageFigures, TraceExtent } from './storage-figures.ts';
import type { DocumentStore } from './document-store.ts';

/** A span on its way to storage. */
export interface SpanWrite {
  readonly span: StoredSpan;
  /** The experiment its request named. */
  readonly experimentId: ExperimentId;
  /** At most 1,000 characters of a root span's inputs and outputs, as the header shows them. */
  readonly requestPreview?: string;
  readonly responsePreview?: string;
}

/** What a trace header is derived from, of one span; no payload. */
export interface SpanFact extends SkeletonSpan {
  readonly experimentId: ExperimentId;
  readonly requestPreview?: string;
  readonly responsePreview?: string;
  /** Some conventions count tokens in their own way. */
  readonly dialect: string;
  readonly usage?: TokenUsage;
  readonly cost?: Cost;
  readonly sessionId?: string;
  readonly userId?: string;
  /** Tags the span gives its trace: resource attributes and `mlflow.traceTag.*`. Only root spans have any. */
  readonly traceTags: StringMap;
}

/**
 * A span made ready by {@link SpanWriter.prepareSpans}, possibly in another thread: what headers need of it, and the
 * rest in the form its store writes.
 */
export interface PreparedSpan {
  readonly traceId: TraceId;
  readonly fact: SpanFact;
  /** Only the kind of store that prepared it can read it; it belongs to that store. Survives a structured clone. */
  readonly content: unknown;
}

/**
 * A source and its version (storage/version.ts). Of several with the same key (span id, tag key, content of a start)
 * the highest version counts.
 */
export type Versioned<T> = T & { readonly version: bigint };

/** Everything a trace header is derived from, in any order except that starts come in the order of their versions. */
export interface TraceSources {
  readonly spans: readonly Versioned<SpanFact>[];
  /** Everything clients said about the trace as a whole; equal ones are kept once. */
  readonly starts: readonly Versioned<TraceStart>[];
  /** The latest change of each key. */
  readonly tags: readonly Versioned<TagChange>[];
}

/**
 * What one group commit writes. Each list is in order of arrival, and may hold the same key twice: the later one
 * wins, except that a span without an end never replaces one that has ended.
 */
export interface SourceBatch {
  readonly spans: readonly PreparedSpan[];
  readonly starts: readonly TraceStart[];
  readonly tags: readonly TagChange[];
  readonly assessments: readonly Assessment[];
}

/** The versions a batch was stored under, in its order. */
export interface BatchVersions {
  readonly spans: readonly bigint[];
  readonly starts: readonly bigint[];
  readonly tags: readonly bigint[];
}

/** A header and the {@link versionOfSources} it was derived from. */
export interface HeaderWrite {
  readonly header: TraceHeader;
  readonly version: bigint;
}

/** A page of a search: which traces, in which order, from where. */
export interface SearchPlan {
  /** Empty matches nothing. */
  readonly experimentIds: readonly ExperimentId[];
  readonly filter: Filter;
  /** Followed always by newest first, then trace id ascending. */
  readonly order: readonly Order[];
  readonly limit: number;
  /** The last trace of the page before; its place in the order is looked up from these values. */
  readonly after?: SearchCursor;
}

/** The values of the order keys on the last row of a page, then its start in nanoseconds and its trace id. */
export interface SearchCursor {
  /** One entry per entry of the plan's order; null where the trace has no value. */
  readonly keys: readonly (string | number | null)[];
  readonly startNanos: bigint;
  readonly traceId: TraceId;
}

export interface SearchPage {
  readonly traces: readonly TraceHeader[];
  /** Absent on the last page. */
  readonly next?: SearchCursor;
}

/** What an experiment holds. */
export interface ExperimentStats {
  readonly traceCount: number;
  /** Traces whose state is ERROR. */
  readonly errorCount: number;
  /** Start of the newest trace. */
  readonly lastStart: UnixNanos;
}

/** Which traces of an experiment to delete. */
export interface TraceSelection {
  readonly experimentId: ExperimentId;
  readonly which:
    | { readonly kind: 'ids'; readonly traceIds: readonly TraceId[] }
    /** Those that started at or before the instant, oldest first, then by id; all of them without a limit. */
    | { readonly kind: 'until'; readonly startMillis: number; readonly limit?: number };
}

export interface SpanWriter {
  /** Whether nobody else can write while this store is open. */
  readonly isExclusive: boolean;
  /** Makes spans ready for {@link SpanWriter.writeSources}. Pure. */
  prepareSpans(writes: readonly SpanWrite[]): readonly PreparedSpan[];
  /**
   * Stores a batch.
   *
   * Resolves only once everything is durable. Storing the same thing twice leaves one copy.
   *
   * @throws {TracingError} `unavailable` when the engine refused; storing the same batch again is safe.
   */
  writeSources(batch: SourceBatch): Promise<BatchVersions>;
  /** Stores derived headers. Of one trace the highest version counts; of equal ones the later. */
  writeHeaders(headers: readonly HeaderWrite[]): Promise<void>;
  /** Deletes traces with their spans, tags and assessments. Unknown ids are no error. */
  deleteTraces(traceIds: readonly TraceId[]): Promise<void>;
  /** Unknown ids are no error. */
  deleteAssessment(traceId: TraceId, assessmentId: AssessmentId): Promise<void>;
  /**
   * Has the space of deleted rows given back, in the background of the engine.
   *
   * @param isAwaited - Resolve only when it is done.
   */
  reclaimSpace(isAwaited: boolean): Promise<void>;
  /** Creates or replaces an experiment. */
  writeExperiment(experiment: Experiment): Promise<void>;
}

export interface SpanReader {
  /** {@link versionOfSources} of each trace, without reading what it was summed from; unknown traces are left out. */
  readVersions(traceIds: readonly TraceId[]): Promise<ReadonlyMap<TraceId, bigint>>;
  /** The version of the header of each trace; those without a header are left out. */
  readHeaderVersions(traceIds: readonly TraceId[]): Promise<ReadonlyMap<TraceId, bigint>>;
  /**
   * The traces written last: at least those with a source stored within so many milliseconds before the newest one.
   *
   * After a crash those whose header was not written any more are among them.
   */
  readLatelyWritten(windowMillis: number): Promise<readonly TraceId[]>;
  /** What the headers of these traces are derived from. A trace that nothing is known of is left out. */
  readSources(traceIds: readonly TraceId[]): Promise<ReadonlyMap<TraceId, TraceSources>>;
  /** Headers in the order asked for; unknown ids are left out. */
  readHeaders(traceIds: readonly TraceId[]): Promise<readonly TraceHeader[]>;
  /**
   * The spans of a trace in chunks, roots first, then by start, then by span id.
   *
   * An unknown id yields nothing and is not an error. No chunk is empty. Single-use.
   */
  readSpans(traceId: TraceId, signal?: AbortSignal): AsyncIterable<readonly StoredSpan[]>;
  readSpan(traceId: TraceId, spanId: SpanId): Promise<StoredSpan | undefined>;
  /** Every span of a trace without its payload, as it was at one moment; no rows for an unknown id. */
  readSkeleton(traceId: TraceId, signal?: AbortSignal): Promise<SkeletonSource>;
  /** All assessments of the traces, valid or not, oldest first, then by id. */
  readAssessments(traceIds: readonly TraceId[]): Promise<readonly Assessment[]>;
  readAssessment(traceId: TraceId, assessmentId: AssessmentId): Promise<Assessment | undefined>;
  /**
   * The valid assessments of these names that judge a whole session: their metadata has the key
   * `mlflow.trace.session`, and they stand on one of the session's traces. Oldest first.
   */
  readSessionAssessments(names: readonly string[]): Promise<readonly Assessment[]>;
  search(plan: SearchPlan, signal?: AbortSignal): Promise<SearchPage>;
  /** How many traces match, exactly. */
  count(plan: Pick<SearchPlan, 'experimentIds' | 'filter'>, signal?: AbortSignal): Promise<number>;
  /** As {@link SpanReader.count}, only of traces whose id sorts before the text. */
  countSample(plan: Pick<SearchPlan, 'experimentIds' | 'filter'>, below: string, signal?: AbortSignal): Promise<number>;
  /** @throws {TracingError} `invalid_argument` for a plan whose rows do not have what it asks for. */
  aggregate(plan: AggregatePlan, signal?: AbortSignal): Promise<AggregateResult>;
  readSessions(plan: SessionPlan, signal?: AbortSignal): Promise<SessionPage>;
  readStorageFigures(signal?: AbortSignal): Promise<StorageFigures>;
  /** What the matching traces hold. */
  measureTraces(plan: Pick<SearchPlan, 'experimentIds' | 'filter'>, signal?: AbortSignal): Promise<TraceExtent>;
  /** The traces a deletion would take. */
  selectTraces(selection: TraceSelection): Promise<readonly TraceId[]>;
  /** Of every experiment that has traces. */
  readExperimentStats(): Promise<ReadonlyMap<ExperimentId, ExperimentStats>>;
  /** All of them, deleted ones too, in no promised order. A new store has one: {@link DEFAULT_EXPERIMENT_ID}. */
  readExperiments(): Promise<readonly Experiment[]>;
}

export interface SpanStore extends SpanReader, SpanWriter, DocumentStore {
  /** Waits for running statements, then lets go of the data. */
  close(): Promise<void>;
}
