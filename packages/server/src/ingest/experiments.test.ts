import { describe, expect, test } from 'vitest';
import { unixNanosFromMillis } from '@clew/core';
import { openMemoryStore } from '../storage/memory.ts';
import { openExperiments } from './experiments.ts';

describe('experiments of a store that nobody else writes', () => {
  test('are read once, however many are created', async () => {
    const { experiments, readings } = await open();
    for (let made = 0; made < 20; made += 1) await experiments.create({ name: `number ${made}`, tags: {} });
    expect(await experiments.list()).toHaveLength(21);
    expect(readings()).toBe(1);
  });

  test('are read again after a write that failed: it may be stored nevertheless', async () => {
    const { experiments, readings, loseAnswers } = await open();
    loseAnswers(true);
    await expect(experiments.create({ name: 'lost', tags: {} })).rejects.toThrow('The answer was lost');
    loseAnswers(false);
    await expect(experiments.create({ name: 'lost', tags: {} })).rejects.toMatchObject({ code: 'already_exists' });
    await experiments.create({ name: 'next', tags: {} });
    expect(readings()).toBe(2);
  });
});

async function open() {
  const store = openMemoryStore();
  let readings = 0;
  let isLosing = false;
  const experiments = await openExperiments(
    {
      ...store,
      async readExperiments() {
        readings += 1;
        return store.readExperiments();
      },
      async writeExperiment(experiment) {
        await store.writeExperiment(experiment);
        if (isLosing) throw new Error('The answer was lost');
      },
    },
    () => unixNanosFromMillis(1_760_000_000_000),
  );
  return {
    experiments,
    readings: () => readings,
    loseAnswers: (isOn: boolean) => {
      isLosing = isOn;
    },
  };
}
