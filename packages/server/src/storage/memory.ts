import {
  comparePlaces,
  compareTraces,
  matchesFilter,
  orderKeys,
  toSkeletonSource,
  toUnixMillis,
  type Assessment,
  type AssessmentId,
  type Experiment,
  type ExperimentId,
  type Filter,
  type SpanId,
  type TagChange,
  type TraceHeader,
  type TraceId,
  type StoredSpan,
  type TraceStart,
} from '@clew/core';
import { DEFAULT_EXPERIMENT } from './default-experiment.ts';
import { createMemoryDocuments } from './memory-documents.ts';
import { aggregateRecords, type TraceRecord } from './memory-aggregate.ts';
import { extentOf, figuresOf } from './memory-figures.ts';
import { pageSessions } from './memory-sessions.ts';
import { toSpanFact } from './span-fact.ts';
import { startKey } from './start-key.ts';
import { versionOfSources, versionOfSpan } from './version.ts';
import type {
  ExperimentStats,
  HeaderWrite,
  PreparedSpan,
  SearchPage,
  SearchPlan,
  SourceBatch,
  SpanStore,
  SpanWrite,
  TraceSelection,
  TraceSources,
  Versioned,
} from './span-store.ts';

const SESSION_KEY = 'mlflow.trace.session';
/** Spans that leave in one chunk. */
const CHUNK_SPANS = 1000;

/** Everything known of one trace. */
interface StoredTrace {
  readonly spans: Map<SpanId, Versioned<SpanWrite>>;
  readonly starts: Map<string, Versioned<TraceStart>>;
  readonly tags: Map<string, Versioned<TagChange>>;
  readonly assessments: Map<AssessmentId, Assessment>;
  written?: HeaderWrite;
}

