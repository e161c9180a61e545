/** Search: statements 72 to 91. */
import { newTrace, randomHex, span, type Api } from './api.ts';
import { equal, holds, invalid, sameSet, succeeded } from './assertions.ts';
import type { Case } from './case.ts';

/** Traces named by letters, one root span each, so that a case reads like a table. */
async function fill(api: Api, changes: Readonly<Record<string, object>>): Promise<Filled> {
  const experiment = await api.newExperiment();
  const ids: Record<string, string> = {};
  for (const [letter, change] of Object.entries(changes)) {
    ids[letter] = `tr-${newTrace()}`;
    succeeded(await api.startTrace(experiment, ids[letter], { ...change }));
  }
  const letterOf = (id: string): string => Object.keys(ids).find((letter) => ids[letter] === id) ?? id;
  return {
    experiment,
    id: (letter) => ids[letter] ?? '',
    found: async (filter, more = {}) => (await api.find(experiment, filter, more)).map(letterOf).join(''),
  };
}

interface Filled {
  readonly experiment: string;
  readonly id: (letter: string) => string;
  /** The letters of what a filter finds, newest first. */
  readonly found: (filter: string, more?: Readonly<Record<string, unknown>>) => Promise<string>;
}

const at = (second: number): object => ({ request_time: `2025-11-03T09:00:0${second}.000Z` });

async function assess(api: Api, id: string, name: string, value: unknown, more: object = {}): Promise<string> {
  const assessment = {
    assessment_name: name,
    source: { source_type: 'CODE', source_id: 'x' },
    feedback: { value },
    ...more,
  };
  return String(succeeded(await api.post3(`traces/${id}/assessments`, { assessment })).at('assessment.assessment_id'));
}

