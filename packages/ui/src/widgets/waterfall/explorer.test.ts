import { buildSkeleton, type SkeletonSpan, type SpanId, type UnixNanos } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { createTraceModel, type TraceModel } from '../../trace/trace-model.ts';
import { continueExplorer, createExplorer, type Explorer } from './explorer.ts';

function span(id: number, parent: number, from: number, to: number, failed: boolean = false): SkeletonSpan {
  const hex = (value: number): SpanId => value.toString(16).padStart(16, '0') as SpanId;
  return {
    spanId: hex(id),
    ...(parent === 0 ? {} : { parentSpanId: hex(parent) }),
    name: `step ${id}`,
    type: 'TASK',
    status: failed ? 'error' : 'ok',
    start: BigInt(from * 1000) as UnixNanos,
    end: BigInt(to * 1000) as UnixNanos,
    hasException: false,
  };
}

// 1 ─ 2 ─ 3, 1 ─ 4
const SPANS = [span(1, 0, 0, 1000), span(2, 1, 100, 500), span(3, 2, 200, 300, true), span(4, 1, 600, 900)];

function modelOf(spans: readonly SkeletonSpan[]): TraceModel {
  return createTraceModel(buildSkeleton(spans));
}

function open(selected: number = 0): Explorer {
  return createExplorer({ model: modelOf(SPANS), selected, find: '' });
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
    explorer.setFind('step');
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
    const model = modelOf([...SPANS, span(9, 1, 50, 60)]);
    const { store } = createExplorer(continueExplorer(explorer.store.getState(), model));
    const { selected, visible, window, revealCount } = store.getState();
    expect(model.columns.spanId[selected]).toBe('0000000000000004');
    expect([...visible]).toEqual([0, 1, 2, 4]);
    expect(window).toEqual({ start: 100, end: 200 });
    expect(revealCount).toBe(0);
  });

  test('a view of the whole trace stays one as the trace grows', () => {
    const explorer = open();
    const model = modelOf([...SPANS, span(9, 1, 1000, 3000)]);
    const { store } = createExplorer(continueExplorer(explorer.store.getState(), model));
    expect(store.getState().window).toEqual({ start: 0, end: 3000 });
  });
});
