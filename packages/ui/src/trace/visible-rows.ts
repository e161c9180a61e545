import type { TraceModel } from './trace-model.ts';

/** Which rows are closed: 1 hides everything below. One byte a row. */
export type CollapsedRows = Uint8Array;

export function nothingCollapsed(model: TraceModel): CollapsedRows {
  return new Uint8Array(model.size);
}

/** Every row that has children is closed. */
export function everythingCollapsed(model: TraceModel): CollapsedRows {
  return Uint8Array.from(model.childCount, (children) => (children > 0 ? 1 : 0));
}

/** The rows on show, in order. */
export function visibleRows(model: TraceModel, collapsed: CollapsedRows): Int32Array {
  const rows = new Int32Array(model.size);
  let count = 0;
  for (let row = 0; row < model.size;) {
    rows[count] = row;
    count += 1;
    row = collapsed[row] === 1 ? (model.subtreeEnd[row] ?? row + 1) : row + 1;
  }
  return rows.subarray(0, count);
}

/** Where a row stands among the visible ones; where its nearest visible ancestor stands when it is hidden. */
export function positionOf(visible: Int32Array, row: number): number {
  let low = 0;
  let high = visible.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((visible[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return visible.length === 0 ? -1 : low;
}

export function toggled(collapsed: CollapsedRows, row: number): CollapsedRows {
  const next = collapsed.slice();
  next[row] = next[row] === 1 ? 0 : 1;
  return next;
}

/** Opens or closes a row and everything below it. */
export function withSubtree(model: TraceModel, collapsed: CollapsedRows, row: number, closed: boolean): CollapsedRows {
  const next = collapsed.slice();
  const end = model.subtreeEnd[row] ?? row;
  for (let at = row; at < end; at += 1) next[at] = closed && (model.childCount[at] ?? 0) > 0 ? 1 : 0;
  return next;
}

/** Opens whatever hides the row. The same value when nothing does. */
export function revealed(model: TraceModel, collapsed: CollapsedRows, row: number): CollapsedRows {
  let next = collapsed;
  for (let at = model.parent[row] ?? -1; at >= 0; at = model.parent[at] ?? -1) {
    if (next[at] !== 1) continue;
    if (next === collapsed) next = collapsed.slice();
    next[at] = 0;
  }
  return next;
}
