import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTraceId } from '../ids.ts';
import { NUMBER_FIELDS, TEXT_FIELDS, type Filter, type SpanCondition, type Test } from './ast.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';

const env = (value: string): Filter => ({ kind: 'tag', key: 'env', test: { op: '=', value } });

describe('printFilter() writes', () => {
  test.each<{ what: string; filter: Filter; mlflow: string; short: string }>([
    {
      what: 'a list of one as that one',
      filter: { kind: 'all', of: [env('a')] },
      mlflow: "tag.env = 'a'",
      short: 'tag.env:a',
    },
    { what: 'an empty any', filter: { kind: 'any', of: [] }, mlflow: 'NOT ()', short: '-()' },
    {
      what: 'nested lists',
      filter: { kind: 'all', of: [env('a'), { kind: 'all', of: [env('b'), env('c')] }, { kind: 'all', of: [] }] },
      mlflow: "tag.env = 'a' AND (tag.env = 'b' AND tag.env = 'c') AND ()",
      short: 'tag.env:a (tag.env:b tag.env:c) ()',
    },
    {
      what: 'lists on a key, which MLflow lacks, with OR and AND',
      filter: { kind: 'not', filter: { kind: 'tag', key: 'env', test: { op: 'not in', values: ['a', 'b'] } } },
      mlflow: "NOT (tag.env != 'a' AND tag.env != 'b')",
      short: '-(tag.env!="a" AND tag.env!="b")',
    },
    {
      what: 'words that would be read as others in quotes',
      filter: { kind: 'text', field: 'status', test: { op: '=', value: 'error' } },
      mlflow: "status = 'error'",
      short: 'status:"error"',
    },
    {
      what: 'two span nodes apart from each other',
      filter: {
        kind: 'all',
        of: [
          { kind: 'span', of: [{ on: 'type', test: { op: '=', value: 'LLM' } }] },
          { kind: 'span', of: [{ on: 'status', test: { op: '=', value: 'ERROR' } }] },
        ],
      },
      mlflow: "span(type = 'LLM') AND span(status = 'ERROR')",
      short: 'type:LLM span(status:error)',
    },
  ])('$what', ({ filter, mlflow, short }) => {
    expect(printFilter(filter, 'mlflow')).toBe(mlflow);
    expect(printFilter(filter, 'short')).toBe(short);
  });
});

describe('parseFilter() of what printFilter() wrote', () => {
  test.each(['mlflow', 'short'] as const)('in %s is an equal filter', (spelling) => {
    fc.assert(
      fc.property(parsedFilters(), (filter) => {
        expect(parseFilter(printFilter(filter, spelling))).toEqual({ ok: true, value: filter });
      }),
      { numRuns: 1000 },
    );
  });
});

/** Every kind of tree that the parser can give. */
function parsedFilters(): fc.Arbitrary<Filter> {
  const { node } = fc.letrec<{ node: Filter; list: readonly Filter[] }>((tie) => ({
    list: fc.array(tie('node'), { minLength: 2, maxLength: 4 }),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaves(),
      fc.record({ kind: fc.constantFrom('all', 'any'), of: tie('list') }),
      fc.record({ kind: fc.constant('not'), filter: tie('node') }),
      fc.constant<Filter>({ kind: 'all', of: [] }),
    ),
  }));
  return node;
}

function leaves(): fc.Arbitrary<Filter> {
  const nullableText = ['client_request_id', 'name', 'run_id', 'session', 'user'] as const;
  const nullableNumber = ['execution_time_ms', 'input_tokens', 'output_tokens', 'total_tokens', 'total_cost'] as const;
  return fc.oneof(
    fc.record({ kind: fc.constant('text'), field: fc.constantFrom(...TEXT_FIELDS), test: fc.oneof(onText, onList) }),
    fc.record({ kind: fc.constant('text'), field: fc.constantFrom(...nullableText), test: onNull }),
    fc.record({ kind: fc.constant('number'), field: fc.constantFrom(...NUMBER_FIELDS), test: onNumber }),
    fc.record({ kind: fc.constant('number'), field: fc.constantFrom(...nullableNumber), test: onNull }),
    fc.record({ kind: fc.constantFrom('tag', 'metadata'), key, test: fc.oneof(onText, onNull) }),
    fc.record({
      kind: fc.constantFrom('feedback', 'expectation'),
      name: key,
      test: fc.oneof(onText, onNumber, onNull),
    }),
    fc.record({ kind: fc.constant('span'), of: fc.array(spanConditions(), { maxLength: 3 }) }),
  );
}

function spanConditions(): fc.Arbitrary<SpanCondition> {
  return fc.oneof(
    fc.record({ on: fc.constantFrom('name', 'type', 'status'), test: fc.oneof(onText, onList) }),
    fc.record({ on: fc.constant('model'), test: fc.oneof(onText, onList, onNull) }),
    fc.record({ on: fc.constant('attribute'), key, test: fc.oneof(onText, onList, onNumber, onNull) }),
    fc.record({ on: fc.constant('content'), test: onContent }),
  );
}

const text = fc
  .oneof(
    fc.constantFrom('a', 'a_b', 'a b', 'OK', 'error', 'ERROR', 'TOOL', 'tool', '4', 'true', 'é', 'AND', 'http://x?a=b'),
    fc.constantFrom("it's", 'say "x"', '`', 'a%', '*', '-1', '', String.raw`\d`, '\n', '()', '💡', 'a:b'),
    fc.string({ unit: 'binary' }),
  )
  // Ids without their prefix are read with it.
  .filter((value) => parseTraceId(value) === undefined);
const key = fc.oneof(
  fc.constantFrom('env', 'mlflow.trace.session', 'a b', 'IN', 'constructor', '.', 'a-b', '`'),
  fc.string({ unit: 'binary', minLength: 1 }),
);
const pattern = fc.oneof(
  fc.constantFrom('a%', '%a', '%b%', '%', '%%', '_', 'a_%', '%"%', '%É%', '*%', '%x', ''),
  fc.string({ unit: 'binary' }),
);
const regular = fc.constantFrom('^a', 'b$', 'a.b', '[ab]+', String.raw`\d`, '(?i)ok', 'a|4', "it's", 'say "x"');
const number = fc.oneof(
  fc.constantFrom(0, 1, 4, 0.5, 2000, 10_000, 90_000, -3, 1e21, 1e-7),
  // Adding 0 makes 0 of -0, which has no spelling of its own.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.integer(),
  fc.integer({ min: 0, max: 253_402_300_799_999 }),
);
const onContent: fc.Arbitrary<Test> = fc.record({ op: fc.constantFrom('like', 'ilike'), pattern });
const onText: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ op: fc.constantFrom('=', '!='), value: text }),
  onContent,
  fc.record({ op: fc.constant('rlike'), pattern: regular }),
);
const onList: fc.Arbitrary<Test> = fc.record({
  op: fc.constantFrom('in', 'not in'),
  values: fc.array(text, { minLength: 1, maxLength: 3 }),
});
const onNumber: fc.Arbitrary<Test> = fc.record({
  op: fc.constantFrom('==', '!==', '<', '<=', '>', '>='),
  number,
});
const onNull: fc.Arbitrary<Test> = fc.record({ op: fc.constantFrom('is null', 'is not null') });
