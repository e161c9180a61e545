import { DEFAULT_EXPERIMENT_ID } from '@clew/core';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.ts';
import { at, newExperimentId, sampleExperiment, sampleHeader, textMap, writeHeaders } from './samples.ts';

export const experimentCases: readonly ContractCase[] = [
  {
    title: 'a new store has the default experiment',
    async run(store) {
      const found = (await store.readExperiments()).find((one) => one.experimentId === DEFAULT_EXPERIMENT_ID);
      expect(found).toMatchObject({ name: 'Default', lifecycleStage: 'active' });
    },
  },
  {
    title: 'an experiment comes back as written',
    async run(store) {
      const experiment = sampleExperiment({
        name: 'Köln "quoted" \\ 😀',
        creationTime: at(1.234567),
        tags: textMap([
          ['__proto__', 'a key like any other'],
          ['mlflow.note.content', 'line one\nline two\ttabbed'],
        ]),
      });
      await store.writeExperiment(experiment);
      const read = (await store.readExperiments()).find((one) => one.experimentId === experiment.experimentId);
      expect(read).toEqual(experiment);
    },
  },
  {
    title: 'writing an experiment again replaces it, deleted ones stay listed',
    async run(store) {
      const experiment = sampleExperiment();
      await store.writeExperiment(experiment);
      await store.writeExperiment({ ...experiment, name: 'renamed', lifecycleStage: 'deleted' });
      const read = (await store.readExperiments()).filter((one) => one.experimentId === experiment.experimentId);
      expect(read).toEqual([{ ...experiment, name: 'renamed', lifecycleStage: 'deleted' }]);
    },
  },
  {
    title: 'the default experiment can be replaced',
    async run(store) {
      const [before] = (await store.readExperiments()).filter((one) => one.experimentId === DEFAULT_EXPERIMENT_ID);
      expect(before).toBeDefined();
      if (before === undefined) return;
      const tagged = { ...before, tags: textMap([['owner', 'ada']]) };
      await store.writeExperiment(tagged);
      const after = (await store.readExperiments()).filter((one) => one.experimentId === DEFAULT_EXPERIMENT_ID);
      expect(after).toEqual([tagged]);
    },
  },
  {
    title: 'statistics count traces and errors and know the newest start',
    async run(store) {
      const experimentId = newExperimentId();
      const empty = newExperimentId();
      const first = sampleHeader({ experimentId, start: at(10) });
      await writeHeaders(store, [
        first,
        sampleHeader({ experimentId, start: at(30), state: 'ERROR' }),
        sampleHeader({ experimentId, start: at(20), state: 'IN_PROGRESS' }),
      ]);
      await writeHeaders(store, [{ ...first, state: 'ERROR' }]);
      const stats = await store.readExperimentStats();
      expect(stats.get(experimentId)).toEqual({ traceCount: 3, errorCount: 2, lastStart: at(30) });
      expect(stats.has(empty)).toBe(false);
    },
  },
];
