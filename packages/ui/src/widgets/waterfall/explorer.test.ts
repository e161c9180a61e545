import { describe, expect, test } from 'vitest';
import { testModel, type TestSpan } from '../../trace/test-spans.ts';
import { continueExplorer, createExplorer, type Explorer } from './explorer.ts';

// 1 ─ 2 ─ 3, 1 ─ 4
const SPANS: readonly TestSpan[] = [
  { id: 1, from: 0, to: 1000 },
  { id: 2, parent: 1, from: 100, to: 500 },
  { id: 3, parent: 2, from: 200, to: 300, more: { status: 'error' } },
  { id: 4, parent: 1, from: 600, to: 900 },
];

function open(selected: number = 0): Explorer {
  return createExplorer({ model: testModel(SPANS), selected, find: '' });
}

describe('createExplorer()', () => {
  test('selecting a hidden row opens the way to it', () => {
    const explorer = open();
    explorer.move('close all', 10);
    expect([...explorer.store.getState().visible]).toEqual([0]);
    explorer.select(2);
    expect([...explorer.store.getState().visible]).toEqual([0, 1, 2, 3]);
    expect(explorer.store.getState().selected).toBe(2);
  });

  test('closing a row takes the cursor out of it', () => {
    const explorer = open(2);
    explorer.toggle(1);
    expect(explorer.store.getState().selected).toBe(1);
    explorer.toggle(1);
    expect(explorer.store.getState().selected).toBe(1);
  });

  test('zooms around the selected span, and around the middle when it is out of the window', () => {
    const explorer = open(3);
    explorer.zoom(0.5);
    expect(explorer.store.getState().window).toEqual({ start: 375, end: 875 });
    explorer.select(2);
    explorer.zoom(0.5);
    expect(explorer.store.getState().window).toEqual({ start: 500, end: 750 });
  });

  test('steps through errors and matches, round and round', () => {
    const explorer = open();
    explorer.goToError(1);
    expect(explorer.store.getState().selected).toBe(2);
    explorer.setFind('span');
    explorer.goToMatch(1);
    explorer.goToMatch(1);
    expect(explorer.store.getState().selected).toBe(0);
  });
});

describe('continueExplorer()', () => {
  test('keeps selection, closed rows and zoom by span, and does not scroll', () => {
    const explorer = open(3);
    explorer.toggle(1);
    explorer.setWindow({ start: 100, end: 200 });
    // A span that begins before the others moves all rows.
    const model = testModel([...SPANS, { id: 9, parent: 1, from: 50, to: 60 }]);
    const { store } = createExplorer(continueExplorer(explorer.store.getState(), model));
    const { selected, visible, window, revealCount } = store.getState();
    expect(model.columns.spanId[selected]).toBe('0000000000000004');
    expect([...visible]).toEqual([0, 1, 2, 4]);
    expect(window).toEqual({ start: 100, end: 200 });
    expect(revealCount).toBe(0);
  });

  test('a view of the whole trace stays one as the trace grows', () => {
    const explorer = open();
    const model = testModel([...SPANS, { id: 9, parent: 1, from: 1000, to: 3000 }]);
    const { store } = createExplorer(continueExplorer(explorer.store.getState(), model));
    expect(store.getState().window).toEqual({ start: 0, end: 3000 });
  });
});
