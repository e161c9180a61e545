/** Spans for tests, in small numbers a reader can follow. */
import { buildSkeleton, type SkeletonSpan, type SpanId, type UnixNanos } from '@clew/core';
import { createTraceModel, type TraceModel } from './trace-model.ts';

function testSpanId(id: number): SpanId {
  return id.toString(16).padStart(16, '0') as SpanId;
}

export interface TestSpan {
  readonly id: number;
  /** Absent on a root. */
  readonly parent?: number;
  /** Microseconds. */
  readonly from: number;
  /** Absent while it runs. */
  readonly to?: number;
  readonly more?: Partial<SkeletonSpan>;
}

export function testModel(spans: readonly TestSpan[]): TraceModel {
  return createTraceModel(buildSkeleton(spans.map(toSkeletonSpan)));
}

function toSkeletonSpan({ id, parent, from, to, more }: TestSpan): SkeletonSpan {
  return {
    spanId: testSpanId(id),
    ...(parent === undefined ? {} : { parentSpanId: testSpanId(parent) }),
    name: `span ${id}`,
    type: 'TOOL',
    status: 'ok',
    start: BigInt(from * 1000) as UnixNanos,
    ...(to === undefined ? {} : { end: BigInt(to * 1000) as UnixNanos }),
    hasException: false,
    ...more,
  };
}
