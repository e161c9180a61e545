/**
 * Group commit. Writes that arrive while one runs share the next; nobody waits on a timer while the engine is idle.
 * One commit at a time means headers are derived from what is really stored, in order.
 */
import {
  must,
  TracingError,
  type Assessment,
  type TagChange,
  type TraceHeader,
  type TraceId,
  type TraceStart,
} from '@clew/core';
import type { SourceBatch, SpanStore, SpanWrite } from '../storage/span-store.ts';
import { deriveTrace, type ArtifactLocationOf } from './derive-trace.ts';
import { mergeStarts } from './merge-starts.ts';

export interface CommitterLimits {
  /** Spans waiting for or inside a commit; more are refused with `overloaded`. Default 200,000. */
  readonly maxPendingSpans?: number;
  /** Spans written by one commit; a single request may exceed it. Default 20,000. */
  readonly maxCommitSpans?: number;
}

/** What one request writes; absent lists are empty. */
export type Changes = Partial<SourceBatch>;

export interface Committer {
  /**
   * Stores the changes and derives the headers they touch.
   *
   * Resolves once both are durable, with the headers of the traces this request touched.
   *
   * @throws {TracingError} `overloaded` when too much waits already; `unavailable` when the engine refused. Either
   *   way the same changes may be sent again.
   */
  commit(changes: Changes): Promise<ReadonlyMap<TraceId, TraceHeader>>;
  /** Runs a task between commits, so that it sees and leaves a settled store. */
  exclusively<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves after the next commit. */
  nextCommit(): Promise<void>;
  /** Resolves once everything accepted so far is stored. */
  drain(): Promise<void>;
}

interface Waiting {
  readonly changes: Changes;
  resolve(headers: ReadonlyMap<TraceId, TraceHeader>): void;
  reject(error: unknown): void;
}

export function createCommitter(
  store: SpanStore,
  artifactLocationOf: ArtifactLocationOf,
  limits: CommitterLimits = {},
): Committer {
  const { maxPendingSpans = 200_000, maxCommitSpans = 20_000 } = limits;
  const waiting: Waiting[] = [];
  let pendingSpans = 0;
  let chain: Promise<unknown> = Promise.resolve();
  let isScheduled = false;
  let committed = createSignal();

  function exclusively<T>(task: () => Promise<T>): Promise<T> {
    const run = chain.then(task);
    chain = run.catch(() => undefined);
    return run;
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    void exclusively(async () => {
      isScheduled = false;
      const group = takeGroup(waiting, maxCommitSpans);
      if (waiting.length > 0) schedule();
      await commitGroup(group);
    });
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const headers = await writeGroup(
        store,
        artifactLocationOf,
        group.map((one) => one.changes),
      );
      for (const one of group) one.resolve(pick(headers, one.changes));
    } catch (error) {
      for (const one of group) one.reject(error);
    } finally {
      for (const one of group) pendingSpans -= one.changes.spans?.length ?? 0;
      committed.fire();
      committed = createSignal();
    }
  }

  return {
    commit(changes) {
      const spans = changes.spans?.length ?? 0;
      if (pendingSpans > 0 && pendingSpans + spans > maxPendingSpans) {
        return Promise.reject(
          new TracingError('overloaded', `Cannot take ${spans} more spans: ${pendingSpans} wait to be stored already`),
        );
      }
      pendingSpans += spans;
      return new Promise((resolve, reject) => {
        waiting.push({ changes, resolve, reject });
        schedule();
      });
    },
    exclusively,
    nextCommit: () => committed.fired,
    async drain() {
      do await exclusively(() => Promise.resolve());
      while (waiting.length > 0);
    },
  };
}

function takeGroup(waiting: Waiting[], maxSpans: number): readonly Waiting[] {
  let spans = 0;
  let taken = 0;
  for (const one of waiting) {
    spans += one.changes.spans?.length ?? 0;
    if (taken > 0 && spans > maxSpans) break;
    taken += 1;
  }
  return waiting.splice(0, taken);
}

async function writeGroup(
  store: SpanStore,
  artifactLocationOf: ArtifactLocationOf,
  group: readonly Changes[],
): Promise<ReadonlyMap<TraceId, TraceHeader>> {
  const sent = group.flatMap((changes) => changes.starts ?? []);
  const batch: SourceBatch = {
    spans: group.flatMap((changes) => changes.spans ?? []),
    starts: sent.length === 0 ? [] : await mergeWithStored(store, sent),
    tags: group.flatMap((changes) => changes.tags ?? []),
    assessments: group.flatMap((changes) => changes.assessments ?? []),
  };
  await store.writeSources(batch);
  return refreshHeaders(store, artifactLocationOf, touchedTraces(batch));
}

async function mergeWithStored(store: SpanStore, starts: readonly TraceStart[]): Promise<readonly TraceStart[]> {
  const known = await store.readSources([...new Set(starts.map((start) => start.traceId))]);
  const merged = new Map<TraceId, TraceStart>();
  for (const start of starts) {
    const before = merged.get(start.traceId) ?? known.get(start.traceId)?.start;
    merged.set(start.traceId, before === undefined ? start : mergeStarts(before, start));
  }
  return [...merged.values()];
}

/** Derives the headers of these traces anew from what is stored, and stores them. */
async function refreshHeaders(
  store: SpanStore,
  artifactLocationOf: ArtifactLocationOf,
  traceIds: ReadonlySet<TraceId>,
): Promise<ReadonlyMap<TraceId, TraceHeader>> {
  const headers = new Map<TraceId, TraceHeader>();
  if (traceIds.size === 0) return headers;
  for (const [traceId, sources] of await store.readSources([...traceIds])) {
    const header = deriveTrace(traceId, sources, artifactLocationOf);
    if (header !== undefined) headers.set(traceId, header);
  }
  await store.writeHeaders([...headers.values()]);
  return headers;
}

/** Traces whose header a batch may change; assessments stand beside the header. */
function touchedTraces(batch: SourceBatch): ReadonlySet<TraceId> {
  return new Set([
    ...batch.spans.map((write: SpanWrite) => write.span.traceId),
    ...batch.starts.map((start: TraceStart) => start.traceId),
    ...batch.tags.map((change: TagChange) => change.traceId),
  ]);
}

function pick(headers: ReadonlyMap<TraceId, TraceHeader>, changes: Changes): ReadonlyMap<TraceId, TraceHeader> {
  const own = new Map<TraceId, TraceHeader>();
  const lists: readonly (readonly { readonly traceId: TraceId }[])[] = [
    changes.spans?.map((write) => write.span) ?? [],
    changes.starts ?? [],
    changes.tags ?? [],
    (changes.assessments ?? []) satisfies readonly Assessment[],
  ];
  for (const { traceId } of lists.flat()) {
    const header = headers.get(traceId);
    if (header !== undefined) own.set(traceId, header);
  }
  return own;
}

interface Signal {
  readonly fired: Promise<void>;
  fire(): void;
}

function createSignal(): Signal {
  let fire: (() => void) | undefined;
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fired, fire: () => must(fire, 'a resolver')() };
}
