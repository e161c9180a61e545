import type { DurationNanos, TraceHeader } from '@clew/core';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.ts';
import { at, newExperimentId, newTraceId, sampleHeader, textMap, writeHeaders } from './samples.ts';

export const headerCases: readonly ContractCase[] = [
  {
    title: 'a bare header comes back as written',
    async run(store) {
      const header = sampleHeader();
      await writeHeaders(store, [header]);
      expect(await store.readHeaders([header.traceId])).toEqual([header]);
    },
  },
  {
    title: 'a full header comes back as written',
    async run(store) {
      const header = sampleHeader({
        clientRequestId: '',
        start: at(0.000001),
        duration: -1n as DurationNanos,
        state: 'STATE_UNSPECIFIED',
        name: 'müller\n\t"quoted" \\ \0 😀',
        requestPreview: '{"a":1}',
        responsePreview: '',
        sessionId: 'session',
        userId: 'user',
        usage: {
          inputTokens: 9_007_199_254_740_991,
          outputTokens: 0,
          totalTokens: 9_007_199_254_740_991,
          cacheReadInputTokens: 1,
          cacheCreationInputTokens: 2.5,
        },
        cost: { inputCost: 0.1, outputCost: 1e-9, totalCost: 0.100000001 },
        tags: textMap([
          ['__proto__', 'a'],
          ['constructor', ''],
          ['10', 'ten'],
          ['9', 'nine'],
        ]),
        metadata: textMap([['mlflow.trace.session', 'session']]),
        spanCount: 100_000,
        errorCount: 3,
        isFinalized: true,
      });
      await writeHeaders(store, [header]);
      expect(await store.readHeaders([header.traceId])).toEqual([header]);
    },
  },
  {
    title: 'headers come in the order asked for, unknown ids are left out',
    async run(store) {
      const headers = Array.from({ length: 5 }, () => sampleHeader());
      await writeHeaders(store, headers);
      const asked = [...headers].reverse();
      const ids = asked.flatMap((header) => [header.traceId, newTraceId()]);
      expect(await store.readHeaders(ids)).toEqual(asked);
      expect(await store.readHeaders([])).toEqual([]);
    },
  },
  {
    title: 'a later header replaces the earlier, in one batch too',
    async run(store) {
      const header = sampleHeader({ state: 'IN_PROGRESS', tags: textMap([['a', '1']]) });
      const last = { ...header, state: 'OK' as const, start: at(-5), experimentId: newExperimentId(), tags: textMap() };
      await writeHeaders(store, [header]);
      await writeHeaders(store, [{ ...header, state: 'ERROR' }, last]);
      expect(await store.readHeaders([header.traceId])).toEqual([last]);
    },
  },
  {
    title: 'of two headers the one of the higher version counts, whenever it was written',
    async run(store) {
      const header = sampleHeader();
      const fuller: TraceHeader = { ...header, spanCount: 2 };
      await store.writeHeaders([{ header: fuller, version: 2n ** 100n + 1n }]);
      await store.writeHeaders([{ header, version: 2n ** 100n }]);
      expect(await store.readHeaders([header.traceId])).toEqual([fuller]);
      await store.writeHeaders([{ header, version: 2n ** 100n + 1n }]);
      expect(await store.readHeaders([header.traceId])).toEqual([header]);
      const versions = await store.readHeaderVersions([header.traceId, newTraceId()]);
      expect(versions).toEqual(new Map([[header.traceId, 2n ** 100n + 1n]]));
    },
  },
  {
    title: 'a trace that moved to another experiment is in that one only',
    async run(store) {
      const header = sampleHeader();
      const moved = { ...header, experimentId: newExperimentId() };
      await writeHeaders(store, [header]);
      await writeHeaders(store, [moved]);
      const everything = { filter: { kind: 'all', of: [] } } as const;
      expect(await store.count({ experimentIds: [header.experimentId], ...everything })).toBe(0);
      expect(await store.count({ experimentIds: [moved.experimentId], ...everything })).toBe(1);
    },
  },
  {
    title: 'a deleted header is gone',
    async run(store) {
      const [header, other] = [sampleHeader(), sampleHeader()];
      await writeHeaders(store, [header, other]);
      await store.deleteTraces([header.traceId]);
      expect(await store.readHeaders([header.traceId, other.traceId])).toEqual([other]);
    },
  },
  {
    title: 'a deletion by ids takes those of the experiment only',
    async run(store) {
      const experimentId = newExperimentId();
      const [a, b, foreign] = [sampleHeader({ experimentId }), sampleHeader({ experimentId }), sampleHeader()];
      await writeHeaders(store, [a, b, foreign]);
      const traceIds = [a.traceId, b.traceId, foreign.traceId, newTraceId()];
      const taken = await store.selectTraces({ experimentId, which: { kind: 'ids', traceIds } });
      expect([...taken].sort()).toEqual([a.traceId, b.traceId].sort());
    },
  },
  {
    title: 'a deletion by age takes the oldest first, to the millisecond',
    async run(store) {
      const experimentId = newExperimentId();
      const [young, exact, old] = [30, 20.9, 10].map((millis) => sampleHeader({ experimentId, start: at(millis) }));
      if (young === undefined || exact === undefined || old === undefined) return;
      await writeHeaders(store, [young, exact, old, sampleHeader({ start: at(0) })]);
      const startMillis = Number(at(20) / 1_000_000n);
      const select = async (limit?: number) =>
        store.selectTraces({
          experimentId,
          which: { kind: 'until', startMillis, ...(limit === undefined ? {} : { limit }) },
        });
      expect(await select()).toEqual([old.traceId, exact.traceId]);
      expect(await select(1)).toEqual([old.traceId]);
    },
  },
];
