/** Whatever the SDK is handed, the user's program must not notice. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { flush, init, startSpan, stats, trace, updateCurrentTrace, withSpan } from './api.ts';
import type { SpanExporter } from './exporter.ts';
import { encodeSpan } from './otlp-json.ts';
import { finishTrace } from './finish-trace.ts';
import type { LiveSpan } from './live-span.ts';
import { startTraceJson } from './start-trace-json.ts';
import { DEFAULT_EXPERIMENT_ID, type Span as SpanRecord } from '@clew/core';
import type { Span } from './span.ts';

const encoded: string[] = [];
/** Encodes all it gets, as the exporter to a server does. */
const exporter: SpanExporter = {
  export({ spans, traces }) {
    encoded.push(...spans.map(encodeSpan), ...traces.map((one) => startTraceJson(one, DEFAULT_EXPERIMENT_ID)));
    return Promise.resolve({ sentSpans: spans.length, retries: 0, lost: [] });
  },
};

beforeEach(() => {
  encoded.length = 0;
  init({ exporter });
});

/** In a box, because the generator itself cannot handle what throws on every touch. */
interface Box {
  readonly open: () => unknown;
}

const HOSTILE: Box = { open: () => new Proxy({}, { get: fail, ownKeys: fail, has: fail, getPrototypeOf: fail }) };

const anything: fc.Arbitrary<Box> = fc.oneof(
  fc
    .anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withNullPrototype: true,
    })
    .map((value): Box => ({ open: () => value })),
  fc
    .constantFrom<unknown>(
      null,
      undefined,
      Number.NaN,
      Symbol('s'),
      () => 1,
      'OK',
      'ERROR',
      [1, 2.5],
      new Date(Number.NaN),
      new Error('x'),
    )
    .map((value): Box => ({ open: () => value })),
  fc.constant(HOSTILE),
);

function fail(): never {
  throw new Error('hostile');
}

const METHODS = [
  'setAttribute',
  'setAttributes',
  'setInputs',
  'setOutputs',
  'setSpanType',
  'setStatus',
  'addEvent',
  'addLink',
  'addLinks',
  'recordException',
  'updateName',
  'updateTrace',
  'end',
] as const satisfies readonly (keyof Span)[];

function call(target: object, name: string, args: readonly unknown[]): unknown {
  return (Reflect.get(target, name) as (...given: readonly unknown[]) => unknown).apply(target, [...args]);
}

describe('never throws, and always sends valid JSON', () => {
  test('span methods', async () => {
    fc.assert(
      fc.property(fc.constantFrom(...METHODS), fc.array(anything, { maxLength: 3 }), (method, args) => {
        const span = startSpan({ name: 'a', parent: null });
        call(
          span,
          method,
          args.map(({ open }) => open()),
        );
        span.end();
      }),
      { numRuns: 600 },
    );
    await flush();
    expect(stats()).toMatchObject({ dropped: 0, queued: 0 });
    for (const text of encoded) JSON.parse(text);
  });

  test('span options', async () => {
    const options = fc.record(
      {
        name: anything,
        spanType: anything,
        inputs: anything,
        attributes: anything,
        links: anything,
        kind: anything,
        startTime: anything,
        parent: anything,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(options, (boxes) => {
        const given = Object.fromEntries(Object.entries(boxes).map(([key, box]) => [key, box.open()]));
        expect(withSpan(given, () => 42)).toBe(42);
        startSpan(given).end();
      }),
      { numRuns: 200 },
    );
    await flush();
    for (const text of encoded) JSON.parse(text);
  });

  test('traced functions give back what the original gives', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 3 }), anything, (args, box) => {
        const result = box.open();
        const traced = trace((..._given: readonly unknown[]) => result);
        const got = traced(...args.map(({ open }) => open()));
        expect(Object.is(got, result)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('trace updates', () => {
    fc.assert(
      fc.property(anything, (update) => {
        withSpan({ name: 'a' }, (span) => {
          updateCurrentTrace(update.open() as object);
          finishTrace(span as LiveSpan);
        });
      }),
      { numRuns: 200 },
    );
  });
});

test('the finished record of a hostile span is still a record', () => {
  const span = startSpan({ name: 'a', parent: null }) as LiveSpan;
  span.setInputs(HOSTILE.open());
  span.end();
  const record: SpanRecord = span.toSpan({ name: '', version: '', attributes: {} }, {});
  expect(record.attributes['mlflow.spanInputs']).toBe('[Unreadable: hostile]');
});
