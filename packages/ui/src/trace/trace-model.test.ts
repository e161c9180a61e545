import { describe, expect, test } from 'vitest';
import { testModel } from './test-spans.ts';
import { findRow, firstInterestingRow, isMissing, pathTo, rowName } from './trace-model.ts';

describe('createTraceModel()', () => {
  const model = testModel([
    { id: 1, from: 0, to: 100 },
    { id: 2, parent: 1, from: 10, to: 60 },
    { id: 3, parent: 2, from: 20, to: 30, more: { status: 'error' } },
    { id: 4, parent: 1, from: 70, to: 120 },
    { id: 5, from: 80, to: 90 },
  ]);

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
    expect(firstInterestingRow(testModel([{ id: 1, from: 0, to: 1 }]))).toBe(0);
    expect(firstInterestingRow(testModel([]))).toBe(-1);
  });
});

test('a running span reaches to the end of the trace', () => {
  const model = testModel([
    { id: 1, from: 0 },
    { id: 2, parent: 1, from: 10, to: 50 },
  ]);
  expect([...model.end]).toEqual([50, 50]);
});

test('a parent that never arrived is a row, but not a span', () => {
  const model = testModel([
    { id: 2, parent: 1, from: 10, to: 50 },
    { id: 3, parent: 1, from: 60, to: 70 },
  ]);
  expect([model.size, model.spanCount]).toEqual([3, 2]);
  expect([isMissing(model, 0), rowName(model, 0)]).toEqual([true, 'missing parent']);
});

test('an empty trace and one that takes no time still have an extent to divide by', () => {
  expect(testModel([]).extent).toBe(1);
  expect(testModel([{ id: 1, from: 5, to: 5 }]).extent).toBe(1);
});

test('a chain of 50,000 spans does not overflow the stack', () => {
  const chain = Array.from({ length: 50_000 }, (_, index) => ({
    id: index + 1,
    ...(index === 0 ? {} : { parent: index }),
    from: index,
    to: 50_000,
  }));
  const model = testModel(chain);
  expect(model.depth[49_999]).toBe(49_999);
  expect(model.subtreeEnd[0]).toBe(50_000);
});
