/**
 * Whatever happens on the way, a header says what its trace's sources say: several processes write the same traces at
 * once, in any order, over a store that refuses, takes half, or loses its answer, and processes die in between.
 */
import { must, parseExperimentId, parseSpanId, parseTraceId, type SpanId, type TraceId } from '@clew/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleSpan, sampleStart, sampleSummary, stillRunning, at } from '../storage/contract/samples.ts';
import { openMemoryStore } from '../storage/memory.ts';
import type { SourceBatch, SpanStore, SpanWrite } from '../storage/span-store.ts';
import { versionOfSources } from '../storage/version.ts';
import { createCommitter, type Changes, type Committer } from './committer.ts';
import { deriveTrace } from './derive-trace.ts';
import { recoverHeaders } from './recover-headers.ts';

const locate = (id: string): string => `mlflow-artifacts:/${id}`;
const TRACES = 3;
const SPANS = 4;
const TRIES = 20;

/** How a store treats one write: as asked; not at all; spans and no more; or well, but the answer is lost. */
type Fault = 'none' | 'refuses' | 'takes half' | 'loses its answer';

interface RandomRequest {
  readonly process: 0 | 1;
  /** Gives up when the first try fails, as a client does that dies. */
  readonly isHasty: boolean;
  readonly writes: readonly RandomWrite[];
}

interface RandomWrite {
  readonly kind: 'span' | 'running' | 'start' | 'tag';
  readonly trace: number;
  readonly index: number;
}

