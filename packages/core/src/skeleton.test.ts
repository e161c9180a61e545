import { describe, expect, test } from 'vitest';
import type { SpanId } from './ids.ts';
import { buildSkeleton, SKELETON_FLAGS, type SkeletonColumns, type SkeletonSpan } from './skeleton.ts';
import type { UnixNanos } from './time.ts';

function span(id: string, parent: string | undefined, start: number, end?: number): SkeletonSpan {
  return {
    spanId: id as SpanId,
    ...(parent === undefined ? {} : { parentSpanId: parent as SpanId }),
    name: `step ${id}`,
    type: 'CHAIN',
    status: 'ok',
    start: BigInt(start) as UnixNanos,
    ...(end === undefined ? {} : { end: BigInt(end) as UnixNanos }),
    hasException: false,
  };
}

/** Rows as `id<parent's id`, in order. */
function outline(columns: SkeletonColumns): readonly string[] {
  return columns.spanId.map((id, row) => `${id}<${columns.spanId[columns.parent[row] ?? -1] ?? ''}`);
}

describe('buildSkeleton()', () => {
  test('parents come before children, siblings by start, ties by end descending', () => {
    const spans = [
      span('c', 'a', 5, 6),
      span('b2', 'a', 2, 3),
      span('b1', 'a', 2, 9),
      span('a', undefined, 0, 10),
      span('d', 'b1', 3, 4),
    ];
    expect(outline(buildSkeleton(spans))).toEqual(['a<', 'b1<a', 'd<b1', 'b2<a', 'c<a']);
  });

  test('times are microseconds from the first start, with nanoseconds as fractions', () => {
    const { start, duration } = buildSkeleton([
      span('a', undefined, 1_000_000_000_000, 1_000_000_002_500),
      span('b', 'a', 1_000_000_001_001),
    ]);
    expect(start).toEqual([0, 1.001]);
    expect(duration).toEqual([2.5, -1]);
  });

  test('a running span and an exception are flagged', () => {
    const { flags } = buildSkeleton([{ ...span('a', undefined, 0), hasException: true }]);
    expect(flags).toEqual([SKELETON_FLAGS.exception | SKELETON_FLAGS.running]);
  });

  test('children of a parent that never arrived hang below one row that stands for it', () => {
    const columns = buildSkeleton([span('a', undefined, 0, 9), span('y', 'gone', 3, 8), span('x', 'gone', 2, 4)]);
    expect(outline(columns)).toEqual(['a<', 'gone<', 'x<gone', 'y<gone']);
    expect(columns.flags).toEqual([0, SKELETON_FLAGS.missing, 0, 0]);
    expect([columns.start[1], columns.duration[1]]).toEqual([0.002, 0.006]);
  });

  test('a ring of parents is cut at its earliest span, and no span is lost', () => {
    const columns = buildSkeleton([span('a', 'c', 1, 9), span('b', 'a', 2, 3), span('c', 'b', 3, 4)]);
    expect(outline(columns)).toEqual(['a<', 'b<a', 'c<b']);
    expect(columns.flags[0]).toBe(SKELETON_FLAGS.cycle);
  });

  test('several roots stand side by side', () => {
    expect(outline(buildSkeleton([span('b', undefined, 5, 6), span('a', undefined, 1, 2)]))).toEqual(['a<', 'b<']);
  });

  test('a chain of 100,000 spans does not overflow the stack', () => {
    const chain = Array.from({ length: 100_000 }, (_, at) =>
      span(`s${at}`, at === 0 ? undefined : `s${at - 1}`, at, 200_000),
    );
    const { parent } = buildSkeleton(chain.reverse());
    expect(parent.every((row, at) => row === at - 1)).toBe(true);
  });

  test('no spans give empty columns', () => {
    expect(buildSkeleton([]).spanId).toEqual([]);
  });
});
