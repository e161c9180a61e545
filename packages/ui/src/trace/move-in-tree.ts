import type { TraceModel } from './trace-model.ts';
import {
  everythingCollapsed,
  nothingCollapsed,
  positionOf,
  toggled,
  withSubtree,
  type CollapsedRows,
} from './visible-rows.ts';

/** What the tree shows and where its cursor is. */
export interface TreeState {
  readonly collapsed: CollapsedRows;
  /** Row under the cursor; -1 for none. */
  readonly row: number;
}

export type TreeMove =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'page down'
  | 'page up'
  | 'open or first child'
  | 'close or parent'
  | 'open subtree'
  | 'close subtree'
  | 'open siblings'
  | 'open all'
  | 'close all'
  | 'toggle';

/** Moves the cursor or opens and closes rows, as the tree pattern of ARIA's authoring practices has it. */
export function moveInTree(
  model: TraceModel,
  visible: Int32Array,
  state: TreeState,
  move: TreeMove,
  pageRows: number,
): TreeState {
  const { collapsed, row } = state;
  const position = row < 0 ? -1 : positionOf(visible, row);
  const goTo = (to: number): TreeState => {
    const bounded = Math.min(Math.max(to, 0), visible.length - 1);
    return { collapsed, row: visible[bounded] ?? row };
  };
  switch (move) {
    case 'next':
      return goTo(position + 1);
    case 'previous':
      return goTo(position - 1);
    case 'first':
      return goTo(0);
    case 'last':
      return goTo(visible.length - 1);
    case 'page down':
      return goTo(position + pageRows);
    case 'page up':
      return goTo(position - pageRows);
    case 'open or first child':
      if (!hasChildren(model, row)) return state;
      return collapsed[row] === 1 ? { collapsed: toggled(collapsed, row), row } : goTo(position + 1);
    case 'close or parent':
      if (hasChildren(model, row) && collapsed[row] !== 1) return { collapsed: toggled(collapsed, row), row };
      return { collapsed, row: parentOr(model, row) };
    case 'open subtree':
      return row < 0 ? state : { collapsed: withSubtree(model, collapsed, row, false), row };
    case 'close subtree':
      return row < 0 ? state : { collapsed: withSubtree(model, collapsed, row, true), row };
    case 'open siblings':
      return { collapsed: withSiblingsOpen(model, collapsed, row), row };
    case 'open all':
      return { collapsed: nothingCollapsed(model), row };
    case 'close all':
      return { collapsed: everythingCollapsed(model), row: rootOf(model, row) };
    case 'toggle':
      return hasChildren(model, row) ? { collapsed: toggled(collapsed, row), row } : state;
  }
}

function hasChildren(model: TraceModel, row: number): boolean {
  return (model.childCount[row] ?? 0) > 0;
}

function parentOr(model: TraceModel, row: number): number {
  const above = model.parent[row] ?? -1;
  return above < 0 ? row : above;
}

function rootOf(model: TraceModel, row: number): number {
  let root = row;
  for (let above = model.parent[row] ?? -1; above >= 0; above = model.parent[above] ?? -1) root = above;
  return root;
}

function withSiblingsOpen(model: TraceModel, collapsed: CollapsedRows, row: number): CollapsedRows {
  const next = collapsed.slice();
  const above = model.parent[row] ?? -1;
  const end = above < 0 ? model.size : (model.subtreeEnd[above] ?? model.size);
  for (let at = above + 1; at < end; at = model.subtreeEnd[at] ?? end) next[at] = 0;
  return next;
}
