import { EVERYTHING } from '@clew/core';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.ts';
import { attributes, newExperimentId, sampleHeader, sampleSpan, writeBatch, writeHeaders } from './samples.ts';

/** Text that no compression makes small. */
function noise(characters: number): string {
  let state = characters;
  return Array.from({ length: characters }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
}

export const storageCases: readonly ContractCase[] = [
  {
    title: 'figures tell what each experiment holds, and deleted rows give their space back',
    async run(store) {
      const [large, small] = [newExperimentId(), newExperimentId()];
      const spans = Array.from({ length: 200 }, (_, index) => ({
        span: sampleSpan({ attributes: attributes([['text', noise(2000 + index)]]) }),
        experimentId: index < 150 ? large : small,
      }));
      await writeBatch(store, { spans });
      await writeHeaders(
        store,
        spans.map(({ span: { traceId }, experimentId }) => sampleHeader({ traceId, experimentId })),
      );
      const before = await store.readStorageFigures();
      const [one, other] = [before.experiments.get(large), before.experiments.get(small)];
      expect([one?.spanRows, other?.spanRows]).toEqual([150, 50]);
      expect(one?.payloadCharacters).toBeGreaterThan(150 * 2000);
      expect(one?.diskBytes).toBeGreaterThan((other?.diskBytes ?? 0) * 2);
      const shares = [...before.experiments.values()].reduce((sum, { diskBytes }) => sum + diskBytes, 0);
      expect(Math.abs(shares - before.diskBytes)).toBeLessThanOrEqual(before.experiments.size);

      expect(await store.measureTraces({ experimentIds: [large], filter: EVERYTHING })).toEqual({
        traceCount: 150,
        spanRows: 150,
        payloadCharacters: one?.payloadCharacters,
      });
      await store.deleteTraces(spans.slice(0, 150).map(({ span }) => span.traceId));
      await store.reclaimSpace(true);
      const after = await store.readStorageFigures();
      expect(after.experiments.get(large)).toBeUndefined();
      // At least half of what could not be compressed.
      expect(before.diskBytes - after.diskBytes).toBeGreaterThan(150 * 1000);
    },
  },
  {
    title: 'a sample counts the traces whose id sorts before a text',
    async run(store) {
      const experimentId = newExperimentId();
      const headers = Array.from({ length: 64 }, () => sampleHeader({ experimentId }));
      await writeHeaders(store, headers);
      const everything = { experimentIds: [experimentId], filter: EVERYTHING };
      expect(await store.countSample(everything, '80')).toBe(headers.filter(({ traceId }) => traceId < '80').length);
      expect(await store.countSample(everything, 'g')).toBe(64);
    },
  },
];
