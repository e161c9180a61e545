import { formatDuration } from './format-duration.ts';
import type { TimeWindow } from './time-window.ts';

export interface Tick {
  /** Microseconds since the trace began. */
  readonly at: number;
  readonly label: string;
}

const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Steps people read easily, past the decades of microseconds to seconds. */
const LONG_STEPS = [1, 2, 5, 10, 15, 30]
  .flatMap((step) => [step * SECOND, step * MINUTE])
  .concat([1, 2, 3, 6, 12, 24, 48, 168].map((step) => step * HOUR))
  .sort((a, b) => a - b);

/**
 * Round times inside a window, at least `spacing` apart.
 *
 * @param spacing - Least distance between two ticks as a share of the window.
 */
export function timeTicks(window: TimeWindow, spacing: number): readonly Tick[] {
  const length = window.end - window.start;
  const step = roundStep(length * spacing);
  const ticks: Tick[] = [];
  const first = Math.ceil(window.start / step);
  const last = Math.floor(window.end / step);
  for (let index = first; index <= last; index += 1) {
    const at = index * step;
    ticks.push({ at, label: at === 0 ? '0' : formatTick(at, step) });
  }
  return ticks;
}

function roundStep(least: number): number {
  if (least > SECOND / 2) return LONG_STEPS.find((step) => step >= least) ?? Math.ceil(least / (24 * HOUR)) * 24 * HOUR;
  const decade = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((factor) => factor * decade >= least * 0.999_999) ?? 10;
  return factor * decade;
}

/** With as many digits as tell neighbours apart: deep in a long trace three would read the same. */
function formatTick(at: number, step: number): string {
  if (at >= HOUR && step >= SECOND && step < MINUTE) return clock(at);
  if (at >= MINUTE && step >= SECOND) return formatDuration(at);
  const { unit, size } =
    at >= SECOND ? { unit: 's', size: SECOND } : at >= 1000 ? { unit: 'ms', size: 1e3 } : { unit: 'µs', size: 1 };
  const digits = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9));
  return `${(at / size).toFixed(digits)}\u2009${unit}`;
}

function clock(at: number): string {
  const seconds = Math.round(at / SECOND);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
