import { SKELETON_FLAGS, SKELETON_STATUSES, type SkeletonColumns } from '@clew/core';
import { SPAN_FAMILIES, spanFamily } from './span-family.ts';

/**
 * A trace as the explorer holds it: one entry a row in typed arrays, rows in pre-order. No object per row, so that
 * 100,000 rows cost a few megabytes and a pass over them a millisecond.
 */
export interface TraceModel {
  readonly columns: SkeletonColumns;
  /** Number of rows; synthetic "missing parent" rows count. */
  readonly size: number;
  /** Number of spans that arrived. */
  readonly spanCount: number;
  readonly rootCount: number;
  /** Row of the parent, -1 for a root. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** One past the last row below this one. */
  readonly subtreeEnd: Int32Array;
  readonly childCount: Int32Array;
  /** 1-based place among its siblings. */
  readonly siblingPosition: Int32Array;
  /** Spans below this row that failed. */
  readonly errorsBelow: Int32Array;
  /** Index into {@link SPAN_FAMILIES}. */
  readonly family: Uint8Array;
  /** Microseconds since the trace began. */
  readonly start: Float64Array;
  /** Microseconds since the trace began. A running span reaches to the trace's end. */
  readonly end: Float64Array;
  /** Latest end of the row and everything below. */
  readonly subtreeFinish: Float64Array;
  /** Microseconds from the first start to the last end; at least 1. */
  readonly extent: number;
  readonly errorCount: number;
  /** Some span reports tokens. */
  readonly hasTokens: boolean;
}

const STATUS_ERROR = SKELETON_STATUSES.indexOf('error');

/** One pass forwards for depths and places, one backwards for subtrees. */
export function createTraceModel(columns: SkeletonColumns): TraceModel {
  const size = columns.spanId.length;
  const { start, end, extent } = placeInTime(columns);
  const familyOfType = columns.types.map((type) => SPAN_FAMILIES.indexOf(spanFamily(type)));
  const parent = Int32Array.from(columns.parent);
  const depth = new Int32Array(size);
  const childCount = new Int32Array(size);
  const siblingPosition = new Int32Array(size);
  const family = new Uint8Array(size);
  let rootCount = 0;
  let missing = 0;
  for (let row = 0; row < size; row += 1) {
    family[row] = familyOfType[columns.type[row] ?? 0] ?? SPAN_FAMILIES.length - 1;
    if (hasFlag(columns, row, SKELETON_FLAGS.missing)) missing += 1;
    const above = parent[row] ?? -1;
    if (above < 0) {
      rootCount += 1;
      siblingPosition[row] = rootCount;
      continue;
    }
    depth[row] = (depth[above] ?? 0) + 1;
    const position = (childCount[above] ?? 0) + 1;
    childCount[above] = position;
    siblingPosition[row] = position;
  }

  const subtreeEnd = Int32Array.from({ length: size }, (_, row) => row + 1);
  const subtreeFinish = Float64Array.from(end);
  const errorsBelow = new Int32Array(size);
  let errorCount = 0;
  for (let row = size - 1; row >= 0; row -= 1) {
    const failed = columns.status[row] === STATUS_ERROR ? 1 : 0;
    errorCount += failed;
    const above = parent[row] ?? -1;
    if (above < 0) continue;
    subtreeEnd[above] = Math.max(subtreeEnd[above] ?? 0, subtreeEnd[row] ?? 0);
    subtreeFinish[above] = Math.max(subtreeFinish[above] ?? 0, subtreeFinish[row] ?? 0);
    errorsBelow[above] = (errorsBelow[above] ?? 0) + (errorsBelow[row] ?? 0) + failed;
  }
  return {
    columns,
    size,
    spanCount: size - missing,
    rootCount,
    parent,
    depth,
    subtreeEnd,
    childCount,
    siblingPosition,
    errorsBelow,
    family,
    start,
    end,
    subtreeFinish,
    extent,
    errorCount,
    hasTokens: columns.tokens.some((tokens) => tokens >= 0),
  };
}

function placeInTime(columns: SkeletonColumns): { start: Float64Array; end: Float64Array; extent: number } {
  const start = Float64Array.from(columns.start);
  let extent = 1;
  for (let row = 0; row < start.length; row += 1) {
    extent = Math.max(extent, (start[row] ?? 0) + Math.max(columns.duration[row] ?? 0, 0));
  }
  const end = start.map((from, row) => {
    const duration = columns.duration[row] ?? 0;
    return duration < 0 ? extent : from + duration;
  });
  return { start, end, extent };
}

function hasFlag(columns: SkeletonColumns, row: number, flag: number): boolean {
  return ((columns.flags[row] ?? 0) & flag) !== 0;
}

export function isFailed(model: TraceModel, row: number): boolean {
  return model.columns.status[row] === STATUS_ERROR;
}

export function isRunning(model: TraceModel, row: number): boolean {
  return hasFlag(model.columns, row, SKELETON_FLAGS.running);
}

/** Stands for a parent that never arrived. */
export function isMissing(model: TraceModel, row: number): boolean {
  return hasFlag(model.columns, row, SKELETON_FLAGS.missing);
}

export function rowName(model: TraceModel, row: number): string {
  return model.columns.names[model.columns.name[row] ?? -1] ?? '';
}

export function rowType(model: TraceModel, row: number): string {
  return model.columns.types[model.columns.type[row] ?? -1] ?? 'UNKNOWN';
}

export function rowModelName(model: TraceModel, row: number): string | undefined {
  return model.columns.models[model.columns.model[row] ?? -1];
}

/** The row of a span; -1 when the trace does not hold it. */
export function findRow(model: TraceModel, spanId: string): number {
  return model.columns.spanId.indexOf(spanId.toLowerCase());
}

/** Rows from the root down to the row itself. */
export function pathTo(model: TraceModel, row: number): readonly number[] {
  const path: number[] = [];
  for (let at = row; at >= 0; at = model.parent[at] ?? -1) path.push(at);
  return path.reverse();
}

/** What a reader opens first: the first failed span with no failed span below it, else the first row. */
export function firstInterestingRow(model: TraceModel): number {
  for (let row = 0; row < model.size; row += 1) {
    if (isFailed(model, row) && model.errorsBelow[row] === 0) return row;
  }
  return model.size > 0 ? 0 : -1;
}
