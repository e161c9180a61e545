import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Assessment, AssessmentValue } from '../assessment.ts';
import type { AttributeValue } from '../attributes.ts';
import { must } from '../errors.ts';
import { parseAssessmentId, parseExperimentId, parseSpanId, parseTraceId } from '../ids.ts';
import type { SpanSummary, StoredSpan } from '../span.ts';
import { durationFromNanos, unixNanos, type UnixNanos } from '../time.ts';
import type { TraceHeader } from '../trace.ts';
import { matchesFilter, type FilterSubject } from './match.ts';
import { parseFilter } from './parse.ts';

/** Subjects, then the filters that match them and those that do not. */
interface Case {
  readonly subject: FilterSubject;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

describe('a trace header', () => {
  check({
    'text compares exactly': {
      subject: subject({ header: { name: 'Answer', state: 'ERROR', sessionId: 's-9', userId: 'u' } }),
      yes: ["name = 'Answer'", "name != 'answer'", "name LIKE 'Ans%'", "name ILIKE 'ans%'", "name RLIKE 'swe'"],
      no: ["name = 'answer'", "name != 'Answer'", "name LIKE 'ans%'", "name RLIKE '^swe'", 'status:ok', 'session:s-8'],
    },
    'null text matches IS NULL only': {
      subject: subject({}),
      yes: ['name IS NULL', 'client_request_id IS NULL', 'NOT has:session', "NOT name = 'x'", '-name:x'],
      no: ["name != 'x'", "name = ''", "name LIKE '%'", "name NOT IN ('x')", "name RLIKE ''", 'name IS NOT NULL'],
    },
    lists: {
      subject: subject({ header: { state: 'IN_PROGRESS' } }),
      yes: ["status IN ('OK', 'IN_PROGRESS')", "status NOT IN ('OK')", 'status:(ok, in_progress)'],
      no: ["status IN ('OK')", "status NOT IN ('IN_PROGRESS', 'OK')"],
    },
    'ids have their prefix': {
      subject: subject({}),
      yes: [
        "request_id = 'tr-0af7651916cd43dd8448eb211c80319c'",
        "trace_id IN ('0af7651916cd43dd8448eb211c80319c')",
        "request_id LIKE 'tr-0af%'",
        "request_id LIKE 'tr_0%'",
        "request_id RLIKE '^tr-[0-9a-f]{32}$'",
      ],
      no: ["request_id = 'tr-1'", "request_id != '0af7651916cd43dd8448eb211c80319c'", "request_id LIKE '0af%'"],
    },
    'times are whole milliseconds, rounded down': {
      subject: subject({ header: { start: nanos(1_999_999n), duration: durationFromNanos(2_000_001n) } }),
      yes: ['timestamp_ms = 1', 'execution_time_ms = 2', 'end_time_ms = 4', 'duration>=2ms', 'time<1970-01-01T00:01'],
      no: ['timestamp_ms > 1', 'execution_time > 2', 'end_time < 4', 'duration IS NULL'],
    },
    'null numbers match IS NULL only': {
      subject: subject({}),
      yes: ['duration IS NULL', 'cost IS NULL', '-tokens>5', 'end_time_ms = 0'],
      no: ['execution_time_ms != 5', 'execution_time_ms < 5', 'tokens >= 0', 'has:cost'],
    },
    'counts and sums': {
      subject: subject({
        header: {
          spanCount: 12,
          errorCount: 1,
          usage: { inputTokens: 9000, outputTokens: 1000, totalTokens: 10_000 },
          cost: { totalCost: 0.1 },
        },
      }),
      yes: ['tokens>=10k', 'tokens.input:9k', 'tokens.output<2k', 'spans:12', 'errors>0', 'cost>=$0.10'],
      no: ['tokens>10k', 'spans!=12', 'errors:0', 'cost>0.1'],
    },
  });
});

describe('tags and metadata', () => {
  check({
    'compare text': {
      subject: subject({ header: { tags: { env: 'prod', n: '4' }, metadata: { k: 'v' } } }),
      yes: [
        'tag.env:prod',
        "tag.env != 'dev'",
        "tag.n = '4'",
        "tag.env LIKE 'p%' AND tag.env LIKE '%d'",
        'metadata.k:v',
      ],
      no: ["tag.n = '4.0'", "metadata.env = 'prod'", "tag.env LIKE 'p%' AND tag.env = 'dev'"],
    },
    'a missing key matches IS NULL only': {
      subject: subject({ header: { tags: { env: 'prod' } } }),
      yes: ['tag.other IS NULL', 'tag.constructor IS NULL', 'metadata.env IS NULL', "NOT tag.other = 'x'"],
      no: ["tag.other != 'x'", "tag.other LIKE '%'", 'has:tag.toString', 'tag.env IS NULL'],
    },
    'linked prompts, with and without blanks': {
      subject: subject({ header: { tags: { 'mlflow.linkedPrompts': '[{"name": "greet", "version": "3"}]' } } }),
      yes: ["prompt = 'greet/3'"],
      no: ["prompt = 'greet/4'", "prompt = 'gree/3'", "prompt = '.*/3'"],
    },
    'linked prompts, compact': {
      subject: subject({
        header: { tags: { 'mlflow.linkedPrompts': '[{"name":"a","version":"1"},{"name":"greet","version":"3"}]' } },
      }),
      yes: ["prompt = 'greet/3'", 'prompt:a/1'],
      no: ["prompt = 'a/3'"],
    },
  });
});

describe('runs', () => {
  check({
    'is the run it started in, or one it was linked to': {
      subject: subject({ header: { metadata: { 'mlflow.sourceRun': 'r1' } }, runIds: ['r2', 'r3'] }),
      yes: ["run_id = 'r1'", "run_id = 'r2'", "run_id IN ('r3')", 'run:(x, r2)', "run_id LIKE 'r1'", "run_id != 'r2'"],
      no: ["run_id = 'r4'", "run_id LIKE 'r2'", "run_id != 'r1'", 'run_id IS NULL'],
    },
    'links alone': {
      subject: subject({ runIds: ['r2'] }),
      yes: ["run_id = 'r2'", 'run_id IS NULL'],
      no: ["run_id != 'r3'", 'has:run_id'],
    },
  });
});

describe('assessments', () => {
  check({
    'text without its JSON quotes': {
      subject: subject({ assessments: [feedback('rating', 'good')] }),
      yes: [
        "feedback.rating = 'good'",
        "feedback.rating != 'bad'",
        "feedback.rating LIKE 'go%'",
        'has:feedback.rating',
      ],
      no: [
        `feedback.rating = '"good"'`,
        "feedback.rating != 'good'",
        "expectation.rating = 'good'",
        'feedback.rating>0',
      ],
    },
    'booleans as JSON text, without an order': {
      subject: subject({ assessments: [feedback('helpful', true)] }),
      yes: ["feedback.helpful = 'true'", 'feedback.helpful:true'],
      no: ["feedback.helpful = '1'", 'feedback.helpful = 1', 'feedback.helpful >= 0'],
    },
    'numbers as text and as numbers': {
      subject: subject({ assessments: [feedback('score', 4)] }),
      yes: [
        "feedback.score = '4.0'",
        "feedback.score = '4'",
        "feedback.score = '4e0'",
        'feedback.score = 4',
        'feedback.score >= 4',
      ],
      no: [
        "feedback.score = '+4'",
        "feedback.score = ' 4'",
        "feedback.score != '4'",
        'feedback.score > 4',
        "feedback.score LIKE '4'",
      ],
    },
    'integers the same': {
      subject: subject({ assessments: [feedback('score', 4n)] }),
      yes: ["feedback.score = '4.0'", "feedback.score LIKE '4'", 'feedback.score < 4.5'],
      no: ['feedback.score != 4'],
    },
    'text that looks like a number is text': {
      subject: subject({ assessments: [feedback('score', '0.9')] }),
      yes: ["feedback.score = '0.9'"],
      no: ['feedback.score > 0.5', "feedback.score = '0.90'", 'feedback.score = 0.9'],
    },
    'lists as JSON text': {
      subject: subject({ assessments: [expectation('labels', ['a', 'b'])] }),
      yes: [`expectation.labels = '["a","b"]'`, "expectation.labels LIKE '%a%'"],
      no: ["expectation.labels = 'a'", 'expectation.labels > 0'],
    },
    'an error without a value is there, but equals and differs from nothing': {
      subject: subject({ assessments: [feedback('score', null)] }),
      yes: ['feedback.score IS NOT NULL', '-feedback.score:1'],
      no: [
        "feedback.score = 'null'",
        "feedback.score != 'x'",
        "feedback.score LIKE '%'",
        'feedback.score IS NULL',
        'feedback.score < 1',
      ],
    },
    'only valid ones count': {
      subject: subject({
        assessments: [feedback('a', 'old', false), feedback('a', 'new'), feedback('b', 'old', false)],
      }),
      yes: ['feedback.a:new', 'feedback.b IS NULL'],
      no: ['feedback.a:old', 'has:feedback.b'],
    },
    'any of several': {
      subject: subject({ assessments: [feedback('a', 'x'), feedback('a', 'y')] }),
      yes: ["feedback.a = 'x' AND feedback.a = 'y'", "feedback.a != 'x'"],
      no: ["feedback.a = 'z'", 'feedback.a IS NULL'],
    },
    'issues are not kept': {
      subject: subject({ assessments: [feedback('iss-77', true)] }),
      yes: ["NOT issue.id = 'iss-77'"],
      no: ["issue.id = 'iss-77'"],
    },
  });
});

describe('spans', () => {
  const llm = span({ name: 'chat', status: { code: 'ok' } }, { type: 'LLM', model: 'gpt-4o' });
  const tool = span({ name: 'search_docs', status: { code: 'error', message: 'timed out' } }, { type: 'TOOL' });
  const plain = span({ name: 'step' });
  const attributes = {
    model: 'gpt-4o-mini',
    temperature: 0.5,
    whole: 3,
    count: 3n,
    flag: true,
    tools: [{ name: 'refund' }],
    nothing: null,
    digits: '4',
    endless: Number.POSITIVE_INFINITY,
  };
  check({
    'clauses of one list hold on the same span': {
      subject: subject({ spans: [llm, tool] }),
      yes: ["span.type = 'TOOL' AND span.status = 'ERROR'", 'span(type:llm status:ok)', 'type:llm span(status:error)'],
      no: [
        "span.type = 'LLM' AND span.status = 'ERROR'",
        'span(type:llm status:error)',
        "trace.text LIKE '%timed%' AND span.name = 'chat'",
      ],
    },
    'inequality means that some span differs': {
      subject: subject({ spans: [llm, tool] }),
      yes: ["span.name != 'chat'", "span.type NOT IN ('LLM')", 'model:gpt-4*', 'name:search_* OR span(name:search_*)'],
      no: ['-type:llm', "span.type != 'LLM' AND span.name = 'chat'", 'span(name:searchX*)'],
    },
    'no span, no match': {
      subject: subject({}),
      yes: ['-span()'],
      no: ['span()', "span.name != 'x'", "trace.text LIKE '%'"],
    },
    'unset status; a missing model matches IS NULL only': {
      subject: subject({ spans: [plain] }),
      yes: ["span.status = 'UNSET'", 'span.model IS NULL', '-has:model', 'span()'],
      no: ["span.model != 'x'", "span.model LIKE '%'", 'has:model'],
    },
    'attributes: text as text, all else as JSON text': {
      subject: subject({ spans: [span({ attributes })] }),
      yes: [
        "span.attributes.model = 'gpt-4o-mini'",
        "span.attributes.model LIKE '%mini%'",
        "span.attributes.temperature = '0.5'",
        "span.attributes.whole = '3.0'",
        "span.attributes.count = '3'",
        "span.attributes.flag = 'true'",
        `span.attributes.tools LIKE '%"refund"%'`,
        'span.attributes.count = 3',
        'span.attributes.count >= 2.5',
        'span.attributes.whole = 3',
        "span.attributes.nothing = 'null'",
        'span.attributes.other IS NULL',
        'span(attributes.count:3 attributes.flag:true)',
      ],
      no: [
        "span.attributes.temperature LIKE '%mini%'",
        "span.attributes.count = '3.0'",
        "span.attributes.other != 'x'",
        'span.attributes.constructor IS NOT NULL',
        'span.attributes.digits > 0',
        'span.attributes.digits = 4',
        'span.attributes.flag > 0',
        'span.attributes.endless > 0',
        'span.attributes.endless != 0',
      ],
    },
  });
});

describe('full text', () => {
  const talk = span({
    name: 'Refund',
    status: { code: 'error', message: 'no "policy"\nfound' },
    attributes: {
      'mlflow.spanInputs': { question: 'Rückerstattung 100%?' },
      'mlflow.spanOutputs': ['fine'],
      note: 'say "hi"\nto \\ them',
      map: { note: 'write "hi"\nto \\ them' },
    },
  });
  check({
    'searches names, messages, values and attributes of one span': {
      subject: subject({ spans: [talk] }),
      yes: [
        '"rückERSTATTUNG"',
        "trace.text LIKE '%Rückerstattung%'",
        '"refund"',
        'fine',
        '"question"',
        "text LIKE '%note%'",
        "span.content LIKE 'Refund%'",
        'refund fine -absent',
      ],
      no: ["trace.text LIKE '%RÜCKERSTATTUNG%'", '"absent"', "span.content LIKE 'refund%'"],
    },
    'quotes, line breaks and backslashes are found as they are and as JSON writes them': {
      subject: subject({ spans: [talk] }),
      yes: [
        `'say "hi"'`,
        `'write "hi"'`,
        `trace.text LIKE '%say "hi"\nto%'`,
        String.raw`trace.text LIKE '%to \ them%'`,
        String.raw`trace.text LIKE '%write \"hi\"\nto \\ them%'`,
        `trace.text LIKE '%no "policy"\nfound%'`,
      ],
      no: [`trace.text LIKE '%say "ho"%'`],
    },
  });
});

describe('lists and negation', () => {
  check({
    'NOT is plain negation': {
      subject: subject({ header: { tags: { a: '1' } } }),
      yes: ['', '()', 'tag.a:1 OR tag.a:2', 'tag.a:1 -tag.b:1', 'NOT NOT tag.a:1', 'NOT (tag.a:1 tag.b:1)'],
      no: ['NOT ()', 'tag.a:1 tag.b:1', '-tag.a:1', 'NOT (tag.a:1 OR tag.b:1)', 'tag.a:2 OR tag.b:1 tag.a:1'],
    },
  });

  test('an empty any matches nothing', () => {
    expect(matchesFilter({ kind: 'any', of: [] }, subject({}))).toBe(false);
  });
});

test('tests that do not suit the kind of value match nothing', () => {
  const some = subject({ header: { name: '4', tags: { n: '4' } }, spans: [span({ name: '4' })] });
  const number = fc.constantFrom<'==' | '!==' | '<' | '<=' | '>' | '>='>('==', '!==', '<', '<=', '>', '>=');
  fc.assert(
    fc.property(number, fc.integer(), (op, value) => {
      const onNumber = { op, number: value };
      expect(matchesFilter({ kind: 'text', field: 'name', test: onNumber }, some)).toBe(false);
      expect(matchesFilter({ kind: 'tag', key: 'n', test: onNumber }, some)).toBe(false);
      expect(matchesFilter({ kind: 'span', of: [{ on: 'name', test: onNumber }] }, some)).toBe(false);
      const onText = { op: '=', value: String(value) } as const;
      expect(matchesFilter({ kind: 'number', field: 'timestamp_ms', test: onText }, some)).toBe(false);
    }),
  );
});

function check(cases: { readonly [what: string]: Case }): void {
  for (const [what, { subject, yes, no }] of Object.entries(cases)) {
    describe(what, () => {
      test.each(yes)('matches %s', (text) => expect(matches(text, subject)).toBe(true));
      test.each(no)('does not match %s', (text) => expect(matches(text, subject)).toBe(false));
    });
  }
}

function matches(text: string, subject: FilterSubject): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return matchesFilter(parsed.value, subject);
}

