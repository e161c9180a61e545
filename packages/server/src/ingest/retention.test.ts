import { describe, expect, test } from 'vitest';
import { EVERYTHING, type UnixNanos } from '@clew/core';
import { at, newTraceId, sampleExperiment, sampleHeader, sampleSpan } from '../storage/contract/samples.ts';
import { openMemoryStore } from '../storage/memory.ts';
import { openExperiments } from './experiments.ts';
import { createPipeline } from './pipeline.ts';
import { createRetention, RETENTION_TAG, retentionDays } from './retention.ts';

const DAY = 86_400_000;
const NOW = (at(0) + 100n * BigInt(DAY) * 1_000_000n) as UnixNanos;

async function setUp(days: string) {
  const store = openMemoryStore();
  const now = (): UnixNanos => NOW;
  const experiments = await openExperiments(store, now);
  const pipeline = createPipeline({
    store,
    experiments,
    now,
    randomBytes: (length) => new Uint8Array(length),
    sleep: () => Promise.resolve(),
  });
  const { experimentId } = await experiments.create({ name: 'kept for a while', tags: { [RETENTION_TAG]: days } });
  const told: string[] = [];
  const retention = createRetention({ experiments, pipeline, now, tell: (line) => told.push(line) });
  const addTraces = async (count: number, ageDays: number): Promise<void> => {
    const start = (NOW - BigInt(ageDays * DAY) * 1_000_000n) as UnixNanos;
    const spans = Array.from({ length: count }, () => sampleSpan({ traceId: newTraceId(), start, end: start }));
    await pipeline.writeSpans(experimentId, spans);
  };
  const count = async (): Promise<number> => store.count({ experimentIds: [experimentId], filter: EVERYTHING });
  return { store, retention, told, addTraces, count, experimentId };
}

describe('retention', () => {
  test.each([
    ['30', 30],
    ['1', 1],
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['a month', undefined],
    ['', undefined],
  ])('the tag "%s" means %s days', (tag, days) => {
    expect(retentionDays(sampleExperiment({ tags: { [RETENTION_TAG]: tag } }))).toBe(days);
  });

  test('takes what is past its age, to the millisecond, and tells', async () => {
    const { retention, told, addTraces, count, experimentId } = await setUp('7');
    await addTraces(2, 8);
    await addTraces(1, 7);
    await addTraces(3, 7 - 1 / DAY);
    expect(await retention.run()).toBe(false);
    expect(await count()).toBe(3);
    expect(told).toEqual([`Deleted 3 traces of experiment ${experimentId}: older than 7 days`]);
    expect(await retention.run()).toBe(false);
    expect(told).toHaveLength(1);
  });

  test('takes 500 traces a round', async () => {
    const { retention, addTraces, count } = await setUp('7');
    await addTraces(620, 8);
    expect(await retention.run()).toBe(true);
    expect(await count()).toBe(120);
    expect(await retention.run()).toBe(false);
    expect(await count()).toBe(0);
  });

  test('an experiment without the tag keeps everything', async () => {
    const { retention, store, told } = await setUp('none');
    await store.writeHeaders([{ header: sampleHeader({ start: at(0) }), version: 1n }]);
    expect(await retention.run()).toBe(false);
    expect(told).toEqual([]);
  });
});
