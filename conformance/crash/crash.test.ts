import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/run-server.ts';
import { killUnderLoad } from './killed-server.ts';

/** The short form of `npm run test:crash`. */
describe('a server that is killed under load', () => {
  test('loses nothing it acknowledged, doubles nothing, and its headers say what its spans say', async () => {
    const folder = await temporaryFolder();
    let drawn = 0;
    try {
      const report = await killUnderLoad({
        dataFolder: folder.path,
        kills: 6,
        senders: 8,
        lifeMillis: [100, 1200],
        // One after the other over the whole range.
        random: () => ((drawn += 1) % 6) / 6,
      });
      const { lost, doubled, wrongHeaders, examples } = report;
      expect({ lost, doubled, wrongHeaders, examples }).toEqual({ lost: 0, doubled: 0, wrongHeaders: 0, examples: [] });
      expect(report.acknowledgedSpans).toBeGreaterThan(100);
    } finally {
      await folder.remove();
    }
  });
});
