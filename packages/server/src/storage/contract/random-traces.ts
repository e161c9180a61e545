/**
 * Random traces and searches over a small vocabulary, so that filters match often and for every reason. Words are
 * chosen to hurt: case that folds oddly, what LIKE and JSON escape, text that reads like other values.
 */
import { encodeJsonText, NUMBER_FIELDS, TEXT_FIELDS, TRACE_STATES, type DurationNanos } from '@clew/core';
import type {
  Assessment,
  AssessmentValue,
  Attributes,
  AttributeValue,
  Filter,
  Order,
  OrderKey,
  SpanCondition,
  SpanSummary,
  SpanStatus,
  StringMap,
  Test,
  TraceHeader,
  StoredSpan,
} from '@clew/core';
import * as fc from 'fast-check';
import { at, attributes, textMap } from './samples.ts';

/** A trace before it has an id and an experiment. */
export interface RandomTrace {
  readonly header: Omit<TraceHeader, 'traceId' | 'experimentId'>;
  readonly spans: readonly Omit<StoredSpan, 'traceId' | 'spanId'>[];
  readonly assessments: readonly Omit<Assessment, 'traceId' | 'assessmentId'>[];
}

export interface RandomSearch {
  readonly filter: Filter;
  readonly order: readonly Order[];
  readonly limit: number;
}

/** Parted by blanks; what itself holds blanks follows. */
const WORDS = [
  ...'a A ab Ab b OK ERROR LLM 0 12 3.0 3 -0 1e3 1000 nan inf 0x10 null true [] {} {"a":1} ='.split(' '),
  ...'% _ %a_ \\ \\% a\\nb a"b " "a" \' / \u{1f600} \uffff \u{10ffff}'.split(' '),
  ...'ä Ä e\u0301 straße ẞ İ i\u0307 ı Σ σ ς ΑΣ ας \u212a k K ſ s ǅ ﬃ'.split(' '),
  '',
  'b c',
  ' 3',
  'a\nb',
  '\t',
  '\r\n',
  '\u0000',
  '\u2028',
  '\u00a0',
  '\u000b',
  // Too long to stand beside short values.
  `${'long '.repeat(60)}end`,
];
const KEYS = ['env', 'k', 'a key', '__proto__', 'constructor', '', 'mlflow.sourceRun', 'mlflow.spanInputs', '7'];
const NAMES = ['answer', 'helpful', 'a', ''];
const NUMBERS = [0, 1, 3, 2.5, -1, 12, 1000, 0.1 + 0.2, 9_007_199_254_740_992, 5e-324, 1e300];

const word = fc.constantFrom(...WORDS);
const phrase = fc.array(word, { maxLength: 3 }).map((words) => words.join(''));
const key = fc.constantFrom(...KEYS);
const number = fc.oneof(fc.constantFrom(...NUMBERS), fc.integer({ min: -5, max: 20 }));

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  phrase,
  fc.constantFrom<AttributeValue>(null, true, false, 3n, 3, 12n, -0, 0.1 + 0.2, 9_223_372_036_854_775_807n),
  fc.constantFrom<AttributeValue>(9_007_199_254_740_993n, Number.NaN, Number.POSITIVE_INFINITY, new Uint8Array([1, 2])),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.array(fc.tuple(key, scalar), { maxLength: 2 }).map(attributes) },
);
const attributeMap: fc.Arbitrary<Attributes> = fc.array(fc.tuple(key, value), { maxLength: 4 }).map(attributes);
const stringMap: fc.Arbitrary<StringMap> = fc.array(fc.tuple(key, phrase), { maxLength: 3 }).map(textMap);

/** Milliseconds close together, with fractions that differ in nanoseconds. */
const instant = fc.integer({ min: 0, max: 12 }).map((step) => at(step * 0.333333));
const duration = fc
  .constantFrom(-1n, 0n, 999_999n, 1_000_000n, 2_500_000n, 10_000_000_000n)
  .map((nanos) => nanos as DurationNanos);

const usage = fc.record({ inputTokens: number, outputTokens: number, totalTokens: number });
const cost = fc.record({ totalCost: number });

const header: fc.Arbitrary<RandomTrace['header']> = fc.record(
  {
    clientRequestId: phrase,
    start: instant,
    duration,
    state: fc.constantFrom(...TRACE_STATES),
    name: phrase,
    sessionId: phrase,
    userId: phrase,
    usage,
    cost,
    tags: stringMap,
    metadata: stringMap,
    spanCount: fc.nat(3),
    errorCount: fc.nat(2),
    isFinalized: fc.boolean(),
  },
  { requiredKeys: ['start', 'state', 'tags', 'metadata', 'spanCount', 'errorCount', 'isFinalized'] },
);

const status: fc.Arbitrary<SpanStatus> = fc.oneof(
  fc.constantFrom<SpanStatus>({ code: 'unset' }, { code: 'ok' }),
  phrase.map((message) => ({ code: 'error' as const, message })),
);

const summary: fc.Arbitrary<SpanSummary> = fc.record(
  { type: fc.constantFrom('LLM', 'TOOL', 'a'), model: phrase, dialect: word },
  { requiredKeys: ['type', 'dialect'] },
);

