import { expect } from 'vitest';
import type { SpanFact } from '../span-store.ts';
import type { ContractCase } from './contract-case.ts';
import {
  at,
  attributes,
  newExperimentId,
  newSpanId,
  newTraceId,
  readFacts,
  sampleAssessment,
  type SampleBatch,
  sampleSummary,
  sampleSpan,
  sampleStart,
  stillRunning,
  textMap,
  writeBatch,
  writeSpans,
} from './samples.ts';

export const sourceCases: readonly ContractCase[] = [
  {
    title: 'an empty batch is stored without complaint',
    run: async (store) => {
      await writeBatch(store, {});
    },
  },
  {
    title: 'a trace nothing is known of is left out',
    async run(store) {
      expect((await store.readSources([newTraceId()])).size).toBe(0);
      expect((await store.readSources([])).size).toBe(0);
    },
  },
  {
    title: 'the facts of a bare span hold nothing optional',
    async run(store) {
      const span = stillRunning(sampleSpan({ events: [{ name: 'log', time: at(1), attributes: attributes() }] }));
      const experimentId = newExperimentId();
      await writeBatch(store, { spans: [{ span, experimentId }] });
      const fact: SpanFact = {
        spanId: span.spanId,
        name: 'answer',
        type: 'UNKNOWN',
        status: 'unset',
        start: at(0),
        hasException: false,
        dialect: '',
        experimentId,
        traceTags: textMap(),
      };
      expect(await readFacts(store, span.traceId)).toEqual({ spans: [fact], starts: [], tags: [] });
    },
  },
  {
    title: 'the facts of a rich span hold everything a header needs',
    async run(store) {
      const usage = { inputTokens: 1200, outputTokens: 34, totalTokens: 1234, cacheReadInputTokens: 1000 };
      const cost = { inputCost: 0.1, outputCost: 0.2, totalCost: 0.30000000000000004 };
      const parentSpanId = newSpanId();
      const experimentId = newExperimentId();
      const span = sampleSpan({
        parentSpanId,
        status: { code: 'error', message: 'boom' },
        events: [{ name: 'exception', time: at(1), attributes: attributes() }],
        summary: sampleSummary({
          type: 'LLM',
          dialect: 'strands',
          model: 'm',
          usage,
          cost,
          sessionId: 's',
          userId: 'u',
        }),
        resource: attributes([['service.name', 'only roots lend their tags']]),
      });
      await writeBatch(store, { spans: [{ span, experimentId, requestPreview: 'in', responsePreview: 'out' }] });
      const fact: SpanFact = {
        spanId: span.spanId,
        parentSpanId,
        name: 'answer',
        type: 'LLM',
        status: 'error',
        start: at(0),
        end: at(20),
        model: 'm',
        totalTokens: 1234,
        hasException: true,
        dialect: 'strands',
        experimentId,
        requestPreview: 'in',
        responsePreview: 'out',
        usage,
        cost,
        sessionId: 's',
        userId: 'u',
        traceTags: textMap(),
      };
      expect((await readFacts(store, span.traceId)).spans).toEqual([fact]);
    },
  },
  {
    title: 'a root lends its resource and its trace tags, the tags win',
    async run(store) {
      const span = sampleSpan({
        resource: attributes([
          ['service.name', 'shop'],
          ['team', 'of the resource'],
          ['process.pid', 4711n],
          ['telemetry.sdk.name', 'opentelemetry'],
          ['mlflow.experimentId', '7'],
        ]),
        attributes: attributes([
          ['mlflow.traceTag.team', 'of the span'],
          ['mlflow.traceTag.__proto__', 'a key like any other'],
          ['other', 'no tag'],
        ]),
      });
      await writeSpans(store, [span]);
      const [fact] = (await store.readSources([span.traceId])).get(span.traceId)?.spans ?? [];
      expect(fact?.traceTags).toEqual(
        textMap([
          ['service.name', 'shop'],
          ['team', 'of the span'],
          ['process.pid', '4711'],
          ['__proto__', 'a key like any other'],
        ]),
      );
    },
  },
  {
    title: 'trace starts come back as written, in order, and once each',
    async run(store) {
      const first = sampleStart({ state: 'IN_PROGRESS' });
      const last = sampleStart({
        traceId: first.traceId,
        clientRequestId: 'request 1',
        start: at(0.000001),
        duration: 1_500_000_001n as NonNullable<typeof first.duration>,
        state: 'ERROR',
        requestPreview: '"in"',
        responsePreview: '',
        metadata: textMap([['mlflow.user', 'ada\0lovelace']]),
      });
      await writeBatch(store, { starts: [first] });
      await writeBatch(store, { starts: [first, last] });
      expect((await readFacts(store, first.traceId)).starts).toEqual([first, last]);
      await writeBatch(store, { starts: [first] });
      expect((await readFacts(store, first.traceId)).starts).toEqual([last, first]);
    },
  },
  {
    title: 'of each tag the latest change counts, removals too',
    async run(store) {
      const traceId = newTraceId();
      await writeBatch(store, {
        tags: [
          { traceId, key: 'kept', value: 'a' },
          { traceId, key: 'changed', value: 'a' },
          { traceId, key: 'changed', value: 'b' },
          { traceId, key: 'removed', value: 'a' },
          { traceId, key: 'empty', value: '' },
        ],
      });
      await writeBatch(store, {
        tags: [
          { traceId, key: 'changed', value: 'c' },
          { traceId, key: 'removed', value: undefined },
        ],
      });
      const { tags } = await readFacts(store, traceId);
      expect([...tags].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
        { traceId, key: 'changed', value: 'c' },
        { traceId, key: 'empty', value: '' },
        { traceId, key: 'kept', value: 'a' },
        { traceId, key: 'removed', value: undefined },
      ]);
    },
  },
  {
    title: 'versions are those the batch was stored under, and their sum that of the trace',
    async run(store) {
      const span = sampleSpan();
      const { traceId } = span;
      const running = stillRunning(sampleSpan({ traceId }));
      const versions = await writeBatch(store, {
        spans: [span, running].map((one) => ({ span: one, experimentId: newExperimentId() })),
        starts: [sampleStart({ traceId })],
        tags: [{ traceId, key: 'k', value: 'v' }],
      });
      const sources = (await store.readSources([traceId])).get(traceId);
      const found = new Map(sources?.spans.map((fact) => [fact.spanId, fact.version]));
      expect([found.get(span.spanId), found.get(running.spanId)]).toEqual(versions.spans);
      expect([sources?.starts[0]?.version, sources?.tags[0]?.version]).toEqual([versions.starts[0], versions.tags[0]]);
      const sum = [versions.spans, versions.starts, versions.tags].flat().reduce((a, b) => a + b);
      expect(await store.readVersions([traceId, newTraceId()])).toEqual(new Map([[traceId, sum]]));
    },
  },
  {
    title: 'the version of a trace grows when a source is added, replaced or written again',
    async run(store) {
      const span = sampleSpan();
      const { traceId } = span;
      const write = { span, experimentId: newExperimentId() };
      const batches: readonly SampleBatch[] = [
        { tags: [{ traceId, key: 'k', value: 'v' }] },
        { spans: [{ ...write, span: stillRunning(span) }] },
        { spans: [write] },
        { spans: [write] },
        { tags: [{ traceId, key: 'k', value: undefined }] },
        { starts: [sampleStart({ traceId })] },
      ];
      let before = 0n;
      for (const batch of batches) {
        await writeBatch(store, batch);
        const after = (await store.readVersions([traceId])).get(traceId) ?? 0n;
        expect(after).toBeGreaterThan(before);
        before = after;
      }
      await writeBatch(store, { spans: [{ ...write, span: stillRunning(span) }] });
      expect((await store.readVersions([traceId])).get(traceId)).toBe(before);
    },
  },
  {
    title: 'what was written last is found, whatever it is',
    async run(store) {
      const span = sampleSpan();
      const running = stillRunning(sampleSpan());
      const start = sampleStart();
      const tag = { traceId: newTraceId(), key: 'k', value: 'v' };
      await writeSpans(store, [span, running]);
      await writeBatch(store, { starts: [start], tags: [tag] });
      const found = await store.readLatelyWritten(60_000);
      expect(found).toEqual(expect.arrayContaining([span, running, start, tag].map(({ traceId }) => traceId)));
      expect(new Set(found).size).toBe(found.length);
    },
  },
  {
    title: 'sources of several traces keep apart',
    async run(store) {
      const [a, b] = [sampleSpan(), sampleSpan()];
      const start = sampleStart();
      await writeSpans(store, [a, b, sampleSpan({ traceId: a.traceId })]);
      await writeBatch(store, { starts: [start], tags: [{ traceId: b.traceId, key: 'k', value: 'v' }] });
      const read = await store.readSources([a.traceId, b.traceId, start.traceId, newTraceId()]);
      expect(read.size).toBe(3);
      expect(read.get(a.traceId)?.spans).toHaveLength(2);
      expect(read.get(b.traceId)).toMatchObject({ spans: [{ spanId: b.spanId }], tags: [{ key: 'k' }] });
      expect(read.get(start.traceId)?.starts).toMatchObject([start]);
    },
  },
  {
    title: 'sources of more traces than one statement takes are all read',
    async run(store) {
      const spans = Array.from({ length: 2500 }, () => sampleSpan());
      await writeSpans(store, spans);
      const read = await store.readSources(spans.map((span) => span.traceId));
      expect(read.size).toBe(2500);
    },
  },
  {
    title: 'deleting a trace takes everything it has and nothing else',
    async run(store) {
      const span = sampleSpan();
      const other = sampleSpan();
      const { traceId } = span;
      const assessment = sampleAssessment({ traceId });
      await writeBatch(store, {
        spans: [span, other].map((one) => ({ span: one, experimentId: newExperimentId() })),
        starts: [sampleStart({ traceId })],
        tags: [{ traceId, key: 'k', value: 'v' }],
        assessments: [assessment],
      });
      await store.deleteTraces([traceId, newTraceId()]);
      expect((await store.readSources([traceId, other.traceId])).size).toBe(1);
      expect(await store.readSpan(traceId, span.spanId)).toBeUndefined();
      expect(await store.readAssessments([traceId])).toEqual([]);
      expect(await store.readSpan(other.traceId, other.spanId)).toEqual(other);
    },
  },
  {
    title: 'a deleted trace may be written again',
    async run(store) {
      const old = sampleSpan();
      const running = stillRunning(sampleSpan({ traceId: old.traceId, name: 'again' }));
      await writeSpans(store, [old]);
      await store.deleteTraces([old.traceId]);
      await writeSpans(store, [running]);
      expect(await store.readSpan(old.traceId, running.spanId)).toEqual(running);
      expect((await store.readSources([old.traceId])).get(old.traceId)?.spans).toHaveLength(1);
    },
  },
];
