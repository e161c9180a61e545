/**
 * Group commit. Writes that arrive while one runs share the next; nobody waits on a timer while the engine is idle.
 *
 * A commit writes sources, then derives and writes headers. Sources get their place in the sequence when their group
 * begins, so later writes win although a few commits may run at once.
 */
import { must, TracingError, type TraceHeader, type TraceId } from '@clew/core';
import type { SourceBatch, SpanStore } from '../storage/span-store.ts';
import type { ArtifactLocationOf } from './derive-trace.ts';
import { createRecentTraces } from './recent-traces.ts';
import { createSettler } from './settle-traces.ts';

export interface CommitterLimits {
  /** Spans waiting for or inside a commit; more are refused with `overloaded`. Default 200,000. */
  readonly maxPendingSpans?: number;
  /** Spans written by one commit; a single request may exceed it. Default 2,000: more make nothing faster. */
  readonly maxCommitSpans?: number;
  /** Spans, starts and tags of recent traces kept in memory, about 1 kB each. Default 200,000. */
  readonly maxRecentSources?: number;
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
  /** Deletes traces while no commit runs. */
  deleteTraces(select: () => Promise<readonly TraceId[]>): Promise<readonly TraceId[]>;
  /** Derives the headers of these traces anew from what is stored. */
  refresh(traceIds: readonly TraceId[]): Promise<void>;
  /** Says that no trace is left whose header a crash prevented: from now on headers are trusted to be there. */
  setRecovered(): void;
  /** Resolves after the next commit. */
  nextCommit(): Promise<void>;
  /** Resolves once everything accepted so far is stored. */
  drain(): Promise<void>;
}

/** One of its own for every commit that failed. */
type Failure = symbol;

interface Waiting {
  readonly changes: Changes;
  resolve(headers: ReadonlyMap<TraceId, TraceHeader>): void;
  reject(error: unknown): void;
}

const MAX_COMMITS_AT_ONCE = 2;
/** Of a full commit. */
const WORTH_A_PART = 0.25;
/** Headers of failed commits that one commit makes up for. */
const MAX_UNSETTLED_A_COMMIT = 500;