const span: fc.Arbitrary<RandomTrace['spans'][number]> = fc
  .record({
    name: phrase,
    status,
    attributes: attributeMap,
    events: fc.array(fc.record({ name: word, time: instant, attributes: attributeMap }), { maxLength: 2 }),
    summary,
  })
  .map((given) => ({
    ...given,
    kind: 'internal' as const,
    start: at(0),
    end: at(1),
    links: [],
    scope: { name: '', version: '', attributes: attributes() },
    resource: attributes(),
    traceState: '',
  }));

const judged: fc.Arbitrary<AssessmentValue> = fc.oneof(
  value.map((given) => ({ kind: 'feedback' as const, value: given })),
  value.map((given) => ({ kind: 'expectation' as const, value: given, serialized: false })),
);

const assessment: fc.Arbitrary<RandomTrace['assessments'][number]> = fc.record({
  name: fc.constantFrom(...NAMES),
  source: fc.constant({ type: 'CODE' as const, id: 'test' }),
  value: judged,
  metadata: fc.constant(textMap()),
  createTime: instant,
  lastUpdateTime: instant,
  valid: fc.boolean(),
});

export const randomTrace: fc.Arbitrary<RandomTrace> = fc.record({
  header,
  spans: fc.array(span, { maxLength: 3 }),
  assessments: fc.array(assessment, { maxLength: 3 }),
});

/** Also what values of any kind read like as text. */
const wanted = fc.oneof(
  phrase,
  scalar.map((given) => (typeof given === 'string' ? given : encodeJsonText(given))),
);
const pattern = fc
  .array(fc.oneof(word, fc.constantFrom('%', '_', '%', ': ', '"')), { maxLength: 4 })
  .map((pieces) => pieces.join(''));
const expression = fc.oneof(
  fc.constantFrom('', '^$', '.', '^a', 'b$', 'a.b', 'a|b', '[A-Z]', '[^a]', '\\d+', '\\w+$', '\\s', '\\S+', '\\bA'),
  fc.constantFrom('(?i)a', '(?i)\u03c3', '(?i)\u00e4', '(?i)k', '(?s)a.b', '(?:ab){1,2}', 'a{2}', '\\p{L}', '\\P{Lu}'),
  fc.constantFrom('\\x{1f600}', '[\u{1f600}a]', '\\"', '\\\\', '"a"', '\\n', '\\Aa', 'b\\z', '[\\s"]', '.{3}'),
  fc.constantFrom('(', '[', '\\', '*', '(?=a)', '\\1', '(?i'),
);

const test: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ op: fc.constantFrom('=' as const, '!=' as const), value: wanted }),
  fc.record({ op: fc.constantFrom('like' as const, 'ilike' as const), pattern }),
  fc.record({ op: fc.constant('rlike' as const), pattern: expression }),
  fc.record({ op: fc.constantFrom('in' as const, 'not in' as const), values: fc.array(wanted, { maxLength: 3 }) }),
  fc.record({ op: fc.constantFrom(...(['==', '!==', '<', '<=', '>', '>='] as const)), number }),
  fc.record({ op: fc.constantFrom('is null' as const, 'is not null' as const) }),
);
/** Times are far from the other numbers. */
const timeTest: fc.Arbitrary<Test> = fc.record({
  op: fc.constantFrom(...(['==', '!==', '<', '<=', '>', '>='] as const)),
  number: fc.integer({ min: -1, max: 6 }).map((millis) => Number(at(millis) / 1_000_000n) + 0.5 * (millis % 2)),
});
/** Equality with what the fields hold: enumerated words. */
const stateTest: fc.Arbitrary<Test> = fc.record({
  op: fc.constantFrom('=' as const, '!=' as const),
  value: fc.constantFrom('OK', 'ERROR', 'UNSET', 'IN_PROGRESS', 'LLM', 'TOOL'),
});

const condition: fc.Arbitrary<SpanCondition> = fc.oneof(
  fc.record({ on: fc.constantFrom('name' as const, 'model' as const), test }),
  fc.record({ on: fc.constantFrom('type' as const, 'status' as const), test: fc.oneof(stateTest, test) }),
  fc.record({ on: fc.constant('attribute' as const), key, test }),
  fc.record({ on: fc.constant('content' as const), test }),
);

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constantFrom(...TEXT_FIELDS),
    test: fc.oneof(test, stateTest),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.constantFrom(...NUMBER_FIELDS),
    test: fc.oneof(test, timeTest),
  }),
  fc.record({ kind: fc.constantFrom('tag' as const, 'metadata' as const), key, test }),
  fc.record({
    kind: fc.constantFrom('feedback' as const, 'expectation' as const),
    name: fc.constantFrom(...NAMES),
    test,
  }),
  fc.record({ kind: fc.constant('span' as const), of: fc.array(condition, { maxLength: 2 }) }),
);

const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'filter' },
    leaf,
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('filter'), { maxLength: 3, depthIdentifier: 'filter' }),
    }),
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
  ),
})).filter;

const orderKey: fc.Arbitrary<OrderKey> = fc.oneof(
  fc.record({ by: fc.constantFrom(...TEXT_FIELDS, ...NUMBER_FIELDS, 'experiment_id' as const) }),
  fc.record({ by: fc.constantFrom('tag' as const, 'metadata' as const), key }),
);

export const randomSearch: fc.Arbitrary<RandomSearch> = fc.record({
  filter,
  order: fc.array(fc.record({ key: orderKey, descending: fc.boolean() }), { maxLength: 3 }),
  limit: fc.integer({ min: 1, max: 6 }),
});
