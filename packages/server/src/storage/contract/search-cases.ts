import {
  EVERYTHING,
  type DurationNanos,
  type ExperimentId,
  type Filter,
  type Order,
  type SpanCondition,
  type Test,
  type TraceHeader,
  type TraceId,
} from '@clew/core';
import { expect } from 'vitest';
import type { SearchCursor, SpanStore } from '../span-store.ts';
import type { ContractCase } from './contract-case.ts';
import {
  at,
  attributes,
  newExperimentId,
  sampleAssessment,
  sampleHeader,
  sampleSummary,
  sampleSpan,
  textMap,
  writeBatch,
  writeSpans,
  writeHeaders,
} from './samples.ts';

const millis = (nanos: bigint): number => Number(nanos / 1_000_000n);

/** Follows the pages to the end. */
async function searchAll(
  store: SpanStore,
  experimentIds: readonly ExperimentId[],
  filter: Filter = EVERYTHING,
  order: readonly Order[] = [],
  limit = 100,
): Promise<readonly TraceId[]> {
  const found: TraceId[] = [];
  let after: SearchCursor | undefined;
  do {
    const page = await store.search({ experimentIds, filter, order, limit, ...(after === undefined ? {} : { after }) });
    expect(page.traces.length).toBeLessThanOrEqual(limit);
    if (page.next !== undefined) expect(page.traces).toHaveLength(limit);
    found.push(...page.traces.map((trace) => trace.traceId));
    after = page.next;
  } while (after !== undefined);
  return found;
}

interface MatchCase {
  readonly why: string;
  readonly filter: Filter;
  readonly matches: boolean;
}

/** One trace that has a bit of everything; each filter says something true or false of it. */
const SUBJECT: Omit<TraceHeader, 'traceId' | 'experimentId'> = {
  clientRequestId: 'request 1',
  start: at(1000),
  duration: 2_500_900_000n as DurationNanos,
  state: 'ERROR',
  name: 'Answer',
  requestPreview: 'the request',
  sessionId: 's-9',
  usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
  tags: textMap([
    ['env', 'prod'],
    ['__proto__', 'hostile'],
    ['empty', ''],
    ['number', '12'],
    ['', 'nameless'],
  ]),
  metadata: textMap([['mlflow.sourceRun', 'run-1']]),
  spanCount: 2,
  errorCount: 1,
  isFinalized: true,
};

const tag = (key: string, test: Test): Filter => ({ kind: 'tag', key, test });
const text = (field: Extract<Filter, { kind: 'text' }>['field'], test: Test): Filter => ({ kind: 'text', field, test });
const number = (field: Extract<Filter, { kind: 'number' }>['field'], test: Test): Filter => ({
  kind: 'number',
  field,
  test,
});
const span = (...of: readonly SpanCondition[]): Filter => ({ kind: 'span', of });
const not = (filter: Filter): Filter => ({ kind: 'not', filter });
const content = (pattern: string): Filter => span({ on: 'content', test: { op: 'ilike', pattern } });
const attribute = (key: string, test: Test): Filter => span({ on: 'attribute', key, test });
const feedback = (name: string, test: Test): Filter => ({ kind: 'feedback', name, test });