function nanos(value: bigint): UnixNanos {
  return must(unixNanos(value), 'a time');
}

interface SubjectParts {
  readonly header?: Partial<TraceHeader>;
  readonly runIds?: readonly string[];
  readonly assessments?: readonly Assessment[];
  readonly spans?: readonly StoredSpan[];
}

function subject({ header = {}, runIds = [], assessments = [], spans = [] }: SubjectParts): FilterSubject {
  return {
    header: {
      traceId: must(parseTraceId('0af7651916cd43dd8448eb211c80319c'), 'a trace id'),
      experimentId: must(parseExperimentId('0'), 'an experiment id'),
      start: nanos(0n),
      state: 'OK',
      tags: {},
      metadata: {},
      spanCount: 0,
      errorCount: 0,
      isFinalized: false,
      ...header,
    },
    runIds,
    assessments,
    spans,
  };
}

function feedback(name: string, value: AttributeValue, valid = true): Assessment {
  return assessment(name, { kind: 'feedback', value, ...(value === null ? { error: { code: 'E' } } : {}) }, valid);
}

function expectation(name: string, value: AttributeValue): Assessment {
  return assessment(name, { kind: 'expectation', value, serialized: false }, true);
}

function assessment(name: string, value: AssessmentValue, valid: boolean): Assessment {
  return {
    assessmentId: must(parseAssessmentId('a-1'), 'an assessment id'),
    traceId: must(parseTraceId('0af7651916cd43dd8448eb211c80319c'), 'a trace id'),
    name,
    source: { type: 'HUMAN', id: 'default' },
    value,
    metadata: {},
    createTime: nanos(0n),
    lastUpdateTime: nanos(0n),
    valid,
  };
}

function span(parts: Partial<StoredSpan>, summary: Partial<SpanSummary> = {}): StoredSpan {
  return {
    traceId: must(parseTraceId('0af7651916cd43dd8448eb211c80319c'), 'a trace id'),
    spanId: must(parseSpanId('b7ad6b7169203331'), 'a span id'),
    name: 'span',
    kind: 'internal',
    start: nanos(0n),
    status: { code: 'unset' },
    attributes: {},
    events: [],
    links: [],
    scope: { name: '', version: '', attributes: {} },
    resource: {},
    traceState: '',
    summary: { type: 'UNKNOWN', dialect: '', ...summary },
    ...parts,
  };
}
