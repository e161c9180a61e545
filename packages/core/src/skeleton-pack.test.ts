import { describe, expect, test } from 'vitest';
import type { SpanId } from './ids.ts';
import { packSkeleton, unpackSkeleton } from './skeleton-pack.ts';
import { buildSkeleton, type SkeletonSpan } from './skeleton.ts';
import type { UnixNanos } from './time.ts';

function span(id: number, parent: number | undefined, start: bigint, end?: bigint): SkeletonSpan {
  return {
    spanId: id.toString(16).padStart(16, '0') as SpanId,
    ...(parent === undefined ? {} : { parentSpanId: parent.toString(16).padStart(16, '0') as SpanId }),
    name: `step ${id % 3}`,
    type: 'LLM',
    status: 'ok',
    start: start as UnixNanos,
    ...(end === undefined ? {} : { end: end as UnixNanos }),
    hasException: false,
  };
}

const START = 1_767_268_800_000_000_001n;
const YEAR_QUARTER = 90n * 86_400n * 1_000_000_000n;

describe('a packed skeleton', () => {
  test.each<readonly [string, readonly SkeletonSpan[]]>([
    ['no spans', []],
    ['a tree', [span(1, undefined, START, START + 9n), span(2, 1, START + 3n, START + 4n), span(3, 1, START + 3n)]],
    ['a parent that never arrived', [span(2, 7, START, START + 5n), span(3, 8, START)]],
    ['an end before the start', [span(1, undefined, START, START - 1000n)]],
    ['a quarter of a year', [span(1, undefined, START, START + YEAR_QUARTER + 1n), span(2, 1, START + YEAR_QUARTER)]],
  ])('comes back as it was: %s', (_, spans) => {
    const columns = buildSkeleton(spans);
    expect(unpackSkeleton(JSON.parse(JSON.stringify(packSkeleton(columns))) as never)).toEqual(columns);
  });

  test('holds distances and differences', () => {
    const spans = [span(1, undefined, START, START + 9n), span(2, 1, START + 3n, START + 4n), span(3, 1, START + 5n)];
    const { parent, start, duration, spanIds } = packSkeleton(buildSkeleton(spans));
    expect([parent, start, duration]).toEqual([
      [0, 1, 2],
      [0, 3, 2],
      [9, 1, 0],
    ]);
    expect(spanIds).toHaveLength(48);
  });
});