const MATCHES: readonly MatchCase[] = [
  { why: 'everything', filter: EVERYTHING, matches: true },
  { why: 'any of nothing', filter: { kind: 'any', of: [] }, matches: false },
  { why: 'not of nothing', filter: not({ kind: 'any', of: [] }), matches: true },
  { why: 'status', filter: text('status', { op: '=', value: 'ERROR' }), matches: true },
  { why: 'status in', filter: text('status', { op: 'in', values: ['OK', 'ERROR'] }), matches: true },
  { why: 'status in nothing', filter: text('status', { op: 'in', values: [] }), matches: false },
  { why: 'status not in nothing', filter: text('status', { op: 'not in', values: [] }), matches: true },
  { why: 'name is case-sensitive', filter: text('name', { op: 'like', pattern: 'ans%' }), matches: false },
  { why: 'name without case', filter: text('name', { op: 'ilike', pattern: 'ANS%' }), matches: true },
  { why: 'a wildcard is one character', filter: text('name', { op: 'like', pattern: 'A_s_er' }), matches: true },
  { why: 'a regular expression searches', filter: text('name', { op: 'rlike', pattern: 'ns[vw]' }), matches: true },
  { why: 'a regular expression anchors', filter: text('name', { op: 'rlike', pattern: '^ns' }), matches: false },
  { why: 'what is no regular expression', filter: text('name', { op: 'rlike', pattern: '(' }), matches: false },
  { why: 'a missing user', filter: text('user', { op: 'is null' }), matches: true },
  { why: 'a missing user is not another', filter: text('user', { op: '!=', value: 'x' }), matches: false },
  { why: 'but not(=) holds', filter: not(text('user', { op: '=', value: 'x' })), matches: true },
  { why: 'text is no number', filter: tag('number', { op: '==', number: 12 }), matches: false },
  { why: 'the run it began in', filter: text('run_id', { op: '=', value: 'run-1' }), matches: true },
  { why: 'milliseconds round down', filter: number('execution_time_ms', { op: '==', number: 2500 }), matches: true },
  { why: 'a fraction', filter: number('execution_time_ms', { op: '>', number: 2499.5 }), matches: true },
  { why: 'start', filter: number('timestamp_ms', { op: '>=', number: millis(at(1000)) }), matches: true },
  { why: 'end', filter: number('end_time_ms', { op: '<', number: millis(at(3501)) }), matches: true },
  { why: 'tokens', filter: number('total_tokens', { op: '!==', number: 15 }), matches: false },
  { why: 'no cost', filter: number('total_cost', { op: 'is null' }), matches: true },
  { why: 'no cost is not another', filter: number('total_cost', { op: '!==', number: 1 }), matches: false },
  { why: 'a number is no text', filter: number('span_count', { op: '=', value: '2' }), matches: false },
  { why: 'a tag', filter: tag('env', { op: '!=', value: 'dev' }), matches: true },
  { why: 'a tag it lacks', filter: tag('other', { op: '!=', value: 'dev' }), matches: false },
  { why: 'a tag it lacks is null', filter: tag('other', { op: 'is null' }), matches: true },
  { why: 'an empty tag is not null', filter: tag('empty', { op: 'is not null' }), matches: true },
  { why: 'an empty tag is empty', filter: tag('empty', { op: '=', value: '' }), matches: true },
  { why: 'a hostile tag', filter: tag('__proto__', { op: '=', value: 'hostile' }), matches: true },
  { why: 'a tag without a name', filter: tag('', { op: '=', value: 'nameless' }), matches: true },
  { why: 'a key it does not own', filter: tag('constructor', { op: 'is not null' }), matches: false },
  { why: 'any span', filter: span(), matches: true },
  {
    why: 'two conditions on one span',
    filter: span({ on: 'type', test: { op: '=', value: 'LLM' } }, { on: 'status', test: { op: '=', value: 'ERROR' } }),
    matches: true,
  },
  {
    why: 'two conditions on two spans',
    filter: span({ on: 'name', test: { op: '=', value: 'root' } }, { on: 'status', test: { op: '=', value: 'ERROR' } }),
    matches: false,
  },
  { why: 'some other span', filter: span({ on: 'name', test: { op: '!=', value: 'root' } }), matches: true },
  { why: 'a model', filter: span({ on: 'model', test: { op: 'ilike', pattern: '%MINI' } }), matches: true },
  { why: 'a span without model', filter: span({ on: 'model', test: { op: 'is null' } }), matches: true },
  { why: 'a text attribute', filter: attribute('text', { op: '=', value: 'say "hi"\n' }), matches: true },
  { why: 'a pattern on decoded text', filter: attribute('text', { op: 'like', pattern: '%"hi"_' }), matches: true },
  { why: 'a number as text', filter: attribute('integer', { op: '=', value: '3' }), matches: true },
  { why: 'a double as text', filter: attribute('double', { op: '=', value: '3.0' }), matches: true },
  { why: 'a number as number', filter: attribute('double', { op: '==', number: 3 }), matches: true },
  { why: 'digits in text are no number', filter: attribute('digits', { op: '==', number: 3 }), matches: false },
  { why: 'a null attribute is text', filter: attribute('null', { op: '=', value: 'null' }), matches: true },
  { why: 'an attribute some span lacks', filter: attribute('text', { op: 'is null' }), matches: true },
  {
    why: 'inputs under their attribute',
    filter: attribute('mlflow.spanInputs', { op: 'like', pattern: '%Rück%' }),
    matches: true,
  },
  { why: 'content in inputs', filter: content('%RÜCKERSTATTUNG%'), matches: true },
  { why: 'content across parts', filter: content('%root%hello%'), matches: true },
  { why: 'content in the wrong order', filter: content('%hello%root%'), matches: false },
  { why: 'content in an attribute', filter: content('%digits: 3%'), matches: true },
  { why: 'content with quotes as typed', filter: content('%say "hi"%'), matches: true },
  { why: 'content with quotes inside JSON text', filter: content(`%it's "here"%`), matches: true },
  { why: 'content in an event', filter: content('%exception {"message"%'), matches: true },
  { why: 'content in a status message', filter: content('%boom%'), matches: true },
  { why: 'content that is nowhere', filter: content('%nowhere%'), matches: false },
  { why: 'feedback', filter: feedback('helpful', { op: '=', value: 'true' }), matches: true },
  { why: 'feedback as a number', filter: feedback('score', { op: '>=', number: 3.5 }), matches: true },
  { why: 'a number as JSON writes it', filter: feedback('score', { op: '=', value: '4' }), matches: true },
  { why: 'feedback as text', filter: feedback('grade', { op: 'rlike', pattern: '^A\\+$' }), matches: true },
  { why: 'invalid feedback counts for nothing', filter: feedback('old', { op: 'is null' }), matches: true },
  { why: 'an error is there', filter: feedback('failed', { op: 'is not null' }), matches: true },
  { why: 'an error equals nothing', filter: feedback('failed', { op: '!=', value: 'x' }), matches: false },
  { why: 'an expectation is no feedback', filter: feedback('answer', { op: 'is null' }), matches: true },
  {
    why: 'an expectation',
    filter: { kind: 'expectation', name: 'answer', test: { op: 'ilike', pattern: 'par%' } },
    matches: true,
  },
];

