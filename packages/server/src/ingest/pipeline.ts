/** The one choke point: every route that writes spans, traces, tags or assessments ends here. */
import {
  assessmentIdFromBytes,
  encodeJsonText,
  TracingError,
  type Assessment,
  type AssessmentId,
  type ExperimentId,
  type Span,
  type StringMap,
  type TagChange,
  type TraceHeader,
  type TraceId,
  type UnixNanos,
} from '@clew/core';
import { fromAssessmentMessage, type TraceInfoParts } from '@clew/core/wire';
import type { PreparedSpan, SpanStore, TraceSelection } from '../storage/span-store.ts';
import { createAssessments, type Assessments } from './assessments.ts';
import { createCommitter, type CommitterLimits } from './committer.ts';
import { recoverHeaders } from './recover-headers.ts';
import { toSpanWrites } from './span-writes.ts';
import { ARTIFACT_LOCATION_TAG, SPANS_LOCATION_TAG } from './derive-trace.ts';
import type { Experiments } from './experiments.ts';
import { checkTagKey } from './tag-key.ts';

/** How long an assessment waits for the trace it judges: clients with asynchronous export send it first. */
const TRACE_GRACE_MILLIS = 2000;

export interface PipelineOptions extends CommitterLimits {
  readonly store: SpanStore;
  readonly experiments: Experiments;
  readonly now: () => UnixNanos;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Resolves after so many milliseconds. */
  readonly sleep: (millis: number) => Promise<void>;
}

export interface Pipeline {
  /** Resolves once the spans are durable and visible. */
  writeSpans(experimentId: ExperimentId, spans: readonly Span[]): Promise<void>;
  /** As {@link Pipeline.writeSpans}, of spans that were normalised and prepared elsewhere. */
  writePrepared(spans: readonly PreparedSpan[]): Promise<void>;
  /** Stores those spans of a trace that are not stored yet, or not ended; what is there already is richer. */
  completeSpans(experimentId: ExperimentId, traceId: TraceId, spans: readonly Span[]): Promise<void>;
  /** Sets or takes away tags of traces that are there. */
  writeTags(tags: readonly TagChange[]): Promise<void>;
  /** StartTraceV3; the stored, merged header with all assessments. */
  startTrace(
    parts: TraceInfoParts,
  ): Promise<{ readonly header: TraceHeader; readonly assessments: readonly Assessment[] }>;
  /** @throws {TracingError} `not_found` for an unknown trace, `invalid_argument` for a bad key. */
  setTag(traceId: TraceId, key: string, value: string): Promise<void>;
  /** @throws {TracingError} `not_found` for an unknown trace or a tag it does not have. */
  deleteTag(traceId: TraceId, key: string): Promise<void>;
  readonly assessments: Assessments;
  /** @returns how many traces were there and are gone. */
  deleteTraces(selection: TraceSelection): Promise<number>;
  /**
   * As {@link Pipeline.deleteTraces}, without ingest waiting for it: for traces that nobody writes to any more. One that
   * is written to meanwhile has afterwards what came late.
   */
  expireTraces(selection: TraceSelection): Promise<number>;
  /** Has the engine give back the space of what was deleted; it does so in the background. */
  reclaimSpace(): Promise<void>;
  /** Derives headers that a crash left behind; writes may go on meanwhile. Answers how many. */
  recover(): Promise<number>;
  /** Resolves once everything accepted so far is stored. */
  drain(): Promise<void>;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { store, experiments, now, randomBytes, sleep } = options;
  const committer = createCommitter(store, (id) => experiments.artifactLocationOf(id), options);

  async function requireTrace(traceId: TraceId): Promise<TraceHeader> {
    const [header] = await store.readHeaders([traceId]);
    if (header === undefined) throw new TracingError('not_found', `No trace with id "tr-${traceId}" exists`);
    return header;
  }

