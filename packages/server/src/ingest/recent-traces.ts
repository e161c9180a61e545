/**
 * What is known of traces that were written lately, so that headers are derived without reading back what was just
 * stored. Merging follows the stores' own rule (highest version of each key), so order does not matter, and
 * `version` tells whether the store holds exactly the same.
 */
import type { SpanId, TagChange, TraceId, TraceStart } from '@clew/core';
import { startKey } from '../storage/start-key.ts';
import type { BatchVersions, SourceBatch, SpanFact, TraceSources, Versioned } from '../storage/span-store.ts';

export interface RecentTraces {
  /** Takes in what was stored. */
  add(batch: SourceBatch, versions: BatchVersions): void;
  /** Changes whenever the trace is forgotten. */
  lifeOf(traceId: TraceId): symbol;
  /** Takes in all that the store had some time during the given life of the trace; after it, nothing happens. */
  complete(traceId: TraceId, sources: TraceSources | undefined, life: symbol): void;
  /** `versionOfSources` of what is known; 0 for an unknown trace. */
  versionOf(traceId: TraceId): bigint;
  sourcesOf(traceId: TraceId): TraceSources;
  /** Says whether everything the store has of a trace is known here. */
  setWhole(traceId: TraceId, isWhole: boolean): void;
  isWhole(traceId: TraceId): boolean;
  forget(traceIds: Iterable<TraceId>): void;
  /** Forgets the traces used longest ago until the bound is kept, except those that are at work. */
  trim(isInWork: (traceId: TraceId) => boolean): void;
}

interface RecentTrace {
  readonly life: symbol;
  readonly spans: Map<SpanId, Versioned<SpanFact>>;
  readonly starts: Map<string, Versioned<TraceStart>>;
  readonly tags: Map<string, Versioned<TagChange>>;
  version: bigint;
  isWhole: boolean;
}

/** @param maxSources - Spans, starts and tags kept of all traces together, about 1 kB each. */
export function createRecentTraces(maxSources: number): RecentTraces {
  /** The one used longest ago comes first. */
  const traces = new Map<TraceId, RecentTrace>();

  function use(traceId: TraceId): RecentTrace {
    const trace = traces.get(traceId) ?? {
      life: Symbol(traceId),
      spans: new Map(),
      starts: new Map(),
      tags: new Map(),
      version: 0n,
      isWhole: false,
    };
    traces.delete(traceId);
    traces.set(traceId, trace);
    return trace;
  }

  return {
    add({ spans, starts, tags }, versions) {
      for (const [at, { traceId, fact }] of spans.entries()) {
        const trace = use(traceId);
        keep(trace, trace.spans, fact.spanId, { ...fact, version: versions.spans[at] ?? 0n });
      }
      for (const [at, start] of starts.entries()) {
        const trace = use(start.traceId);
        keep(trace, trace.starts, startKey(start), { ...start, version: versions.starts[at] ?? 0n });
      }
      for (const [at, change] of tags.entries()) {
        const trace = use(change.traceId);
        keep(trace, trace.tags, change.key, { ...change, version: versions.tags[at] ?? 0n });
      }
    },

    lifeOf: (traceId) => use(traceId).life,

    complete(traceId, sources, life) {
      const trace = use(traceId);
      if (trace.life !== life) return;
      for (const span of sources?.spans ?? []) keep(trace, trace.spans, span.spanId, span);
      for (const start of sources?.starts ?? []) keep(trace, trace.starts, startKey(start), start);
      for (const change of sources?.tags ?? []) keep(trace, trace.tags, change.key, change);
      trace.isWhole = true;
    },

    versionOf: (traceId) => traces.get(traceId)?.version ?? 0n,

    sourcesOf(traceId) {
      const { spans, starts, tags } = use(traceId);
      return {
        spans: [...spans.values()],
        starts: [...starts.values()].sort((a, b) => (a.version < b.version ? -1 : 1)),
        tags: [...tags.values()],
      };
    },

    setWhole(traceId, isWhole) {
      use(traceId).isWhole = isWhole;
    },

    isWhole: (traceId) => traces.get(traceId)?.isWhole === true,

    forget(traceIds) {
      for (const traceId of traceIds) traces.delete(traceId);
    },

    trim(isInWork) {
      let sources = 0;
      for (const trace of traces.values()) sources += sizeOf(trace);
      for (const [traceId, trace] of traces) {
        if (sources <= maxSources) return;
        if (isInWork(traceId)) continue;
        sources -= sizeOf(trace);
        traces.delete(traceId);
      }
    },
  };
}

function keep<Key, T>(trace: RecentTrace, known: Map<Key, Versioned<T>>, key: Key, source: Versioned<T>): void {
  const before = known.get(key)?.version ?? 0n;
  if (before >= source.version) return;
  known.set(key, source);
  trace.version += source.version - before;
}

function sizeOf({ spans, starts, tags }: RecentTrace): number {
  return spans.size + starts.size + tags.size;
}
