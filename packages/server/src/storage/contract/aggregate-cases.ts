import { EVERYTHING, must, type DurationNanos, type ExperimentId } from '@clew/core';
import { expect } from 'vitest';
import type { AggregatePlan, AggregatePoint, Measure } from '../aggregate-plan.ts';
import { openMemoryStore } from '../memory.ts';
import type { SpanStore } from '../span-store.ts';
import type { ContractCase } from './contract-case.ts';
import {
  at,
  newExperimentId,
  sampleAssessment,
  sampleHeader,
  sampleSpan,
  sampleSummary,
  textMap,
  writeBatch,
  writeHeaders,
} from './samples.ts';

const COUNT: readonly Measure[] = [{ kind: 'count' }];
const HOUR = 3_600_000;

function planOf(experimentId: ExperimentId, given: Partial<AggregatePlan> = {}): AggregatePlan {
  return {
    experimentIds: [experimentId],
    filter: EVERYTHING,
    rows: { of: 'traces' },
    measures: COUNT,
    groupBy: [],
    limit: 100,
    ...given,
  };
}

/** Numbers are sums of powers of two, so that the order of adding does not show. */
async function fill(stores: readonly SpanStore[]): Promise<ExperimentId> {
  const experimentId = newExperimentId();
  const headers = Array.from({ length: 8 }, (_, index) =>
    sampleHeader({
      experimentId,
      start: at(index * 0.5 * HOUR),
      ...(index === 7 ? {} : { duration: (BigInt(index + 1) * 4_000_000n) as DurationNanos }),
      state: index % 4 === 3 ? 'ERROR' : 'OK',
      ...(index === 6 ? {} : { name: index < 5 ? 'answer' : `rare ${index}` }),
      ...(index % 2 === 0 ? { sessionId: `s${index % 4}`, userId: 'ada' } : {}),
      ...(index === 0
        ? {}
        : { usage: { inputTokens: index, outputTokens: 1, totalTokens: index + 1 }, cost: { totalCost: index / 4 } }),
      tags: textMap(
        index < 2
          ? [
              ['env', 'prod'],
              ['', 'empty'],
            ]
          : index === 2
            ? [['env', '']]
            : [],
      ),
    }),
  );
  const spans = headers.flatMap(({ traceId, start }, index) => [
    {
      span: sampleSpan({
        traceId,
        start,
        end: (start + 8_000_000n) as typeof start,
        summary: sampleSummary({ type: 'LLM', model: index % 2 === 0 ? 'large' : 'small', provider: 'p' }),
        status: index === 1 ? { code: 'error', message: '' } : { code: 'ok' },
      }),
      experimentId,
    },
    {
      span: sampleSpan({ traceId, start, name: 'tool "x"/y', summary: sampleSummary({ type: 'TOOL' }) }),
      experimentId,
    },
  ]);
  const values = [true, 'yes', 'no', 3n, 0.5, 'other', null, { a: 1n }] as const;
  const assessments = headers.map(({ traceId }, index) =>
    sampleAssessment({
      traceId,
      createTime: at(index * HOUR),
      value: {
        kind: 'feedback',
        value: values[index] ?? null,
        ...(index === 6 ? { error: { code: 'TIMEOUT' } } : {}),
      },
    }),
  );
  const invalid = sampleAssessment({ traceId: must(headers[0], 'a trace').traceId, valid: false });
  for (const store of stores) {
    await writeBatch(store, { spans, assessments: [...assessments, invalid] });
    await writeHeaders(store, headers);
  }
  return experimentId;
}

async function pointsOf(store: SpanStore, given: Partial<AggregatePlan>): Promise<readonly AggregatePoint[]> {
  const experimentId = await fill([store]);
  return (await store.aggregate(planOf(experimentId, given))).points;
}