async function writeSubject(store: SpanStore): Promise<TraceHeader> {
  const header: TraceHeader = { ...sampleHeader(), ...SUBJECT };
  const { traceId } = header;
  await writeSpans(store, [
    sampleSpan({
      traceId,
      name: 'root',
      attributes: attributes([
        ['mlflow.spanInputs', attributes([['question', 'Rückerstattung?']])],
        ['mlflow.spanOutputs', 'hello'],
        ['digits', '3'],
        ['messages', JSON.stringify([{ content: 'it\'s "here"' }])],
      ]),
      summary: sampleSummary({ type: 'AGENT' }),
    }),
    sampleSpan({
      traceId,
      name: 'call',
      status: { code: 'error', message: 'boom' },
      attributes: attributes([
        ['text', 'say "hi"\n'],
        ['integer', 3n],
        ['double', 3],
        ['null', null],
      ]),
      events: [{ name: 'exception', time: at(1), attributes: attributes([['message', 'bad']]) }],
      summary: sampleSummary({ type: 'LLM', model: 'gpt-4o-mini' }),
    }),
  ]);
  await writeBatch(store, {
    assessments: [
      sampleAssessment({ traceId }),
      sampleAssessment({ traceId, name: 'score', value: { kind: 'feedback', value: 4 } }),
      sampleAssessment({ traceId, name: 'grade', value: { kind: 'feedback', value: 'A+' } }),
      sampleAssessment({ traceId, name: 'old', valid: false }),
      sampleAssessment({ traceId, name: 'failed', value: { kind: 'feedback', value: null, error: { code: 'X' } } }),
      sampleAssessment({ traceId, name: 'answer', value: { kind: 'expectation', value: 'Paris', serialized: false } }),
    ],
  });
  await writeHeaders(store, [header]);
  return header;
}

