/**
 * `npm run test:hardships [-- NAME [SIZE]]`: each hardship at its full size, or the one named. Prints what was counted and
 * measured as JSON; exit 1 when something was lost, doubled or otherwise wrong.
 */
import { argv, exit, stdout } from 'node:process';
import { temporaryFolder } from '../support/run-server.ts';
import { jumpClock } from './clock-jumps.ts';
import { fillDisk } from './disk-full.ts';
import { makeExperiments } from './many-experiments.ts';
import { sendManyKeys } from './many-keys.ts';
import { cutPowerUnderLoad } from './power-cuts.ts';
import { mountPulledDisk } from './pulled-disk.ts';
import { mountSmallDisk } from './small-disk.ts';
import { soak } from './soak.ts';

interface Hardship {
  /** What its size counts. */
  readonly of: string;
  readonly fullSize: number;
  /** @returns how many things were wrong. */
  run(size: number): Promise<number>;
}

const HARDSHIPS: Readonly<Record<string, Hardship>> = {
  'disk-full': {
    of: 'span requests in each phase',
    fullSize: 500,
    async run(size) {
      const disk = mountSmallDisk(400);
      if (typeof disk === 'string') {
        say(`skipped: ${disk}`);
        return 0;
      }
      try {
        const report = await fillDisk(disk, size);
        print(report);
        const { lost, doubled, wrongHeaders, refusedWithoutRetryAfter, reads, readsAfterStart } = report;
        const isReadable = [reads, readsAfterStart].every((tally) => Object.keys(tally).join() === '200');
        const isRefused = Object.keys(report.refused).join() === '503';
        return lost + doubled + wrongHeaders + refusedWithoutRetryAfter + Number(!isReadable) + Number(!isRefused);
      } finally {
        disk.remove();
      }
    },
  },
  power: {
    of: 'power cuts',
    fullSize: 20,
    async run(size) {
      const disk = mountPulledDisk(400);
      if (typeof disk === 'string') {
        say(`skipped: ${disk}`);
        return 0;
      }
      try {
        const report = await cutPowerUnderLoad(disk, size, 20);
        print(report);
        return report.lost + report.doubled + report.wrongHeaders;
      } finally {
        disk.remove();
      }
    },
  },
  clock: {
    of: 'span requests in each step',
    fullSize: 200,
    run: (size) =>
      inFolder(async (folder) => {
        const report = await jumpClock(folder, size);
        print(report);
        return report.lost + report.doubled + report.wrongHeaders + report.wrongRewrites.length;
      }),
  },
  experiments: {
    of: 'experiments',
    fullSize: 10_000,
    run: (size) =>
      inFolder(async (folder) => {
        const report = await makeExperiments(folder, size);
        print(report);
        return report.wrong.length;
      }),
  },
  keys: {
    of: 'spans with 50 keys each',
    fullSize: 20_000,
    run: (size) =>
      inFolder(async (folder) => {
        const report = await sendManyKeys(folder, size);
        print(report);
        return report.wrong.length;
      }),
  },
  soak: {
    of: 'seconds',
    fullSize: 600,
    run: (size) =>
      inFolder(async (folder) => {
        const report = await soak(folder, {
          seconds: size,
          fullSeconds: 20,
          sampleEverySeconds: 10,
          onSample: ({ residentMegabytes, handles, threads }, spans) =>
            say(`${residentMegabytes} MB resident, ${handles} handles, ${threads} threads, ${spans} spans so far`),
        });
        const { samples, ...rest } = report;
        print({ ...rest, samples: samples.length });
        const { sentTraces, storedTraces, storedSpans, acknowledgedSpans, wrongHeaders, looked } = report;
        const isExact = sentTraces === storedTraces && storedSpans === acknowledgedSpans;
        return wrongHeaders + looked.lost + looked.doubled + Number(!isExact);
      }),
  },
};

async function inFolder(task: (folder: string) => Promise<number>): Promise<number> {
  const folder = await temporaryFolder();
  try {
    return await task(folder.path);
  } finally {
    await folder.remove();
  }
}

function say(line: string): void {
  stdout.write(`${line}\n`);
}

function print(report: object): void {
  say(JSON.stringify(report, undefined, 2));
}

const [name, size] = argv.slice(2);
const chosen = Object.entries(HARDSHIPS).filter(([known]) => name === undefined || known === name);
if (chosen.length === 0) {
  say(`Unknown hardship "${String(name)}": expected one of ${Object.keys(HARDSHIPS).join(', ')}`);
  exit(2);
}
let wrong = 0;
for (const [known, hardship] of chosen) {
  const count = Number(size ?? hardship.fullSize);
  say(`\n${known}, ${count} ${hardship.of}`);
  const found = await hardship.run(count);
  say(found === 0 ? `${known}: nothing is wrong` : `${known}: ${found} wrong`);
  wrong += found;
}
exit(wrong === 0 ? 0 : 1);
