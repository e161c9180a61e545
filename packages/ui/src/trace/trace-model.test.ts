import { buildSkeleton, type SkeletonSpan, type SpanId, type UnixNanos } from '@clew/core';
import { describe, expect, test } from 'vitest';
import {
  createTraceModel,
  findRow,
  firstInterestingRow,
  isMissing,
  pathTo,
  rowName,
  type TraceModel,
} from './trace-model.ts';

function span(id: number, parent: number | undefined, from: number, to?: number, more: object = {}): SkeletonSpan {
  const hex = (value: number): SpanId => value.toString(16).padStart(16, '0') as SpanId;
  return {
    spanId: hex(id),
    ...(parent === undefined ? {} : { parentSpanId: hex(parent) }),
    name: `span ${id}`,
    type: 'TOOL',
    status: 'ok',
    start: BigInt(from * 1000) as UnixNanos,
    ...(to === undefined ? {} : { end: BigInt(to * 1000) as UnixNanos }),
    hasException: false,
    ...more,
  };
}

function modelOf(...spans: readonly SkeletonSpan[]): TraceModel {
  return createTraceModel(buildSkeleton(spans));
}

describe('createTraceModel()', () => {
  const model = modelOf(
    span(1, undefined, 0, 100),
    span(2, 1, 10, 60),
    span(3, 2, 20, 30, { status: 'error' }),
    span(4, 1, 70, 120),
    span(5, undefined, 80, 90),
  );

  test('counts depth, children and places among siblings', () => {
    expect([...model.depth]).toEqual([0, 1, 2, 1, 0]);
    expect([...model.childCount]).toEqual([2, 1, 0, 0, 0]);
    expect([...model.siblingPosition]).toEqual([1, 1, 1, 2, 2]);
    expect(model.rootCount).toBe(2);
  });

  test('knows where every subtree ends, in rows and in time', () => {
    expect([...model.subtreeEnd]).toEqual([4, 3, 3, 4, 5]);
    expect([...model.subtreeFinish]).toEqual([120, 60, 30, 120, 90]);
  });

  test('counts failed spans below each row, not the row itself', () => {
    expect([...model.errorsBelow]).toEqual([1, 1, 0, 0, 0]);
    expect(model.errorCount).toBe(1);
  });

  test('reaches to the last end, also of a child that outlives its parent', () => {
    expect(model.extent).toBe(120);
  });

  test('finds a span by id, in either case', () => {
    expect(findRow(model, '0000000000000004')).toBe(3);
    expect(findRow(model, 'FFFFFFFFFFFFFFFF')).toBe(-1);
    expect(pathTo(model, 2)).toEqual([0, 1, 2]);
  });

  test('opens at the failed span that explains the others', () => {
    expect(firstInterestingRow(model)).toBe(2);
    expect(firstInterestingRow(modelOf(span(1, undefined, 0, 1)))).toBe(0);
    expect(firstInterestingRow(modelOf())).toBe(-1);
  });
});

test('a running span reaches to the end of the trace', () => {
  const model = modelOf(span(1, undefined, 0), span(2, 1, 10, 50));
  expect([...model.end]).toEqual([50, 50]);
});

test('a parent that never arrived is a row, but not a span', () => {
  const model = modelOf(span(2, 1, 10, 50), span(3, 1, 60, 70));
  expect([model.size, model.spanCount]).toEqual([3, 2]);
  expect([isMissing(model, 0), rowName(model, 0)]).toEqual([true, 'missing parent']);
});

test('an empty trace and one that takes no time still have an extent to divide by', () => {
  expect(modelOf().extent).toBe(1);
  expect(modelOf(span(1, undefined, 5, 5)).extent).toBe(1);
});

test('a chain of 50,000 spans does not overflow the stack', () => {
  const chain = Array.from({ length: 50_000 }, (_, index) =>
    span(index + 1, index === 0 ? undefined : index, index, 50_000),
  );
  const model = modelOf(...chain);
  expect(model.depth[49_999]).toBe(49_999);
  expect(model.subtreeEnd[0]).toBe(50_000);
});