const QUESTIONS: readonly (readonly [string, Partial<AggregatePlan>])[] = [
  [
    'every measure of traces',
    {
      measures: [
        { kind: 'count' },
        { kind: 'errors' },
        { kind: 'error_rate' },
        { kind: 'distinct', of: 'session' },
        { kind: 'distinct', of: 'user' },
        { kind: 'sum', of: 'total_tokens' },
        { kind: 'avg', of: 'latency_ms' },
        { kind: 'min', of: 'latency_ms' },
        { kind: 'max', of: 'total_cost' },
        { kind: 'sum', of: 'cache_read_tokens' },
        { kind: 'percentile', of: 'latency_ms', level: 0.5 },
        { kind: 'percentile', of: 'latency_ms', level: 0.95 },
        { kind: 'percentile', of: 'latency_ms', level: 0 },
        { kind: 'percentile', of: 'latency_ms', level: 1 },
      ],
    },
  ],
  ['traces by name', { groupBy: [{ by: 'trace_name' }] }],
  ['the largest groups and the others', { groupBy: [{ by: 'trace_name' }], limit: 1 }],
  [
    'traces by two tags',
    {
      groupBy: [
        { by: 'tag', key: 'env' },
        { by: 'tag', key: '' },
      ],
    },
  ],
  ['traces by session, user and state', { groupBy: [{ by: 'session' }, { by: 'user' }, { by: 'trace_status' }] }],
  ['traces by hour', { buckets: { millis: HOUR, offsetMillis: 0 } }],
  ['traces by day east of Greenwich', { buckets: { millis: 24 * HOUR, offsetMillis: 10.5 * HOUR } }],
  [
    'the largest series by hour',
    { buckets: { millis: HOUR, offsetMillis: -HOUR / 2 }, groupBy: [{ by: 'trace_name' }], limit: 1 },
  ],
  ['traces of a filter', { filter: { kind: 'text', field: 'name', test: { op: '=', value: 'answer' } } }],
  ['traces of a range', { fromMillis: Number(at(HOUR) / 1_000_000n), untilMillis: Number(at(2 * HOUR) / 1_000_000n) }],
  [
    'spans by name, type, status, model and provider',
    {
      rows: { of: 'spans', where: [] },
      measures: [{ kind: 'count' }, { kind: 'errors' }, { kind: 'avg', of: 'latency_ms' }],
      groupBy: [
        { by: 'span_name' },
        { by: 'span_type' },
        { by: 'span_status' },
        { by: 'span_model' },
        { by: 'span_provider' },
      ],
    },
  ],
  [
    'spans of a condition by what their trace is',
    {
      rows: { of: 'spans', where: [{ on: 'type', test: { op: '=', value: 'LLM' } }] },
      groupBy: [{ by: 'tag', key: 'env' }, { by: 'span_model' }, { by: 'session' }],
      filter: { kind: 'text', field: 'status', test: { op: '=', value: 'OK' } },
      buckets: { millis: HOUR, offsetMillis: 0 },
    },
  ],
  [
    'assessments by name and value',
    {
      rows: { of: 'assessments' },
      measures: [{ kind: 'count' }, { kind: 'errors' }, { kind: 'avg', of: 'value' }],
      groupBy: [{ by: 'assessment_name' }, { by: 'assessment_value' }, { by: 'assessment_source' }],
    },
  ],
  [
    'assessments of a name and kind by user',
    {
      rows: { of: 'assessments', name: 'helpful', kind: 'feedback' },
      measures: [{ kind: 'count' }, { kind: 'sum', of: 'value' }],
      groupBy: [{ by: 'user' }],
    },
  ],
  ['assessments of no name', { rows: { of: 'assessments', name: 'nobody' } }],
];

export const aggregateCases: readonly ContractCase[] = [
  ...QUESTIONS.map(([question, given]): ContractCase => ({
    title: `an aggregate is what plain counting gives: ${question}`,
    async run(store) {
      const oracle = openMemoryStore();
      const experimentId = await fill([oracle, store]);
      const plan = planOf(experimentId, given);
      expect(await store.aggregate(plan)).toEqual(await oracle.aggregate(plan));
    },
  })),
  {
    title: 'percentiles are interpolated between neighbours',
    async run(store) {
      const measures = [0, 0.25, 0.5, 1].map((level): Measure => ({ kind: 'percentile', of: 'latency_ms', level }));
      // Seven traces of 4, 8 … 28 ms; one runs.
      expect(await pointsOf(store, { measures })).toEqual([{ dimensions: [], values: [4, 10, 16, 28] }]);
    },
  },
  {
    title: 'groups past the limit are measured together',
    async run(store) {
      expect(await pointsOf(store, { groupBy: [{ by: 'trace_name' }], limit: 1 })).toEqual([
        { dimensions: ['answer'], values: [5] },
        { values: [3] },
      ]);
    },
  },
  {
    title: 'assessments count as numbers where they are like one',
    async run(store) {
      const measures: readonly Measure[] = [
        { kind: 'count' },
        { kind: 'sum', of: 'value' },
        { kind: 'max', of: 'value' },
      ];
      expect(await pointsOf(store, { rows: { of: 'assessments' }, measures })).toEqual([
        { dimensions: [], values: [8, 5.5, 3] },
      ]);
    },
  },
  {
    title: 'nothing counted gives no points',
    async run(store) {
      expect(await store.aggregate(planOf(newExperimentId()))).toEqual({ points: [] });
      expect(await store.aggregate({ ...planOf(newExperimentId()), experimentIds: [] })).toEqual({ points: [] });
    },
  },
  {
    title: 'what rows do not have is refused',
    async run(store) {
      const plan = planOf(newExperimentId());
      await expect(store.aggregate({ ...plan, groupBy: [{ by: 'span_name' }] })).rejects.toThrow(
        'Cannot group traces by "span_name"',
      );
      await expect(store.aggregate({ ...plan, measures: [{ kind: 'sum', of: 'value' }] })).rejects.toThrow(
        'Cannot measure "value" of traces',
      );
    },
  },
];