export function createCommitter(
  store: SpanStore,
  artifactLocationOf: ArtifactLocationOf,
  limits: CommitterLimits = {},
): Committer {
  const { maxPendingSpans = 200_000, maxCommitSpans = 2000, maxRecentSources = 200_000 } = limits;
  const recent = createRecentTraces(maxRecentSources);
  const settler = createSettler(store, recent, artifactLocationOf);
  const waiting: Waiting[] = [];
  const running = new Set<Promise<void>>();
  /** Traces whose sources, or some of them, are stored but whose header could not be: the next commit tries again. */
  const unsettled = new Map<TraceId, Failure>();
  /** A crash before this process began may have left others. */
  let isRecovered = false;
  /** How many commits are at work on a trace: what is known of it is not forgotten before its header is there. */
  const inWork = new Map<TraceId, number>();
  const isSettled = (traceId: TraceId): boolean => isRecovered && !unsettled.has(traceId);
  let pendingSpans = 0;
  let writing: Promise<unknown> = Promise.resolve();
  let isScheduled = false;
  let committed = createSignal();
  let arrived = createSignal();

  /** One at a time, in order. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const run = writing.then(task);
    writing = run.catch(() => undefined);
    return run;
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    void inTurn(async () => {
      while (running.size >= commitsAtOnce()) await Promise.race([...running, arrived.fired]);
      isScheduled = false;
      const group = takeGroup(waiting, maxCommitSpans);
      if (waiting.length > 0) schedule();
      const commit = commitGroup(group).finally(() => {
        running.delete(commit);
      });
      running.add(commit);
    });
  }

  /**
   * Beside a commit that waits for the disk another may use the processor, but only a group that is worth a part of its
   * own. Where others write too, what one commit reads must not change under it.
   */
  function commitsAtOnce(): number {
    return store.isExclusive && spansOf(waiting) >= maxCommitSpans * WORTH_A_PART ? MAX_COMMITS_AT_ONCE : 1;
  }

  /** Never rejects. */
  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    const batch = joinChanges(group.map((one) => one.changes));
    const touched = tracesOf(batch);
    for (const traceId of [...unsettled.keys()].slice(0, MAX_UNSETTLED_A_COMMIT)) touched.add(traceId);
    const failures = new Map([...touched].map((traceId) => [traceId, unsettled.get(traceId)]));
    for (const traceId of touched) inWork.set(traceId, (inWork.get(traceId) ?? 0) + 1);
    try {
      const unsure = await writeSources(batch, touched);
      const headers = await settler.settle(touched, unsure);
      // Another commit may have failed since: what it left was not seen here.
      for (const traceId of touched) if (unsettled.get(traceId) === failures.get(traceId)) unsettled.delete(traceId);
      for (const one of group) one.resolve(pick(headers, one.changes));
    } catch (error) {
      // Some tables may have taken their part: what is known here is no longer all there is.
      failed(touched);
      for (const one of group) one.reject(error);
    } finally {
      finish(group, touched);
      recent.trim((traceId) => inWork.has(traceId));
    }
  }

  async function writeSources(
    batch: SourceBatch,
    touched: ReadonlySet<TraceId>,
  ): Promise<ReadonlyMap<TraceId, bigint>> {
    if (store.isExclusive) {
      const reading = settler.readUnsure(touched, isSettled);
      // A reading that fails is told below; until then the write must not go on behind a commit that has ended.
      reading.catch(() => undefined);
      recent.add(batch, await store.writeSources(batch));
      return reading;
    }
    recent.add(batch, await store.writeSources(batch));
    return settler.readUnsure(touched, isSettled);
  }

  function failed(touched: ReadonlySet<TraceId>): void {
    const failure: Failure = Symbol('a failed commit');
    for (const traceId of touched) unsettled.set(traceId, failure);
  }

  function finish(group: readonly Waiting[], touched: ReadonlySet<TraceId>): void {
    for (const traceId of touched) {
      const commits = (inWork.get(traceId) ?? 0) - 1;
      if (commits > 0) inWork.set(traceId, commits);
      else inWork.delete(traceId);
    }
    for (const one of group) pendingSpans -= one.changes.spans?.length ?? 0;
    committed.fire();
    committed = createSignal();
  }

  async function allSettled(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
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
        arrived.fire();
        arrived = createSignal();
        schedule();
      });
    },

    deleteTraces: (select) =>
      inTurn(async () => {
        await allSettled();
        const traceIds = await select();
        recent.forget(traceIds);
        for (const traceId of traceIds) unsettled.delete(traceId);
        if (traceIds.length > 0) await store.deleteTraces(traceIds);
        return traceIds;
      }),

    refresh: (traceIds) =>
      inTurn(async () => {
        await allSettled();
        const touched = new Set(traceIds);
        recent.forget(touched);
        await settler.settle(touched, await settler.readUnsure(touched, () => false));
        recent.trim((traceId) => inWork.has(traceId));
      }),

    setRecovered() {
      isRecovered = true;
    },

    nextCommit: () => committed.fired,

    async drain() {
      do await inTurn(allSettled);
      while (waiting.length > 0);
    },
  };
}

function spansOf(group: readonly Waiting[]): number {
  return group.reduce((sum, { changes }) => sum + (changes.spans?.length ?? 0), 0);
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

function joinChanges(group: readonly Changes[]): SourceBatch {
  return {
    spans: group.flatMap((changes) => changes.spans ?? []),
    starts: group.flatMap((changes) => changes.starts ?? []),
    tags: group.flatMap((changes) => changes.tags ?? []),
    assessments: group.flatMap((changes) => changes.assessments ?? []),
  };
}

/** Traces whose header a batch may change; assessments stand beside the header. */
function tracesOf({ spans, starts, tags }: Changes): Set<TraceId> {
  const traceIds = new Set<TraceId>();
  for (const sources of [spans, starts, tags]) for (const { traceId } of sources ?? []) traceIds.add(traceId);
  return traceIds;
}

function pick(headers: ReadonlyMap<TraceId, TraceHeader>, changes: Changes): ReadonlyMap<TraceId, TraceHeader> {
  const own = new Map<TraceId, TraceHeader>();
  for (const traceId of tracesOf(changes)) {
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
