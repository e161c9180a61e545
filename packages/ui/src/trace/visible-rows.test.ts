import { describe, expect, test } from 'vitest';
import { moveInTree, type TreeMove, type TreeState } from './move-in-tree.ts';
import { createTraceModel, type TraceModel } from './trace-model.ts';
import {
  everythingCollapsed,
  nothingCollapsed,
  positionOf,
  revealed,
  toggled,
  visibleRows,
  withSubtree,
} from './visible-rows.ts';

/** A tree from the parents of its rows; one name, no time. */
function treeOf(parent: readonly number[]): TraceModel {
  const zeros = parent.map(() => 0);
  return createTraceModel({
    names: ['step'],
    types: ['TASK'],
    models: [],
    spanId: parent.map((_, row) => String(row).padStart(16, '0')),
    parent,
    name: zeros,
    type: zeros,
    model: parent.map(() => -1),
    status: zeros,
    start: zeros,
    duration: zeros,
    tokens: zeros,
    flags: zeros,
  });
}

//   0
//   ├ 1
//   │ ├ 2
//   │ └ 3
//   └ 4
//     └ 5
//   6
const model = treeOf([-1, 0, 1, 1, 0, 4, -1]);
const open = nothingCollapsed(model);

describe('visibleRows()', () => {
  test.each([
    { why: 'all open', collapsed: open, rows: [0, 1, 2, 3, 4, 5, 6] },
    { why: 'one closed', collapsed: toggled(open, 1), rows: [0, 1, 4, 5, 6] },
    { why: 'a closed root hides a closed child', collapsed: toggled(toggled(open, 1), 0), rows: [0, 6] },
    { why: 'all closed', collapsed: everythingCollapsed(model), rows: [0, 6] },
  ])('$why', ({ collapsed, rows }) => {
    expect([...visibleRows(model, collapsed)]).toEqual(rows);
  });
});

test('positionOf() takes the visible ancestor of a hidden row', () => {
  const rows = visibleRows(model, toggled(open, 1));
  expect([0, 1, 2, 3, 4, 6].map((row) => positionOf(rows, row))).toEqual([0, 1, 1, 1, 2, 4]);
  expect(positionOf(new Int32Array(0), 3)).toBe(-1);
});

test('revealed() opens the way to a row and nothing else', () => {
  const next = revealed(model, everythingCollapsed(model), 5);
  expect([...visibleRows(model, next)]).toEqual([0, 1, 4, 5, 6]);
  expect(revealed(model, open, 5)).toBe(open);
});

test('withSubtree() closes only rows that have something to close', () => {
  expect([...withSubtree(model, open, 0, true)]).toEqual([1, 1, 0, 0, 1, 0, 0]);
});

describe('moveInTree()', () => {
  test.each<{ move: TreeMove; from: number; to: number; closed?: readonly number[] }>([
    { move: 'next', from: 0, to: 1 },
    { move: 'next', from: 6, to: 6 },
    { move: 'previous', from: 0, to: 0 },
    { move: 'first', from: 5, to: 0 },
    { move: 'last', from: 0, to: 6 },
    { move: 'page down', from: 1, to: 4 },
    { move: 'page up', from: 1, to: 0 },
    { move: 'open or first child', from: 1, to: 2 },
    { move: 'open or first child', from: 2, to: 2 },
    { move: 'close or parent', from: 2, to: 1 },
    { move: 'close or parent', from: 6, to: 6 },
  ])('$move from $from goes to $to', ({ move, from, to }) => {
    const state: TreeState = { collapsed: open, row: from };
    expect(moveInTree(model, visibleRows(model, open), state, move, 3)).toEqual({ collapsed: open, row: to });
  });

  test('left closes an open row before it goes to the parent', () => {
    const closed = moveInTree(model, visibleRows(model, open), { collapsed: open, row: 1 }, 'close or parent', 3);
    expect([...visibleRows(model, closed.collapsed)]).toEqual([0, 1, 4, 5, 6]);
    expect(closed.row).toBe(1);
    expect(moveInTree(model, visibleRows(model, closed.collapsed), closed, 'close or parent', 3).row).toBe(0);
  });

  test('closing all keeps the cursor on something visible', () => {
    const state = moveInTree(model, visibleRows(model, open), { collapsed: open, row: 5 }, 'close all', 3);
    expect(state.row).toBe(0);
  });

  test('the first key press in a tree without a cursor lands on the first row', () => {
    expect(moveInTree(model, visibleRows(model, open), { collapsed: open, row: -1 }, 'next', 3).row).toBe(0);
  });
});