  async function awaitTrace(traceId: TraceId): Promise<void> {
    const over = sleep(TRACE_GRACE_MILLIS).then(() => 'over' as const);
    for (;;) {
      // Taken before the look-up: a commit that lands in between must wake us.
      const commit = committer.nextCommit().then(() => 'committed' as const);
      if ((await store.readHeaders([traceId])).length > 0) return;
      if ((await Promise.race([over, commit])) === 'over') await requireTrace(traceId);
    }
  }

  const assessments = createAssessments({ store, committer, now, randomBytes, awaitTrace, requireTrace });

  function newAssessmentId(): AssessmentId {
    return assessmentIdFromBytes(randomBytes(16));
  }

  return {
    async writeSpans(experimentId, spans) {
      await committer.commit({ spans: store.prepareSpans(toSpanWrites(experimentId, spans)) });
    },

    async writePrepared(spans) {
      if (spans.length > 0) await committer.commit({ spans });
    },

    async completeSpans(experimentId, traceId, spans) {
      const stored = (await store.readSources([traceId])).get(traceId)?.spans ?? [];
      const ended = new Set(stored.filter(({ end }) => end !== undefined).map(({ spanId }) => spanId));
      const missing = spans.filter(({ spanId }) => !ended.has(spanId));
      if (missing.length > 0)
        await committer.commit({ spans: store.prepareSpans(toSpanWrites(experimentId, missing)) });
    },

    async writeTags(tags) {
      if (tags.length > 0) await committer.commit({ tags });
    },

    async startTrace({ start, tags, assessments: messages }) {
      const { traceId } = start;
      const sent = messages.map((message) =>
        fromAssessmentMessage(message, { traceId, assessmentId: newAssessmentId(), now: now() }),
      );
      const stored = sent.length === 0 ? [] : await store.readAssessments([traceId]);
      const headers = await committer.commit({
        starts: [start],
        tags: toTagChanges(traceId, tags),
        assessments: sent.filter((one) => !stored.some((other) => isSameAssessment(one, other))),
      });
      const header = headers.get(traceId);
      if (header === undefined) throw new Error(`No header was derived for trace ${traceId}`);
      return { header, assessments: await store.readAssessments([traceId]) };
    },

    async setTag(traceId, key, value) {
      checkTagKey(key);
      await requireTrace(traceId);
      await committer.commit({ tags: [{ traceId, key, value }] });
    },

    async deleteTag(traceId, key) {
      const header = await requireTrace(traceId);
      if (header.tags[key] === undefined) {
        throw new TracingError('not_found', `Trace "tr-${traceId}" has no tag "${key.slice(0, 100)}"`);
      }
      await committer.commit({ tags: [{ traceId, key, value: undefined }] });
    },

    assessments,

    async deleteTraces(selection) {
      return (await committer.deleteTraces(async () => store.selectTraces(selection))).length;
    },

    async expireTraces(selection) {
      const traceIds = await store.selectTraces(selection);
      if (traceIds.length === 0) return 0;
      await store.deleteTraces(traceIds);
      // Whatever came late is all there is of its trace; nothing known before may outlive the deletion.
      await committer.refresh(traceIds);
      return traceIds.length;
    },

    reclaimSpace: async () => store.reclaimSpace(false),

    async recover() {
      const recovered = await recoverHeaders(store, (traceIds) => committer.refresh(traceIds));
      committer.setRecovered();
      return recovered;
    },

    drain: () => committer.drain(),
  };
}

/** The server alone knows where things are: a client that echoes an older answer must not move them. */
function toTagChanges(traceId: TraceId, tags: StringMap): readonly TagChange[] {
  return Object.entries(tags)
    .filter(([key]) => key !== ARTIFACT_LOCATION_TAG && key !== SPANS_LOCATION_TAG)
    .map(([key, value]) => ({ traceId, key, value }));
}

/** A retried StartTraceV3 carries its assessments again, without the ids we gave them. */
function isSameAssessment(a: Assessment, b: Assessment): boolean {
  return (
    a.name === b.name &&
    a.createTime === b.createTime &&
    a.source.type === b.source.type &&
    a.source.id === b.source.id &&
    encodeJsonText(a.value.value) === encodeJsonText(b.value.value)
  );
}