/** Opens an empty store that forgets everything when it is closed: for tests, and the oracle of every other store. */
export function openMemoryStore(): SpanStore {
  const traces = new Map<TraceId, StoredTrace>();
  const documents = createMemoryDocuments();
  const experiments = new Map<ExperimentId, Experiment>([[DEFAULT_EXPERIMENT.experimentId, DEFAULT_EXPERIMENT]]);
  // As large as microseconds are: sums over different numbers of sources then differ.
  let sequence = 2n ** 50n;

  function next(): bigint {
    sequence += 1n;
    return sequence;
  }

  function open(traceId: TraceId): StoredTrace {
    const known = traces.get(traceId);
    if (known !== undefined) return known;
    const trace: StoredTrace = { spans: new Map(), starts: new Map(), tags: new Map(), assessments: new Map() };
    traces.set(traceId, trace);
    return trace;
  }

  function headersOf(experimentIds: readonly ExperimentId[], filter?: Filter): TraceHeader[] {
    return [...traces.values()].flatMap((trace) => {
      const header = trace.written?.header;
      if (header === undefined || !experimentIds.includes(header.experimentId)) return [];
      return filter === undefined || matchesTrace(filter, trace, header) ? [header] : [];
    });
  }

  function recordsOf(experimentIds: readonly ExperimentId[], filter: Filter): readonly TraceRecord[] {
    return headersOf(experimentIds, filter).map((header) => {
      const { spans, assessments } = open(header.traceId);
      return { header, spans: [...spans.values()], assessments: [...assessments.values()] };
    });
  }

  function sourcesOf(traceIds: readonly TraceId[]): ReadonlyMap<TraceId, TraceSources> {
    const found = new Map<TraceId, TraceSources>();
    for (const traceId of traceIds) {
      const trace = traces.get(traceId);
      const sources = trace === undefined ? undefined : toSources(trace);
      if (sources !== undefined) found.set(traceId, sources);
    }
    return found;
  }

  return {
    ...documents.port,

    isExclusive: true,

    prepareSpans: (writes) =>
      writes.map((write) => ({ traceId: write.span.traceId, fact: toSpanFact(write), content: write })),

    async writeSources(batch: SourceBatch) {
      const versions = {
        spans: batch.spans.map(({ fact }) => versionOfSpan(fact.end !== undefined, next())),
        starts: batch.starts.map(next),
        tags: batch.tags.map(next),
      };
      for (const [index, span] of batch.spans.entries()) {
        keep(open(span.traceId).spans, span.fact.spanId, readContent(span), versions.spans[index]);
      }
      for (const [index, start] of batch.starts.entries()) {
        keep(open(start.traceId).starts, startKey(start), start, versions.starts[index]);
      }
      for (const [index, change] of batch.tags.entries()) {
        keep(open(change.traceId).tags, change.key, change, versions.tags[index]);
      }
      for (const assessment of batch.assessments) {
        open(assessment.traceId).assessments.set(assessment.assessmentId, assessment);
      }
      return versions;
    },

    async writeHeaders(writes) {
      for (const write of writes) {
        const trace = open(write.header.traceId);
        if (trace.written === undefined || trace.written.version <= write.version) trace.written = write;
      }
    },

    async deleteTraces(traceIds) {
      for (const traceId of traceIds) traces.delete(traceId);
      documents.forgetTraces(traceIds);
    },

    async deleteAssessment(traceId, assessmentId) {
      traces.get(traceId)?.assessments.delete(assessmentId);
    },

    /** What is deleted is gone already. */
    async reclaimSpace() {
      await Promise.resolve();
    },

    async writeExperiment(experiment) {
      experiments.set(experiment.experimentId, experiment);
    },

    async readVersions(traceIds) {
      return new Map([...sourcesOf(traceIds)].map(([traceId, sources]) => [traceId, versionOfSources(sources)]));
    },

    /** Nothing here says when it was written, so all of them may be. */
    async readLatelyWritten() {
      return [...traces].filter(([, trace]) => toSources(trace) !== undefined).map(([traceId]) => traceId);
    },

    async readHeaderVersions(traceIds) {
      const versions = new Map<TraceId, bigint>();
      for (const traceId of traceIds) {
        const version = traces.get(traceId)?.written?.version;
        if (version !== undefined) versions.set(traceId, version);
      }
      return versions;
    },

    async readSources(traceIds) {
      return sourcesOf(traceIds);
    },

    async readHeaders(traceIds) {
      return traceIds.flatMap((traceId) => traces.get(traceId)?.written?.header ?? []);
    },

    async *readSpans(traceId, signal) {
      const spans = spansOf(traces.get(traceId)).sort(inReadingOrder);
      for (let at = 0; at < spans.length; at += CHUNK_SPANS) {
        signal?.throwIfAborted();
        yield spans.slice(at, at + CHUNK_SPANS);
      }
    },

    async readSpan(traceId, spanId) {
      return traces.get(traceId)?.spans.get(spanId)?.span;
    },

    async readSkeleton(traceId) {
      return toSkeletonSource([...(traces.get(traceId)?.spans.values() ?? [])].map(toSpanFact));
    },

    async readAssessments(traceIds) {
      return traceIds.flatMap((traceId) => [...(traces.get(traceId)?.assessments.values() ?? [])]).sort(oldestFirst);
    },

    async readSessionAssessments(names) {
      return [...traces.values()]
        .flatMap((trace) => [...trace.assessments.values()])
        .filter(({ valid, name, metadata }) => valid && names.includes(name) && Object.hasOwn(metadata, SESSION_KEY))
        .sort(oldestFirst);
    },

    async readAssessment(traceId, assessmentId) {
      return traces.get(traceId)?.assessments.get(assessmentId);
    },

    async search(plan, signal) {
      signal?.throwIfAborted();
      return takePage(plan, headersOf(plan.experimentIds, plan.filter));
    },

    async count({ experimentIds, filter }, signal) {
      signal?.throwIfAborted();
      return headersOf(experimentIds, filter).length;
    },

    async countSample({ experimentIds, filter }, below, signal) {
      signal?.throwIfAborted();
      return headersOf(experimentIds, filter).filter(({ traceId }) => traceId < below).length;
    },

    async aggregate(plan, signal) {
      signal?.throwIfAborted();
      return aggregateRecords(plan, recordsOf(plan.experimentIds, plan.filter));
    },

    async readSessions(plan, signal) {
      signal?.throwIfAborted();
      return pageSessions(plan, headersOf(plan.experimentIds, plan.filter));
    },

    async readStorageFigures() {
      return figuresOf(
        traces.size,
        [...traces.values()].flatMap((trace) => [...trace.spans.values()]),
      );
    },

    async measureTraces({ experimentIds, filter }) {
      const records = recordsOf(experimentIds, filter);
      return extentOf(
        records.length,
        records.flatMap(({ spans }) => spans),
      );
    },

    async selectTraces(selection) {
      return select(selection, headersOf([selection.experimentId]));
    },

    async readExperimentStats() {
      const stats = new Map<ExperimentId, ExperimentStats>();
      for (const { written } of traces.values()) {
        const header = written?.header;
        if (header !== undefined) stats.set(header.experimentId, addTrace(stats.get(header.experimentId), header));
      }
      return stats;
    },

    async readExperiments() {
      return [...experiments.values()];
    },

    async close() {
      traces.clear();
      experiments.clear();
    },
  };
}

