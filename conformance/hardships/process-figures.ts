/** What the system says of a running server (proc(5)), and of a folder. Linux only. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningClew } from '../support/run-server.ts';

/** Processor time is counted in hundredths of a second on every Linux. */
const MILLIS_A_TICK = 10;

export interface ProcessFigures {
  readonly residentMegabytes: number;
  readonly peakMegabytes: number;
  /** Open files, sockets and pipes. */
  readonly handles: number;
  readonly threads: number;
  readonly cpuMillis: number;
}

export function readProcessFigures({ process: { pid } }: RunningClew): ProcessFigures {
  const folder = `/proc/${String(pid)}`;
  const status = readFileSync(`${folder}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const stat = readFileSync(`${folder}/stat`, 'utf8');
  // Fields 14 and 15, counted behind the name, which may hold blanks.
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return {
    residentMegabytes: Math.round(field('VmRSS') / 1024),
    peakMegabytes: Math.round(field('VmHWM') / 1024),
    handles: readdirSync(`${folder}/fd`).length,
    threads: field('Threads'),
    cpuMillis: (user + system) * MILLIS_A_TICK,
  };
}

/** Megabytes on disk of all files under a folder. */
export function measureFolder(folder: string): number {
  return Math.round(bytesOf(folder) / 1024 ** 2);
}

function bytesOf(path: string): number {
  try {
    const entry = statSync(path);
    if (!entry.isDirectory()) return entry.blocks * 512;
    return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
  } catch (error) {
    // Merged parts go away while this looks at them.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

/** Change for each step, by least squares. */
export function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [rise, run] = [0, 0];
  for (const [at, value] of values.entries()) {
    rise += (at - middle) * (value - mean);
    run += (at - middle) ** 2;
  }
  return run === 0 ? 0 : rise / run;
}

/** The value that so large a part of all is not above. */
export function quantileOf(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