interface Scenario {
  readonly requests: readonly RandomRequest[];
  readonly faults: readonly Fault[];
  /** After so many writes of a process, it dies and another takes its place. */
  readonly deaths: readonly [number, number];
  readonly processes: 1 | 2;
  readonly recentSources: number;
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  requests: fc.array(
    fc.record({
      process: fc.constantFrom(0, 1),
      isHasty: fc.constantFrom(false, false, true),
      writes: fc.array(
        fc.record({
          kind: fc.constantFrom('span', 'span', 'running', 'start', 'tag'),
          trace: fc.nat(TRACES - 1),
          index: fc.nat(SPANS - 1),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
    { minLength: 1, maxLength: 16 },
  ),
  faults: fc.array(fc.constantFrom<Fault>('none', 'none', 'none', 'refuses', 'takes half', 'loses its answer'), {
    maxLength: 12,
  }),
  deaths: fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })),
  processes: fc.constantFrom(1, 2),
  // None, a few and all of what is written: forgotten traces are read again.
  recentSources: fc.constantFrom(0, 0, 3, 1000),
});

describe('a header', () => {
  test('says what its sources say, whatever happens', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.scheduler(), async (given, scheduler) => {
        const store = openMemoryStore();
        const acknowledged = await play(given, store, scheduler);
        await expectExact(store);
        await expectStored(store, acknowledged);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Plays a scenario to its end; answers the spans that were acknowledged. */
async function play(given: Scenario, store: SpanStore, scheduler: fc.Scheduler): Promise<readonly SpanWrite[]> {
  const faults = [...given.faults];
  const acknowledged: SpanWrite[] = [];
  const startProcess = (lifetime: number): Process => {
    const life = { isOver: false };
    let writes = 0;
    const link = openLink(store, given.processes === 1, scheduler, life, () => faults.shift());
    const mortal: SpanStore = {
      ...link,
      async writeSources(batch) {
        writes += 1;
        if (writes > lifetime) life.isOver = true;
        if (life.isOver) throw new Error('this process is dead');
        return link.writeSources(batch);
      },
      async writeHeaders(headers) {
        if (life.isOver) throw new Error('this process is dead');
        await link.writeHeaders(headers);
      },
    };
    const committer = createCommitter(mortal, locate, { maxRecentSources: given.recentSources, maxCommitSpans: 1 });
    const recovered = recover(mortal, committer);
    return { life, committer, recovered };
  };
  const processes = given.deaths.map((lifetime) => startProcess(lifetime));
  /** The process of a slot, or a new one in its place. */
  const revive = (slot: number): Process => {
    const process = must(processes[slot], 'a process');
    if (!process.life.isOver) return process;
    const next = startProcess(Number.POSITIVE_INFINITY);
    processes[slot] = next;
    return next;
  };

  const send = async ({ process: number, isHasty, writes }: RandomRequest): Promise<void> => {
    const slot = given.processes === 1 ? 0 : number;
    const { changes, spans } = toChanges(store, writes);
    for (let tries = 0; tries < (isHasty ? 1 : TRIES); tries += 1) {
      try {
        await revive(slot).committer.commit(changes);
        acknowledged.push(...spans);
        return;
      } catch {
        // Sent again below, or never.
      }
    }
    if (!isHasty) throw new Error('never acknowledged');
  };
  await scheduler.waitFor(Promise.all(given.requests.map(send)));
  // What somebody gave up on, half written, is made good by the next commit, or by the process that comes next.
  faults.length = 0;
  for (const slot of given.processes === 1 ? ([0] as const) : ([0, 1] as const)) {
    await scheduler.waitFor(revive(slot).recovered);
    const writes = Array.from({ length: TRACES }, (_, trace): RandomWrite => ({ kind: 'tag', trace, index: 0 }));
    await scheduler.waitFor(send({ process: slot, isHasty: false, writes }));
    await scheduler.waitFor(revive(slot).recovered);
  }
  return acknowledged;
}

interface Process {
  readonly life: { readonly isOver: boolean };
  readonly committer: Committer;
  readonly recovered: Promise<void>;
}

/** As a server does when it starts; where a header cannot be written, it stays the next commit's to write. */
async function recover(store: SpanStore, committer: Committer): Promise<void> {
  try {
    await recoverHeaders(store, (traceIds) => committer.refresh(traceIds));
    committer.setRecovered();
  } catch {
    // Not recovered: sources are looked at from now on.
  }
}

/** A process's view of the store: every call takes its time, and writes may fail in every way. */
function openLink(
  store: SpanStore,
  isExclusive: boolean,
  scheduler: fc.Scheduler,
  life: { readonly isOver: boolean },
  nextFault: () => Fault | undefined,
): SpanStore {
  const delayed = async <T>(work: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve());
    // An engine in the process dies with it; a server elsewhere may still do what it was sent.
    if (isExclusive && life.isOver) throw new Error('this process is dead');
    const value = await work();
    await scheduler.schedule(Promise.resolve());
    return value;
  };
  const faulty = <T>(work: () => Promise<T>, half: () => Promise<unknown>): Promise<T> =>
    delayed(async () => {
      const fault = nextFault() ?? 'none';
      if (fault === 'refuses') throw new Error('refused');
      if (fault === 'takes half') {
        await half();
        throw new Error('took half');
      }
      const value = await work();
      if (fault === 'loses its answer') throw new Error('lost its answer');
      return value;
    });
  return {
    ...store,
    isExclusive,
    writeSources: (batch) =>
      faulty(
        () => store.writeSources(batch),
        () => store.writeSources(spansOnly(batch)),
      ),
    writeHeaders: (headers) =>
      faulty(
        () => store.writeHeaders(headers),
        () => store.writeHeaders(headers.slice(1)),
      ),
    readSources: (ids) => delayed(() => store.readSources(ids)),
    readVersions: (ids) => delayed(() => store.readVersions(ids)),
    readHeaderVersions: (ids) => delayed(() => store.readHeaderVersions(ids)),
  };
}

function spansOnly(batch: SourceBatch): SourceBatch {
  return { ...batch, starts: [], tags: [] };
}

function traceIdOf(trace: number): TraceId {
  return must(parseTraceId((trace + 1).toString(16).padStart(32, '0')), 'a trace id');
}

function spanIdOf(trace: number, index: number): SpanId {
  return must(parseSpanId((trace * 16 + index + 1).toString(16).padStart(16, '0')), 'a span id');
}

const EXPERIMENT = must(parseExperimentId('7'), 'an experiment id');

/** The first span is the root, each other one a child of the one before, so children may come before their parents. */
function toChanges(
  store: SpanStore,
  writes: readonly RandomWrite[],
): { readonly changes: Changes; readonly spans: readonly SpanWrite[] } {
  // A tag is set on a trace that is there already, so its root comes with it.
  const written = writes.flatMap((write): readonly RandomWrite[] =>
    write.kind === 'tag' ? [write, { kind: 'span', trace: write.trace, index: 0 }] : [write],
  );
  const spans = written
    .filter(({ kind }) => kind === 'span' || kind === 'running')
    .map(({ kind, trace, index }): SpanWrite => {
      const usage = { inputTokens: 10 + index, outputTokens: index, totalTokens: 10 + 2 * index };
      const span = sampleSpan({
        traceId: traceIdOf(trace),
        spanId: spanIdOf(trace, index),
        ...(index === 0 ? {} : { parentSpanId: spanIdOf(trace, index - 1) }),
        name: `span ${index}`,
        start: at(index),
        status: index === 3 ? { code: 'error', message: 'boom' } : { code: 'ok' },
        summary: sampleSummary({ type: 'LLM', usage }),
      });
      return { span: kind === 'running' ? stillRunning(span) : span, experimentId: EXPERIMENT };
    });
  const starts = writes
    .filter(({ kind }) => kind === 'start')
    .map(({ trace, index }) =>
      sampleStart({
        traceId: traceIdOf(trace),
        experimentId: EXPERIMENT,
        state: index % 2 === 0 ? 'IN_PROGRESS' : 'OK',
        metadata: { [`said by ${index % 2}`]: 'yes' },
      }),
    );
  const tags = writes
    .filter(({ kind }) => kind === 'tag')
    .map(({ trace, index }) => ({
      traceId: traceIdOf(trace),
      key: `key ${index % 2}`,
      value: index === 3 ? undefined : `value ${index}`,
    }));
  return { changes: { spans: store.prepareSpans(spans), starts, tags }, spans };
}

/** Every header is what its sources give, and there is one for every trace that has any. */
async function expectExact(store: SpanStore): Promise<void> {
  const traceIds = Array.from({ length: TRACES }, (_, trace) => traceIdOf(trace));
  const sources = await store.readSources(traceIds);
  const versions = await store.readHeaderVersions(traceIds);
  const derived = traceIds.flatMap((traceId) => {
    const ofTrace = sources.get(traceId);
    const header = ofTrace === undefined ? undefined : deriveTrace(traceId, ofTrace, locate);
    if (ofTrace !== undefined && header !== undefined)
      expect([traceId, versions.get(traceId)]).toEqual([traceId, versionOfSources(ofTrace)]);
    return header ?? [];
  });
  expect(await store.readHeaders(traceIds)).toEqual(derived);
}

/** What was acknowledged is there, and ended if its end was. */
async function expectStored(store: SpanStore, acknowledged: readonly SpanWrite[]): Promise<void> {
  for (const { span } of acknowledged) {
    const stored = await store.readSpan(span.traceId, span.spanId);
    expect(stored).toMatchObject({ name: span.name, ...(span.end === undefined ? {} : { end: span.end }) });
  }
}