function readContent({ content }: PreparedSpan): SpanWrite {
  if (typeof content === 'object' && content !== null && 'span' in content) return content as SpanWrite;
  throw new Error('This span was prepared for another kind of store');
}

function keep<Key, T>(known: Map<Key, Versioned<T>>, key: Key, value: T, version = 0n): void {
  const before = known.get(key);
  if (before === undefined || before.version < version) known.set(key, { ...value, version });
}

/** Assessments alone make no source of a header. */
function toSources({ spans, starts, tags }: StoredTrace): TraceSources | undefined {
  if (spans.size === 0 && starts.size === 0 && tags.size === 0) return undefined;
  return {
    spans: [...spans.values()].map((write) => ({ ...toSpanFact(write), version: write.version })),
    starts: [...starts.values()].sort((a, b) => (a.version < b.version ? -1 : 1)),
    tags: [...tags.values()],
  };
}

function spansOf(trace: StoredTrace | undefined): StoredSpan[] {
  return [...(trace?.spans.values() ?? [])].map((write) => write.span);
}

function matchesTrace(filter: Filter, trace: StoredTrace, header: TraceHeader): boolean {
  return matchesFilter(filter, {
    header,
    runIds: [],
    assessments: [...trace.assessments.values()],
    spans: spansOf(trace),
  });
}

function takePage(plan: SearchPlan, matching: readonly TraceHeader[]): SearchPage {
  const { after, limit, order } = plan;
  const compare = comparePlaces(order);
  const placeOf = (header: TraceHeader) => ({
    keys: orderKeys(header, order),
    startNanos: header.start,
    traceId: header.traceId,
  });
  const rest = matching
    .filter((header) => after === undefined || compare(placeOf(header), after) > 0)
    .sort(compareTraces(order));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return last === undefined || rest.length <= limit ? { traces: page } : { traces: page, next: placeOf(last) };
}

function select({ which }: TraceSelection, headers: readonly TraceHeader[]): readonly TraceId[] {
  if (which.kind === 'ids') {
    return headers.map((header) => header.traceId).filter((traceId) => which.traceIds.includes(traceId));
  }
  return headers
    .filter((header) => toUnixMillis(header.start) <= which.startMillis)
    .sort((a, b) => byTimeThenId(a.start, b.start, a.traceId, b.traceId))
    .slice(0, which.limit)
    .map((header) => header.traceId);
}

function addTrace(before: ExperimentStats | undefined, header: TraceHeader): ExperimentStats {
  return {
    traceCount: (before?.traceCount ?? 0) + 1,
    errorCount: (before?.errorCount ?? 0) + (header.state === 'ERROR' ? 1 : 0),
    lastStart: before === undefined || header.start > before.lastStart ? header.start : before.lastStart,
  };
}

function inReadingOrder(a: StoredSpan, b: StoredSpan): number {
  const isRootA = a.parentSpanId === undefined;
  if (isRootA !== (b.parentSpanId === undefined)) return isRootA ? -1 : 1;
  return byTimeThenId(a.start, b.start, a.spanId, b.spanId);
}

function oldestFirst(a: Assessment, b: Assessment): number {
  return byTimeThenId(a.createTime, b.createTime, a.assessmentId, b.assessmentId);
}

function byTimeThenId(timeA: bigint, timeB: bigint, idA: string, idB: string): number {
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  if (idA === idB) return 0;
  return idA < idB ? -1 : 1;
}
