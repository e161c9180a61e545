import { SPAN_FAMILIES } from './span-family.ts';
import { isFailed, type TraceModel } from './trace-model.ts';

/** What the overview strip draws: how much leaf work ran when, by family, and where spans failed. */
export interface OverviewBins {
  readonly count: number;
  /** Average number of leaf spans at work, `families × count`, family by family. */
  readonly load: Float64Array;
  /** Sum over the families, a bin each. */
  readonly total: Float64Array;
  /** 1 where a span failed. */
  readonly failed: Uint8Array;
  readonly peak: number;
}

/**
 * Spreads leaf spans over equal slices of the whole trace.
 *
 * Whole bins are written as differences at both ends, so the cost does not grow with the length of spans.
 */
export function overviewBins(model: TraceModel, count: number): OverviewBins {
  const families = SPAN_FAMILIES.length;
  const partial = new Float64Array(families * count);
  const steps = new Float64Array(families * (count + 1));
  const failed = new Uint8Array(count);
  const scale = count / model.extent;
  for (let row = 0; row < model.size; row += 1) {
    const from = Math.min((model.start[row] ?? 0) * scale, count);
    const to = Math.min((model.end[row] ?? 0) * scale, count);
    const firstBin = Math.min(Math.floor(from), count - 1);
    if (isFailed(model, row)) failed[Math.min(Math.floor(to), count - 1)] = 1;
    if ((model.childCount[row] ?? 0) > 0) continue;
    const base = (model.family[row] ?? 0) * count;
    const lastBin = Math.min(Math.floor(to), count - 1);
    if (firstBin === lastBin) {
      add(partial, base + firstBin, to - from);
      continue;
    }
    add(partial, base + firstBin, firstBin + 1 - from);
    add(partial, base + lastBin, to - lastBin);
    const stepBase = (model.family[row] ?? 0) * (count + 1);
    add(steps, stepBase + firstBin + 1, 1);
    add(steps, stepBase + lastBin, -1);
  }
  return sumUp(partial, steps, failed, count);
}

function sumUp(partial: Float64Array, steps: Float64Array, failed: Uint8Array, count: number): OverviewBins {
  const total = new Float64Array(count);
  let peak = 0;
  for (let family = 0; family < SPAN_FAMILIES.length; family += 1) {
    let running = 0;
    for (let bin = 0; bin < count; bin += 1) {
      running += steps[family * (count + 1) + bin] ?? 0;
      add(partial, family * count + bin, running);
      add(total, bin, partial[family * count + bin] ?? 0);
    }
  }
  for (const value of total) peak = Math.max(peak, value);
  return { count, load: partial, total, failed, peak };
}

function add(to: Float64Array, index: number, amount: number): void {
  to[index] = (to[index] ?? 0) + amount;
}