const matchCase: ContractCase = {
  title: 'filters mean what they say',
  async run(store) {
    const header = await writeSubject(store);
    const plan = { experimentIds: [header.experimentId], order: [], limit: 10 };
    for (const { why, filter, matches } of MATCHES) {
      const { traces } = await store.search({ ...plan, filter });
      expect([why, traces]).toEqual([why, matches ? [header] : []]);
      expect([why, await store.count({ ...plan, filter })]).toEqual([why, matches ? 1 : 0]);
    }
  },
};

const ORDERS: readonly { readonly why: string; readonly order: readonly Order[] }[] = [
  { why: 'newest first', order: [] },
  { why: 'oldest first', order: [{ key: { by: 'timestamp_ms' }, descending: false }] },
  { why: 'nulls last, ascending', order: [{ key: { by: 'execution_time_ms' }, descending: false }] },
  { why: 'nulls last, descending', order: [{ key: { by: 'execution_time_ms' }, descending: true }] },
  { why: 'a tag without a name', order: [{ key: { by: 'tag', key: '' }, descending: false }] },
  { why: 'a tag by its bytes', order: [{ key: { by: 'tag', key: 'env' }, descending: false }] },
  {
    why: 'several keys',
    order: [
      { key: { by: 'status' }, descending: true },
      { key: { by: 'total_tokens' }, descending: false },
      { key: { by: 'name' }, descending: true },
      { key: { by: 'trace_id' }, descending: true },
    ],
  },
];

const ENVIRONMENTS = ['a', 'B', '\uffff', '😀', ''];

/** Many ties and many nulls; the expected order is worked out with the comparator all stores share. */
async function writeMixture(store: SpanStore, experimentId: ExperimentId): Promise<readonly TraceHeader[]> {
  const headers = Array.from({ length: 60 }, (_, index): TraceHeader => {
    const environment = ENVIRONMENTS[index % 7];
    return sampleHeader({
      experimentId,
      start: at((index % 5) * 0.4),
      state: index % 3 === 0 ? 'ERROR' : 'OK',
      ...(index % 4 === 0 ? {} : { duration: BigInt((index % 3) * 1_000_000) as DurationNanos }),
      ...(index % 5 === 0 ? {} : { name: `name ${index % 2}` }),
      ...(index % 2 === 0 ? {} : { usage: { inputTokens: 1, outputTokens: 1, totalTokens: index % 4 } }),
      tags: textMap([
        ...(environment === undefined ? [] : [['env', environment] as const]),
        ...(index % 6 === 0 ? [['', `nameless ${index % 4}`] as const] : []),
      ]),
    });
  });
  await writeHeaders(store, headers);
  return headers;
}

