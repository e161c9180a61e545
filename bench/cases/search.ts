import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchCase, CaseResult, Promised } from '../case.ts';
import { runWorker } from '../run-worker.ts';
import type { Measured, SearchRun } from './search-worker.ts';

const WORKER = fileURLToPath(new URL('search-worker.ts', import.meta.url));
const TRACES = 1_000_000;
const RUNS = 7;
/** P3, in milliseconds: for every filter, and for a substring of a payload. */
const GOAL = 150;
const SUBSTRING_GOAL = 500;

/**
 * First pages of a hundred among a million traces of one experiment. `--data FOLDER` keeps the store, which takes some
 * fifteen minutes to make; `--scale 0.02` makes a smaller one.
 */
export const search: BenchCase = {
  name: 'search',
  about: 'first pages by every class of filter; --data FOLDER keeps the store, --scale 0.02 makes a small one',
  async run(): Promise<CaseResult> {
    const { values } = parseArgs({
      options: { data: { type: 'string' }, scale: { type: 'string', default: '1' } },
      strict: false,
    });
    const scale = Number(values.scale);
    const folder = typeof values.data === 'string' ? values.data : join(tmpdir(), `clew-search-${scale}`);
    await mkdir(folder, { recursive: true });
    const { data, parts, spansPerPart, measured } = await runWorker<SearchRun>(WORKER, [
      folder,
      String(TRACES * scale),
      String(RUNS),
    ]);
    const substrings = measured.filter(({ kind }) => kind === 'substring');
    const others = measured.filter(({ kind }) => kind !== 'substring');
    return {
      dataset: `${data.traces} traces, ${data.spans} spans, of ${data.seeds} real traces, in ${parts} parts of spans`,
      promises: [promise('P3', others, GOAL), promise('P3-substring', substrings, SUBSTRING_GOAL)],
      figures: {
        buildSeconds: data.buildSeconds,
        parts,
        largestPartSpans: spansPerPart[0] ?? 0,
        shareOfFiltersMet: others.filter((one) => p95(one) <= GOAL).length / others.length,
        shareOfSubstringsMet: substrings.filter((one) => p95(one) <= SUBSTRING_GOAL).length / substrings.length,
        ...Object.fromEntries(kindsOf(measured).flatMap((kind) => figuresOf(kind, measured))),
        ...Object.fromEntries(slowest(measured)),
      },
    };
  },
};

function promise(id: string, measured: readonly Measured[], goal: number): Promised {
  const value = Math.max(...measured.map(p95));
  return { id, value, goal: `≤ ${goal} ms p95, the slowest filter`, met: value <= goal };
}

function kindsOf(measured: readonly Measured[]): readonly Measured['kind'][] {
  return [...new Set(measured.map(({ kind }) => kind))];
}

type Figure = readonly [string, number];

function figuresOf(kind: Measured['kind'], measured: readonly Measured[]): readonly Figure[] {
  const own = measured.filter((one) => one.kind === kind);
  const all = own.flatMap(({ millis }) => millis).sort((a, b) => a - b);
  const mean = (of: (one: Measured) => number): number => own.reduce((sum, one) => sum + of(one), 0) / own.length;
  return [
    [`${kind} millisP50`, at(all, 0.5)],
    [`${kind} millisP95`, at(all, 0.95)],
    [`${kind} cpuMillis`, mean(({ cpuMillis }) => cpuMillis)],
    [`${kind} rowsRead`, mean(({ rowsRead }) => rowsRead)],
    [`${kind} bytesRead`, mean(({ bytesRead }) => bytesRead)],
  ];
}

function slowest(measured: readonly Measured[]): readonly Figure[] {
  return [...measured]
    .sort((a, b) => p95(b) - p95(a))
    .slice(0, 15)
    .map((one) => [
      `p95 of ${[one.kind, one.filter, one.order, one.page === 2 ? 'page 2' : ''].join(' ').trim()}`,
      p95(one),
    ]);
}

function p95({ millis }: Measured): number {
  return at(millis, 0.95);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
