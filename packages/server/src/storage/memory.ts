import {
  comparePlaces,
  compareTraces,
  matchesFilter,
  orderKeys,
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
import { toSpanFact } from './span-fact.ts';
import type {
  ExperimentStats,
  SearchPage,
  SearchPlan,
  SourceBatch,
  SpanStore,
  SpanWrite,
  TraceSelection,
  TraceSources,
} from './span-store.ts';

/** Spans that leave in one chunk. */
const CHUNK_SPANS = 1000;

/** Everything known of one trace. */
interface StoredTrace {
  readonly spans: Map<SpanId, SpanWrite>;
  readonly tags: Map<string, TagChange>;
  readonly assessments: Map<AssessmentId, Assessment>;
  start?: TraceStart;
  header?: TraceHeader;
}

/** Opens an empty store that forgets everything when it is closed: for tests, and the oracle of every other store. */
export function openMemoryStore(): SpanStore {
  const traces = new Map<TraceId, StoredTrace>();
  const experiments = new Map<ExperimentId, Experiment>([[DEFAULT_EXPERIMENT.experimentId, DEFAULT_EXPERIMENT]]);

  function open(traceId: TraceId): StoredTrace {
    const known = traces.get(traceId);
    if (known !== undefined) return known;
    const trace: StoredTrace = { spans: new Map(), tags: new Map(), assessments: new Map() };
    traces.set(traceId, trace);
    return trace;
  }

  function headersOf(experimentIds: readonly ExperimentId[], filter?: Filter): TraceHeader[] {
    return [...traces.values()].flatMap((trace) => {
      if (trace.header === undefined || !experimentIds.includes(trace.header.experimentId)) return [];
      return filter === undefined || matchesTrace(filter, trace, trace.header) ? [trace.header] : [];
    });
  }

  return {
    async writeSources(batch: SourceBatch) {
      for (const write of batch.spans) writeSpan(open(write.span.traceId).spans, write);
      for (const start of batch.starts) open(start.traceId).start = start;
      for (const change of batch.tags) open(change.traceId).tags.set(change.key, change);
      for (const assessment of batch.assessments) {
        open(assessment.traceId).assessments.set(assessment.assessmentId, assessment);
      }
    },

    async writeHeaders(headers) {
      for (const header of headers) open(header.traceId).header = header;
    },

    async deleteTraces(traceIds) {
      for (const traceId of traceIds) traces.delete(traceId);
    },

    async deleteAssessment(traceId, assessmentId) {
      traces.get(traceId)?.assessments.delete(assessmentId);
    },

    async writeExperiment(experiment) {
      experiments.set(experiment.experimentId, experiment);
    },

    async readSources(traceIds) {
      const found = new Map<TraceId, TraceSources>();
      for (const traceId of traceIds) {
        const trace = traces.get(traceId);
        const sources = trace === undefined ? undefined : toSources(trace);
        if (sources !== undefined) found.set(traceId, sources);
      }
      return found;
    },

    async readHeaders(traceIds) {
      return traceIds.flatMap((traceId) => traces.get(traceId)?.header ?? []);
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
      return [...(traces.get(traceId)?.spans.values() ?? [])].map(toSpanFact);
    },

    async readAssessments(traceIds) {
      return traceIds.flatMap((traceId) => [...(traces.get(traceId)?.assessments.values() ?? [])]).sort(oldestFirst);
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

    async selectTraces(selection) {
      return select(selection, headersOf([selection.experimentId]));
    },

    async readExperimentStats() {
      const stats = new Map<ExperimentId, ExperimentStats>();
      for (const { header } of traces.values()) {
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

function writeSpan(spans: Map<SpanId, SpanWrite>, write: SpanWrite): void {
  const known = spans.get(write.span.spanId);
  if (known?.span.end !== undefined && write.span.end === undefined) return;
  spans.set(write.span.spanId, write);
}

/** Assessments alone make no source of a header. */
function toSources(trace: StoredTrace): TraceSources | undefined {
  if (trace.spans.size === 0 && trace.tags.size === 0 && trace.start === undefined) return undefined;
  return {
    spans: [...trace.spans.values()].map(toSpanFact),
    tags: [...trace.tags.values()],
    ...(trace.start === undefined ? {} : { start: trace.start }),
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