export const searchCases: readonly ContractCase[] = [
  matchCase,
  {
    title: 'no experiment matches nothing, an unknown one neither',
    async run(store) {
      await writeHeaders(store, [sampleHeader()]);
      expect(await searchAll(store, [])).toEqual([]);
      expect(await searchAll(store, [newExperimentId()])).toEqual([]);
      expect(await store.count({ experimentIds: [], filter: EVERYTHING })).toBe(0);
    },
  },
  {
    title: 'several experiments are searched as one',
    async run(store) {
      const [a, b, c] = [0, 1, 2].map((start) => sampleHeader({ start: at(start) }));
      if (a === undefined || b === undefined || c === undefined) return;
      await writeHeaders(store, [a, b, c]);
      expect(await searchAll(store, [a.experimentId, c.experimentId])).toEqual([c.traceId, a.traceId]);
    },
  },
  {
    title: 'pages neither skip nor repeat, whatever the order and the ties',
    async run(store) {
      const experimentId = newExperimentId();
      const headers = await writeMixture(store, experimentId);
      for (const { why, order } of ORDERS) {
        const whole = await searchAll(store, [experimentId], EVERYTHING, order, 100);
        expect([why, [...whole].sort()]).toEqual([why, headers.map((header) => header.traceId).sort()]);
        for (const limit of [4, 7, 60]) {
          expect([why, limit, await searchAll(store, [experimentId], EVERYTHING, order, limit)]).toEqual([
            why,
            limit,
            whole,
          ]);
        }
      }
    },
  },
  {
    title: 'traces written while somebody pages are not skipped or repeated',
    async run(store) {
      const experimentId = newExperimentId();
      const old = [10, 20, 30, 40].map((start) => sampleHeader({ experimentId, start: at(start) }));
      await writeHeaders(store, old);
      const plan = { experimentIds: [experimentId], filter: EVERYTHING, order: [], limit: 2 };
      const first = await store.search(plan);
      const [newer, older] = [
        sampleHeader({ experimentId, start: at(50) }),
        sampleHeader({ experimentId, start: at(15) }),
      ];
      await writeHeaders(store, [newer, older]);
      expect(first.next).toBeDefined();
      if (first.next === undefined) return;
      const rest = await store.search({ ...plan, limit: 10, after: first.next });
      const seen = [...first.traces, ...rest.traces].map((trace) => trace.start);
      expect(seen).toEqual([40, 30, 20, 15, 10].map(at));
    },
  },
  {
    title: 'a cursor works after its trace was deleted',
    async run(store) {
      const experimentId = newExperimentId();
      await writeHeaders(
        store,
        [10, 20, 30].map((start) => sampleHeader({ experimentId, start: at(start) })),
      );
      const order: readonly Order[] = [{ key: { by: 'tag', key: 'none' }, descending: false }];
      const plan = { experimentIds: [experimentId], filter: EVERYTHING, order, limit: 1 };
      const first = await store.search(plan);
      await store.deleteTraces(first.traces.map((trace) => trace.traceId));
      if (first.next === undefined) throw new Error('Expected a second page');
      const second = await store.search({ ...plan, limit: 10, after: first.next });
      expect(second.traces.map((trace) => trace.start)).toEqual([at(20), at(10)]);
    },
  },
  {
    title: 'nanoseconds decide between traces of the same millisecond',
    async run(store) {
      const experimentId = newExperimentId();
      const headers = [3, 1, 2].map((nanos) => sampleHeader({ experimentId, start: at(nanos / 1_000_000) }));
      await writeHeaders(store, headers);
      const order: readonly Order[] = [{ key: { by: 'timestamp_ms' }, descending: false }];
      const expected = [...headers].sort((a, b) => (a.start > b.start ? -1 : 1)).map((header) => header.traceId);
      expect(await searchAll(store, [experimentId], EVERYTHING, order, 1)).toEqual(expected);
    },
  },
  {
    title: 'a trace id is compared in the form MLflow writes it',
    async run(store) {
      const header = sampleHeader();
      await writeHeaders(store, [header, sampleHeader({ experimentId: header.experimentId })]);
      const find = async (test: Test) => searchAll(store, [header.experimentId], text('trace_id', test));
      expect(await find({ op: '=', value: `tr-${header.traceId}` })).toEqual([header.traceId]);
      expect(await find({ op: 'in', values: [`tr-${header.traceId}`, 'tr-'] })).toEqual([header.traceId]);
      expect(await find({ op: 'like', pattern: `tr-${header.traceId.slice(0, 31)}_` })).toEqual([header.traceId]);
      expect(await find({ op: '=', value: header.traceId })).toEqual([]);
      expect(await find({ op: 'not in', values: [`tr-${header.traceId}`] })).toHaveLength(1);
    },
  },
  {
    title: 'a span that was replaced matches no more',
    async run(store) {
      const header = sampleHeader();
      const first = sampleSpan({ traceId: header.traceId, name: 'first' });
      await writeHeaders(store, [header]);
      await writeSpans(store, [first]);
      await writeSpans(store, [{ ...first, name: 'second' }]);
      const named = (value: string) => span({ on: 'name', test: { op: '=', value } });
      expect(await searchAll(store, [header.experimentId], named('first'))).toEqual([]);
      expect(await searchAll(store, [header.experimentId], named('second'))).toEqual([header.traceId]);
    },
  },
  {
    title: 'a search that was given up fails with the reason',
    async run(store) {
      const controller = new AbortController();
      controller.abort(new Error('gave up'));
      const plan = { experimentIds: [newExperimentId()], filter: EVERYTHING, order: [], limit: 1 };
      await expect(store.search(plan, controller.signal)).rejects.toThrow('gave up');
      await expect(store.count(plan, controller.signal)).rejects.toThrow('gave up');
    },
  },
];
