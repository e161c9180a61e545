import { toSkeletonSource, type AttributeValue, type SpanKind, type StoredSpan } from '@clew/core';
import { expect } from 'vitest';
import { toSpanFact } from '../span-fact.ts';
import type { SpanStore } from '../span-store.ts';
import type { ContractCase } from './contract-case.ts';
import {
  at,
  attributes,
  newExperimentId,
  newSpanId,
  newTraceId,
  readAllSpans,
  sampleSummary,
  sampleSpan,
  stillRunning,
  writeSpans,
} from './samples.ts';

/** Every kind of attribute value, and those that a text format loses. */
const VALUES: readonly (readonly [string, AttributeValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['empty text', ''],
  ['text that looks like JSON', '{"a": 1}'],
  ['text that looks like a number', '3.0'],
  ['text with every escape', '\0\u0001\b\t\n\v\f\r"\'\\/\u007f\u2028'],
  ['text beyond the first plane', '😀 müller 𝒳'],
  ['a lone high surrogate', 'a\ud800b'],
  ['a lone low surrogate', '\udc00'],
  ['an integer', 3n],
  ['a double that is whole', 3],
  ['a negative zero', -0],
  ['a third', 1 / 3],
  ['the least double', 5e-324],
  ['the largest double', Number.MAX_VALUE],
  ['the largest 64-bit integer', 9_223_372_036_854_775_807n],
  ['the least 64-bit integer', -9_223_372_036_854_775_808n],
  ['not a number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['negative infinity', Number.NEGATIVE_INFINITY],
  ['no bytes', new Uint8Array()],
  ['bytes', new Uint8Array([0, 255, 10, 92])],
  ['an empty list', []],
  ['a list of all sorts', [1n, 1, 'a', null, [], [true]]],
  ['an empty map', attributes()],
  ['a map', attributes([['a', attributes([['b', [1n]]])]])],
  [
    'a map with hostile keys',
    attributes([
      ['__proto__', 1n],
      ['constructor', 'x'],
      ['', 2n],
      ['a\0b', 3n],
    ]),
  ],
  ['a map that looks like our bytes', attributes([['$bytes', 'AAAA']])],
  ['a map that looks like our maps', attributes([['$map', attributes([['$map', 1n]])]])],
];

async function expectRoundTrip(store: SpanStore, span: StoredSpan): Promise<void> {
  await writeSpans(store, [span]);
  expect(await store.readSpan(span.traceId, span.spanId)).toEqual(span);
}

const valueCases: readonly ContractCase[] = VALUES.map(([what, value]) => ({
  title: `${what} survives as an attribute, in events, links, scope and resource`,
  async run(store) {
    const map = attributes([
      ['before', 1n],
      ['value', value],
      ['list', [value]],
      ['map', attributes([['inner', value]])],
    ]);
    await expectRoundTrip(
      store,
      sampleSpan({
        attributes: map,
        events: [{ name: 'event', time: at(1), attributes: map }],
        links: [{ traceId: newTraceId(), spanId: newSpanId(), attributes: map }],
        scope: { name: 'scope', version: '1', attributes: map },
        resource: map,
      }),
    );
  },
}));

export const spanCases: readonly ContractCase[] = [
  ...valueCases,
  {
    title: 'a bare span comes back as written',
    run: async (store) => expectRoundTrip(store, sampleSpan()),
  },
  {
    title: 'a running span comes back without an end',
    run: async (store) => expectRoundTrip(store, stillRunning(sampleSpan())),
  },
  {
    title: 'every field of a full span comes back',
    run: async (store) =>
      expectRoundTrip(
        store,
        sampleSpan({
          parentSpanId: newSpanId(),
          name: 'tab\t newline\n NUL\0 quote" backslash\\ 😀',
          kind: 'client',
          start: at(0.000001),
          end: at(0.000002),
          status: { code: 'error', message: '' },
          traceState: 'vendor=a;b,other=1',
          events: [
            {
              name: 'first',
              time: at(2),
              attributes: attributes([
                ['z', 1n],
                ['a', 2n],
              ]),
            },
            { name: '', time: at(1), attributes: attributes() },
          ],
          summary: {
            type: 'a type nobody knows',
            model: '',
            provider: 'aws.bedrock',
            usage: { inputTokens: 1, outputTokens: 2, totalTokens: 4.5, cacheCreationInputTokens: 1 },
            cost: { outputCost: 0.1, totalCost: 0.1 },
            sessionId: '',
            userId: 'ümläut',
            dialect: 'gen-ai',
          },
        }),
      ),
  },
  ...(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] satisfies SpanKind[]).map(
    (kind): ContractCase => ({
      title: `a span of kind ${kind} keeps it`,
      run: async (store) => expectRoundTrip(store, sampleSpan({ kind })),
    }),
  ),
  {
    title: 'an ok span keeps its status',
    run: async (store) => expectRoundTrip(store, sampleSpan({ status: { code: 'ok' } })),
  },
  {
    title: 'the last representable instant survives',
    run: async (store) => {
      const last = 9_223_372_036_854_775_807n as StoredSpan['start'];
      await expectRoundTrip(store, sampleSpan({ start: last, end: last }));
    },
  },
  {
    title: 'hostile attribute keys are keys like any other, and keep their order',
    async run(store) {
      const keys = [
        'z',
        '__proto__',
        'constructor',
        'toString',
        '',
        'a\0b',
        "it's",
        'back\\slash',
        '{x:String}',
        '😀',
        'a',
      ];
      const span = sampleSpan({ attributes: attributes(keys.map((key, index) => [key, BigInt(index)])) });
      await expectRoundTrip(store, span);
      const read = await store.readSpan(span.traceId, span.spanId);
      expect(Object.keys(read?.attributes ?? {})).toEqual(keys);
      expect(Object.getPrototypeOf(read?.attributes)).toBeNull();
    },
  },
  {
    title: 'a lone surrogate outside of values comes back, or U+FFFD in its place',
    async run(store) {
      const span = sampleSpan({ name: 'a\ud800b', attributes: attributes([['k\udc00', 1n]]) });
      await writeSpans(store, [span]);
      const read = await store.readSpan(span.traceId, span.spanId);
      expect(['a\ud800b', 'a\ufffdb']).toContain(read?.name);
      expect([['k\udc00'], ['k\ufffd']]).toContainEqual(Object.keys(read?.attributes ?? {}));
    },
  },
  {
    title: 'payloads of 100 kB and more come back whole',
    async run(store) {
      const long = 'Lorem ipsum "dolor" sit\namet, '.repeat(4000);
      await expectRoundTrip(
        store,
        sampleSpan({
          attributes: attributes([
            ['long', long],
            ['list', Array.from({ length: 1000 }, () => long.slice(0, 200))],
          ]),
        }),
      );
    },
  },
  {
    title: 'an unknown span or trace is nothing, not an error',
    async run(store) {
      const span = sampleSpan();
      await writeSpans(store, [span]);
      expect(await store.readSpan(span.traceId, newSpanId())).toBeUndefined();
      expect(await store.readSpan(newTraceId(), span.spanId)).toBeUndefined();
      expect(await readAllSpans(store, newTraceId())).toEqual([]);
      expect(await store.readSkeleton(newTraceId())).toMatchObject({ origin: 0n, spanId: [] });
    },
  },
  {
    title: 'writing the same spans again leaves one copy',
    async run(store) {
      const span = sampleSpan();
      const child = sampleSpan({ traceId: span.traceId, parentSpanId: span.spanId });
      await writeSpans(store, [span, child]);
      await writeSpans(store, [span, span, child]);
      expect(await readAllSpans(store, span.traceId)).toHaveLength(2);
      expect((await store.readSkeleton(span.traceId)).spanId).toHaveLength(2);
      expect((await store.readSources([span.traceId])).get(span.traceId)?.spans).toHaveLength(2);
    },
  },
  {
    title: 'of two ended spans the later wins, in one batch too',
    async run(store) {
      const span = sampleSpan({ name: 'first', attributes: attributes([['old', true]]) });
      const second = { ...span, name: 'second', attributes: attributes() };
      const third = { ...span, name: 'third' };
      await writeSpans(store, [span, second]);
      expect(await store.readSpan(span.traceId, span.spanId)).toEqual(second);
      await writeSpans(store, [third]);
      expect(await store.readSpan(span.traceId, span.spanId)).toEqual(third);
    },
  },
  {
    title: 'a span that ended replaces the running one',
    async run(store) {
      const span = sampleSpan();
      await writeSpans(store, [stillRunning(span)]);
      await writeSpans(store, [span]);
      expect(await store.readSpan(span.traceId, span.spanId)).toEqual(span);
    },
  },
  {
    title: 'a running span never replaces one that ended, in one batch neither',
    async run(store) {
      const [a, b] = [sampleSpan(), sampleSpan()];
      await writeSpans(store, [a, { ...stillRunning(a), name: 'late' }]);
      await writeSpans(store, [b]);
      await writeSpans(store, [{ ...stillRunning(b), name: 'late' }]);
      expect(await store.readSpan(a.traceId, a.spanId)).toEqual(a);
      expect(await readAllSpans(store, b.traceId)).toEqual([b]);
    },
  },
  {
    title: 'of two running spans the later wins',
    async run(store) {
      const span = stillRunning(sampleSpan());
      await writeSpans(store, [span]);
      await writeSpans(store, [{ ...span, name: 'later' }]);
      expect(await store.readSpan(span.traceId, span.spanId)).toEqual({ ...span, name: 'later' });
    },
  },
  {
    title: 'concurrent writes all arrive',
    async run(store) {
      const traceId = newTraceId();
      await Promise.all(Array.from({ length: 20 }, async () => writeSpans(store, [sampleSpan({ traceId })])));
      expect(await readAllSpans(store, traceId)).toHaveLength(20);
    },
  },
  {
    title: 'spans come roots first, then by start, then by id, in chunks that are not empty',
    async run(store) {
      const traceId = newTraceId();
      const parentSpanId = newSpanId();
      const roots = [at(5), at(9)].map((start) => sampleSpan({ traceId, start }));
      const children = [at(1), at(7)].map((start) => sampleSpan({ traceId, parentSpanId, start }));
      const twins = [1, 2, 3].map(() => sampleSpan({ traceId, parentSpanId, start: at(8) }));
      await writeSpans(store, [...twins, ...children, ...roots].reverse());
      const chunks: (readonly StoredSpan[])[] = [];
      for await (const chunk of store.readSpans(traceId)) chunks.push(chunk);
      expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
      const sorted = twins.map((span) => span.spanId).sort();
      const expected = [...roots, ...children].map((span) => span.spanId);
      expect(chunks.flat().map((span) => span.spanId)).toEqual([...expected, ...sorted]);
    },
  },
  {
    title: 'a reader that gives up reads no further',
    async run(store) {
      const span = sampleSpan();
      await writeSpans(store, [span]);
      const controller = new AbortController();
      controller.abort(new Error('gave up'));
      const reading = store.readSpans(span.traceId, controller.signal)[Symbol.asyncIterator]();
      await expect(reading.next()).rejects.toThrow('gave up');
    },
  },
  {
    title: 'a trace of 5,000 spans has a skeleton and all its spans',
    async run(store) {
      const root = sampleSpan();
      const { traceId } = root;
      const experimentId = newExperimentId();
      const summary = sampleSummary({
        type: 'LLM',
        model: 'm',
        usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      });
      const children = Array.from({ length: 4999 }, (_, index) =>
        sampleSpan({ traceId, parentSpanId: root.spanId, start: at(index), end: at(index + 1), summary }),
      );
      await writeSpans(store, [...children, root]);
      const skeleton = await store.readSkeleton(traceId);
      expect(skeleton).toEqual(toSkeletonSource([root, ...children].map((span) => toSpanFact({ span, experimentId }))));
      expect(skeleton.spanId).toHaveLength(5000);
      const last = children.at(-1);
      const read = await readAllSpans(store, traceId);
      expect(read.map((span) => span.spanId)).toEqual([root, ...children].map((span) => span.spanId));
      expect(read.at(-1)).toEqual(last);
    },
  },
  {
    title: 'a skeleton tells of exceptions, errors and running spans',
    async run(store) {
      const traceId = newTraceId();
      const failed = sampleSpan({
        traceId,
        status: { code: 'error', message: 'm' },
        events: [{ name: 'exception', time: at(1), attributes: attributes() }],
      });
      const running = stillRunning(sampleSpan({ traceId }));
      await writeSpans(store, [failed, running]);
      expect(await store.readSkeleton(traceId)).toEqual({
        origin: at(0),
        spanId: [running.spanId, failed.spanId],
        parentSpanId: [null, null],
        name: ['answer', 'answer'],
        type: ['UNKNOWN', 'UNKNOWN'],
        status: ['unset', 'error'],
        model: [null, null],
        start: [0, 0],
        duration: [null, 20_000_000],
        tokens: [null, null],
        hasException: [false, true],
      });
    },
  },
];