export const searchCases: readonly Case[] = [
  {
    number: 72,
    statement: 'newest first; an empty experiment has an empty list',
    async run(api) {
      const { found } = await fill(api, { a: at(1), b: at(3), c: at(2) });
      equal(await found(''), 'bca');
      equal((await api.find(await api.newExperiment(), '')).length, 0);
    },
  },
  {
    number: 73,
    statement: 'max_results is 1 to 500, by default 100',
    async run(api) {
      const experiment = await api.newExperiment();
      invalid(await api.search(experiment, '', { max_results: 501 }));
      invalid(await api.search(experiment, '', { max_results: 0 }));
      await api.sendSpans(
        experiment,
        Array.from({ length: 101 }, () => span(newTrace())),
      );
      equal((await api.find(experiment, '')).length, 100);
    },
  },
  {
    number: 74,
    statement: '250 traces in three pages without gap or duplicate, also while others are written',
    ours: 'cursors, where MLflow counts offsets',
    async run(api) {
      const experiment = await api.newExperiment();
      const traces = Array.from({ length: 250 }, newTrace);
      await api.sendSpans(
        experiment,
        traces.map((trace, index) => span(trace, { start: 1_762_161_330_000_000_000n + BigInt(index) * 1_000_000n })),
      );
      const seen: string[] = [];
      const sizes: number[] = [];
      for (let page_token: unknown, first = true; first || page_token !== undefined; first = false) {
        const answer = succeeded(
          await api.search(experiment, '', { max_results: 100, ...(first ? {} : { page_token }) }),
        );
        const page = (answer.at('traces') ?? []) as readonly { readonly trace_id: string }[];
        seen.push(...page.map(({ trace_id }) => trace_id));
        sizes.push(page.length);
        page_token = answer.at('next_page_token');
        await api.sendSpans(experiment, [
          span(newTrace(), { start: 1_762_161_390_000_000_000n, end: 1_762_161_391_000_000_000n }),
        ]);
      }
      equal(sizes, [100, 100, 50]);
      sameSet(
        seen,
        traces.map((trace) => `tr-${trace}`),
      );
    },
  },
  {
    number: 75,
    statement: 'a page token that is none is refused',
    async run(api) {
      invalid(await api.search('0', '', { page_token: 'garbage' }));
    },
  },
  {
    number: 76,
    statement: 'a field has one meaning under each of its names',
    async run(api) {
      const { found } = await fill(api, { a: { state: 'ERROR' }, b: {} });
      for (const filter of ["status = 'ERROR'", "attributes.status = 'ERROR'", 'trace.status = "ERROR"'])
        equal(await found(filter), 'a', filter);
    },
  },
  {
    number: 77,
    statement: 'numbers compare as numbers; a missing duration matches nothing',
    async run(api) {
      const { found } = await fill(api, {
        a: { ...at(1), execution_duration: '3s' },
        b: { ...at(2), execution_duration: '0.9s' },
        c: { ...at(3), execution_duration: undefined },
      });
      equal(await found(`timestamp_ms > ${Date.parse('2025-11-03T09:00:00Z')} AND execution_time_ms >= 2000`), 'a');
      equal(await found('execution_time_ms != 5'), 'ba');
    },
  },
  {
    number: 78,
    statement: '!= on a tag asks for traces that have it, IS NULL for the others',
    async run(api) {
      const { found } = await fill(api, { a: { tags: { env: 'dev' } }, b: { tags: { env: 'prod' } }, c: {} });
      equal(await found("tag.env != 'dev'"), 'b');
      equal(await found('tag.env IS NULL'), 'c');
    },
  },
  {
    number: 79,
    statement: 'keys with dots need no quotes',
    async run(api) {
      const { found } = await fill(api, { a: { trace_metadata: { 'mlflow.trace.session': 's-9' } }, b: {} });
      for (const key of ['metadata.`mlflow.trace.session`', 'metadata.mlflow.trace.session'])
        equal(await found(`${key} = 's-9'`), 'a', key);
    },
  },
  {
    number: 80,
    statement: 'keys with blanks; LIKE by case, ILIKE without; RLIKE with a valid pattern',
    async run(api) {
      const { experiment, found } = await fill(api, {
        a: { tags: { 'my key': 'v', 'mlflow.traceName': 'Answer' } },
        b: { tags: { 'mlflow.traceName': 'answer' } },
      });
      equal(await found("tag.`my key` = 'v'"), 'a');
      equal(await found("name LIKE 'Ans%'"), 'a');
      equal((await found("name ILIKE 'ans%'")).length, 2);
      equal(await found("name RLIKE '^an.*r$'"), 'b');
      invalid(await api.search(experiment, "name RLIKE '('"));
    },
  },
  {
    number: 81,
    statement: 'IN and NOT IN take lists that are not empty',
    async run(api) {
      const { experiment, found, id } = await fill(api, { a: at(1), b: { ...at(2), state: 'ERROR' }, c: at(3) });
      equal(await found(`request_id IN ('${id('a')}', '${id('c')}')`), 'ca');
      equal(await found("status NOT IN ('OK')"), 'b');
      invalid(await api.search(experiment, 'request_id IN ()'));
    },
  },
  {
    number: 82,
    statement: 'run_id finds traces that began in a run and traces linked to it',
    async run(api) {
      const experiment = await api.newExperiment();
      const run = String((await api.post2('runs/create', { experiment_id: experiment })).at('run.info.run_id'));
      const ids = [newTrace(), newTrace(), newTrace()].map((trace) => `tr-${trace}`);
      for (const [index, id] of ids.entries())
        await api.startTrace(experiment, id, index === 0 ? { trace_metadata: { 'mlflow.sourceRun': run } } : {});
      succeeded(await api.post2('traces/link-to-run', { run_id: run, trace_ids: [ids[1]] }));
      sameSet(await api.find(experiment, `run_id = '${run}'`), ids.slice(0, 2));
    },
  },
  {
    number: 83,
    statement: 'span conditions hold on one and the same span',
    async run(api) {
      const [experiment, one, other] = [await api.newExperiment(), newTrace(), newTrace()];
      const typed = (trace: string, type: string, status: number) =>
        span(trace, { status, attributes: { 'mlflow.spanType': type } });
      await api.sendSpans(experiment, [typed(one, 'LLM', 1), typed(one, 'TOOL', 2), typed(other, 'LLM', 2)]);
      equal(await api.find(experiment, "span.type = 'LLM' AND span.status = 'ERROR'"), [`tr-${other}`]);
    },
  },
  {
    number: 84,
    statement: 'an attribute condition looks at that attribute alone',
    ours: 'MLflow matches a pattern over the JSON of the whole span',
    async run(api) {
      const [experiment, one, other] = [await api.newExperiment(), newTrace(), newTrace()];
      await api.sendSpans(experiment, [
        span(one, { attributes: { model: 'gpt-mini' } }),
        span(other, { attributes: { model: 'gpt', later: 'mini' } }),
      ]);
      equal(await api.find(experiment, "span.attributes.model LIKE '%mini%'"), [`tr-${one}`]);
    },
  },
  {
    number: 85,
    statement: 'full text finds letters beyond ASCII',
    async run(api) {
      const [experiment, trace] = [await api.newExperiment(), newTrace()];
      await api.sendSpans(experiment, [
        span(trace, { attributes: { 'mlflow.spanInputs': { q: 'Die rückerstattung fehlt' } } }),
        span(newTrace()),
      ]);
      equal(await api.find(experiment, "trace.text LIKE '%rückerstattung%'"), [`tr-${trace}`]);
    },
  },
  {
    number: 86,
    statement: 'feedback compares by its type',
    async run(api) {
      const { experiment, found, id } = await fill(api, { a: at(1), b: at(2), c: at(3) });
      await assess(api, id('a'), 'helpful', true);
      await assess(api, id('b'), 'rating', 'good');
      await assess(api, id('a'), 'score', 0.9);
      await assess(api, id('b'), 'score', '0.9');
      await assess(api, id('c'), 'score', 0.1);
      equal(await found("feedback.helpful = 'true'"), 'a');
      equal(await found("feedback.rating = 'good'"), 'b');
      equal(await found('feedback.score > 0.5'), 'a');
      invalid(await api.search(experiment, "feedback.score > '0.5'"));
    },
  },
  {
    number: 87,
    statement: 'an overridden value matches no more, until the overriding one is deleted',
    async run(api) {
      const { found, id } = await fill(api, { a: {} });
      const old = await assess(api, id('a'), 'rating', 'bad');
      const overriding = await assess(api, id('a'), 'rating', 'good', { overrides: old });
      equal([await found("feedback.rating = 'bad'"), await found("feedback.rating = 'good'")], ['', 'a']);
      succeeded(await api.call('DELETE', `/api/3.0/mlflow/traces/${id('a')}/assessments/${overriding}`, {}));
      equal([await found("feedback.rating = 'bad'"), await found("feedback.rating = 'good'")], ['a', '']);
    },
  },
  {
    number: 88,
    statement: 'IS NULL and IS NOT NULL part the experiment',
    async run(api) {
      const { found, id } = await fill(api, { a: at(1), b: at(2) });
      await assess(api, id('a'), 'x', null, { feedback: { error: { error_code: 'E' } } });
      equal([await found('feedback.x IS NULL'), await found('feedback.x IS NOT NULL')], ['b', 'a']);
    },
  },
  {
    number: 89,
    statement: 'an assessment of a session counts for all its traces',
    async run(api) {
      const session = `s-${randomHex(8)}`;
      const member = { trace_metadata: { 'mlflow.trace.session': session } };
      const { found, id } = await fill(api, { a: { ...at(1), ...member }, b: { ...at(2), ...member }, c: at(3) });
      await assess(api, id('a'), 'tone', 'kind', { metadata: { 'mlflow.trace.session': session } });
      equal(await found("feedback.tone = 'kind'"), 'ba');
      equal(await found('feedback.tone IS NULL'), 'c');
      equal(await found("feedback.tone = 'rude'"), '');
    },
  },
  {
    number: 90,
    statement: 'what the language does not have is refused',
    ours: 'OR and parentheses are offered; MLflow refuses them and its clients never send them',
    async run(api) {
      const { experiment, found } = await fill(api, { a: { state: 'ERROR' }, b: {} });
      equal((await found("status = 'OK' OR status = 'ERROR'")).length, 2);
      equal(await found("(status = 'OK')"), 'b');
      const refusedFilters = [
        'status = OK',
        "foo.bar = 'x'",
        "trace.foo = 'x'",
        "span.kind = 'x'",
        "span.content = 'x'",
        "timestamp_ms LIKE '1%'",
        "status = 'OK';status = 'OK'",
        'status =',
        "prompt = 'noslash'",
      ];
      for (const filter of refusedFilters) {
        const answer = await api.search(experiment, filter);
        equal([filter, answer.status, answer.at('error_code')], [filter, 400, 'INVALID_PARAMETER_VALUE']);
      }
    },
  },
  {
    number: 91,
    statement: 'nulls come last, ties by newest, unknown keys are refused',
    async run(api) {
      const { experiment, found } = await fill(api, {
        a: { ...at(1), execution_duration: '1s', tags: { env: 'x' } },
        b: { ...at(2), execution_duration: undefined, tags: { env: 'x' } },
        c: { ...at(3), execution_duration: '2s', tags: { env: 'w' } },
      });
      equal(await found('', { order_by: ['execution_time_ms DESC'] }), 'cab');
      equal(await found('', { order_by: ['execution_time_ms ASC'] }), 'acb');
      equal(await found('', { order_by: ['tag.env ASC', 'timestamp_ms'] }), 'cab');
      equal(await found('', { order_by: ['tag.env'] }), 'cba');
      invalid(await api.search(experiment, '', { order_by: ['foo'] }));
      holds((await found('')).length === 3, 'all three');
    },
  },
];
