/** The short forms of `npm run test:hardships`. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/run-server.ts';
import { jumpClock } from './clock-jumps.ts';
import { fillDisk } from './disk-full.ts';
import { makeExperiments } from './many-experiments.ts';
import { sendManyKeys } from './many-keys.ts';
import { cutPowerUnderLoad } from './power-cuts.ts';
import { mountPulledDisk } from './pulled-disk.ts';
import { mountSmallDisk } from './small-disk.ts';
import { soak } from './soak.ts';

const EXACT = { lost: 0, doubled: 0, wrongHeaders: 0, examples: [] };

describe('a server', () => {
  test('whose disk is full says so, still reads, and takes everything once there is room', async ({ skip }) => {
    const disk = mountSmallDisk(80);
    if (typeof disk === 'string') {
      skip(disk);
      return;
    }
    onTestFinished(() => disk.remove());
    const report = await fillDisk(disk, 12);
    expect(report).toMatchObject({
      ...EXACT,
      refused: { 503: expect.any(Number) as number },
      refusedWithoutRetryAfter: 0,
      reads: { 200: 5 },
      readsAfterStart: { 200: 5 },
      writesAfterwards: { 200: 2 },
    });
    expect(Object.keys(report.refused)).toEqual(['503']);
    expect(report.refusedStart).toMatch(/^clew: Cannot open data folder .*: its disk is full; make room/m);
    for (const message of report.messages) {
      expect(message).toContain('Cannot write to the store: its disk is full');
      // Nothing of the inside.
      expect(message).not.toMatch(/Exception|\/tmp/);
    }
  });

  test('whose machine loses power under load has all it acknowledged', async ({ skip }) => {
    const disk = mountPulledDisk(200);
    if (typeof disk === 'string') {
      skip(disk);
      return;
    }
    onTestFinished(() => disk.remove());
    expect(await cutPowerUnderLoad(disk, 2, 10)).toMatchObject({ ...EXACT, cuts: 2 });
  });

  test('whose clock jumps back and forth, running and between its lives, lets later writes win', async () => {
    expect(await jumpClock(await folderOfTest(), 6)).toMatchObject({
      ...EXACT,
      jumps: 8,
      restarts: 5,
      looks: 85,
      wrongRewrites: [],
    });
  });

  test('with hundreds of experiments lists, searches and counts them all', async () => {
    expect(await makeExperiments(await folderOfTest(), 150)).toMatchObject({ experiments: 150, wrong: [] });
  });

  test('takes attribute keys that occur once each, whatever they are made of', async () => {
    expect(await sendManyKeys(await folderOfTest(), 1000)).toMatchObject({ distinctKeys: 50_025, wrong: [] });
  });

  test('has stored exactly what it acknowledged after some seconds at half load', async () => {
    const report = await soak(await folderOfTest(), { seconds: 4, fullSeconds: 2, sampleEverySeconds: 1 });
    const { sentTraces, acknowledgedSpans, storedTraces, storedSpans, wrongHeaders, looked } = report;
    expect({ storedTraces, storedSpans, wrongHeaders }).toEqual({
      storedTraces: sentTraces,
      storedSpans: acknowledgedSpans,
      wrongHeaders: 0,
    });
    expect(looked).toMatchObject({ lost: 0, doubled: 0 });
    expect(report.health.asked).toBeGreaterThan(0);
  });
});

async function folderOfTest(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}
