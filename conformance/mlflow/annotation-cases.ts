/** Tags, deletion, links and assessments: statements 92 to 104. */
import { newTrace, randomHex, span, type Api, type Json } from './api.ts';
import { contains, equal, holds, invalid, notFound, succeeded } from './assertions.ts';
import type { Case } from './case.ts';

async function newTraceIn(api: Api, experiment = '0', change: Json = {}): Promise<string> {
  const id = `tr-${newTrace()}`;
  succeeded(await api.startTrace(experiment, id, change));
  return id;
}

const SOURCE = { source_type: 'HUMAN', source_id: 'ada' };

function feedback(value: unknown, more: Json = {}): Json {
  return { assessment: { assessment_name: 'helpful', source: SOURCE, feedback: { value }, ...more } };
}

export const annotationCases: readonly Case[] = [
  {
    number: 92,
    statement: 'tags are set, read and taken away under both versions',
    async run(api) {
      for (const version of ['2.0', '3.0']) {
        const id = await newTraceIn(api);
        const path = `/api/${version}/mlflow/traces/${id}/tags`;
        equal(succeeded(await api.call('PATCH', path, { key: 'a.b/c', value: '1' })).json, {});
        equal(((await api.info(id))['tags'] as Json)['a.b/c'], '1');
        succeeded(await api.call('DELETE', path, { key: 'a.b/c' }));
        notFound(await api.call('DELETE', path, { key: 'a.b/c' }));
        notFound(
          await api.call('PATCH', `/api/${version}/mlflow/traces/tr-${newTrace()}/tags`, { key: 'a', value: '1' }),
        );
      }
    },
  },
  {
    number: 93,
    statement: 'tag keys that climb or are too long are refused',
    async run(api) {
      const path = `/api/2.0/mlflow/traces/${await newTraceIn(api)}/tags`;
      for (const key of ['../x', 'x'.repeat(251)]) invalid(await api.call('PATCH', path, { key, value: '1' }));
    },
  },
  {
    number: 94,
    statement: 'deleted traces are gone with spans, assessments and files; unknown ids do not count',
    async run(api) {
      const [experiment_id, trace] = [await api.newExperiment(), newTrace()];
      await api.sendSpans(experiment_id, [span(trace)]);
      await api.post3(`traces/tr-${trace}/assessments`, feedback(true));
      const file = `/api/2.0/mlflow-artifacts/artifacts/${experiment_id}/traces/tr-${trace}/artifacts/attachments/a`;
      await api.call('PUT', file, 'x');
      const answer = await api.post2('traces/delete-traces', {
        experiment_id,
        request_ids: [`tr-${trace}`, `tr-${newTrace()}`],
      });
      equal(succeeded(answer).json, { traces_deleted: 1 });
      notFound(await api.get3(`traces/tr-${trace}`));
      equal((await api.get3(`traces/batchGet?trace_ids=tr-${trace}`)).at('traces') ?? [], []);
      notFound(await api.call('GET', file));
    },
  },
  {
    number: 95,
    statement: 'deletion by time takes the oldest; exactly one way to select',
    async run(api) {
      const experiment_id = await api.newExperiment();
      const remove = async (more: Json) => api.post2('traces/delete-traces', { experiment_id, ...more });
      invalid(await remove({}));
      invalid(await remove({ max_timestamp_millis: 1, request_ids: [`tr-${newTrace()}`] }));
      invalid(await remove({ max_timestamp_millis: 1, max_traces: 0 }));
      const ids: string[] = [];
      for (const second of [3, 1, 2])
        ids.push(await newTraceIn(api, experiment_id, { request_time: `2025-11-03T09:00:0${second}.000Z` }));
      const max_timestamp_millis = Date.parse('2025-11-03T09:00:09Z');
      equal(succeeded(await remove({ max_timestamp_millis, max_traces: 2 })).json, { traces_deleted: 2 });
      equal(await api.find(experiment_id, ''), ids.slice(0, 1));
    },
  },
  {
    number: 96,
    statement: 'at most 100 traces are linked at once, to a run that is there, as often as one likes',
    async run(api) {
      const run_id = String((await api.post2('runs/create', { experiment_id: '0' })).at('run.info.run_id'));
      const trace_ids = [await newTraceIn(api), `tr-${newTrace()}`];
      invalid(
        await api.post2('traces/link-to-run', {
          run_id,
          trace_ids: Array.from({ length: 101 }, () => `tr-${newTrace()}`),
        }),
      );
      notFound(await api.post2('traces/link-to-run', { run_id: randomHex(32), trace_ids }));
      for (const _ of [1, 2]) equal(succeeded(await api.post2('traces/link-to-run', { run_id, trace_ids })).json, {});
    },
  },
  {
    number: 97,
    statement: 'linked prompts are found',
    async run(api) {
      const experiment = await api.newExperiment();
      const trace_id = await newTraceIn(api, experiment);
      for (const version of ['3', '4', '3'])
        equal(
          succeeded(await api.post2('traces/link-prompts', { trace_id, prompt_versions: [{ name: 'greet', version }] }))
            .json,
          {},
        );
      equal(await api.find(experiment, "prompt = 'greet/3'"), [trace_id]);
      equal(await api.find(experiment, "prompt = 'greet/5'"), []);
      notFound(await api.post2('traces/link-prompts', { trace_id: `tr-${newTrace()}`, prompt_versions: [] }));
    },
  },
  {
    number: 98,
    statement: 'a feedback gets an id, times and validity; exactly one kind of value',
    async run(api) {
      const path = `traces/${await newTraceIn(api)}/assessments`;
      const assessment = succeeded(await api.post3(path, feedback(true))).at('assessment') as Json;
      holds(String(assessment['assessment_id']).startsWith('a-'), JSON.stringify(assessment));
      equal(assessment['valid'], true);
      for (const key of ['create_time', 'last_update_time'])
        holds(!Number.isNaN(Date.parse(String(assessment[key]))), key);
      notFound(await api.post3(`traces/tr-${newTrace()}/assessments`, feedback(true)));
      invalid(await api.post3(path, { assessment: { assessment_name: 'x', source: SOURCE } }));
      invalid(await api.post3(path, feedback(true, { expectation: { value: 1 } })));
    },
  },
  {
    number: 99,
    statement: 'an expectation sent as JSON text comes back as JSON text',
    async run(api) {
      const path = `traces/${await newTraceIn(api)}/assessments`;
      const send = async (serialization_format: string) =>
        api.post3(path, {
          assessment: {
            assessment_name: 'expected',
            source: SOURCE,
            expectation: { serialized_value: { serialization_format, value: '{"answer": 42}' } },
          },
        });
      const value = succeeded(await send('JSON_FORMAT')).at('assessment.expectation.serialized_value.value');
      equal(JSON.parse(String(value)), { answer: 42 });
      invalid(await send('XML_FORMAT'));
    },
  },
  {
    number: 100,
    statement: 'overriding makes the older one invalid; overriding nothing creates nothing',
    async run(api) {
      const id = await newTraceIn(api);
      const path = `traces/${id}/assessments`;
      const old = String((await api.post3(path, feedback(false))).at('assessment.assessment_id'));
      succeeded(await api.post3(path, feedback(true, { overrides: old })));
      equal((await api.get3(`${path}/${old}`)).at('assessment.valid'), false);
      const all = (await api.info(id))['assessments'] as readonly Json[];
      equal(all.filter((one) => one['valid'] === true).length, 1);
      notFound(await api.post3(path, feedback(true, { overrides: `a-${randomHex(32)}` })));
      equal(((await api.info(id))['assessments'] as readonly Json[]).length, 2);
    },
  },
  {
    number: 101,
    statement: 'an update changes what its mask names and merges metadata',
    async run(api) {
      const list = `traces/${await newTraceIn(api)}/assessments`;
      const before = (await api.post3(list, feedback(true, { rationale: 'why', metadata: { k: '1', other: 'x' } }))).at(
        'assessment',
      ) as Json;
      const path = `/api/3.0/mlflow/${list}/${String(before['assessment_id'])}`;
      const patch = async (assessment: Json, update_mask?: unknown) =>
        api.call('PATCH', path, { assessment, ...(update_mask === undefined ? {} : { update_mask }) });
      const after = succeeded(
        await patch({ feedback: { value: false }, metadata: { k: '2' } }, 'feedback,metadata'),
      ).at('assessment') as Json;
      contains(after, {
        feedback: { value: false },
        metadata: { k: '2', other: 'x' },
        rationale: 'why',
        source: SOURCE,
      });
      equal(after['create_time'], before['create_time']);
      holds(String(after['last_update_time']) > String(before['last_update_time']), 'a later last_update_time');
      equal(
        succeeded(await patch({ assessment_name: 'renamed' }, 'assessmentName')).at('assessment.assessment_name'),
        'renamed',
      );
      invalid(await patch({ feedback: { value: true } }));
      invalid(await patch({ expectation: { value: 1 } }, 'expectation'));
      equal((await api.call('GET', path)).at('assessment.feedback.value'), false);
      equal(succeeded(await patch({ valid: false }, 'valid')).at('assessment.valid'), false);
      notFound(
        await api.call('PATCH', `/api/3.0/mlflow/${list}/a-${randomHex(32)}`, {
          assessment: { rationale: 'x' },
          update_mask: 'rationale',
        }),
      );
    },
  },
  {
    number: 102,
    statement: 'deleting is idempotent and makes the overridden one valid again',
    async run(api) {
      const list = `traces/${await newTraceIn(api)}/assessments`;
      const create = async (more: Json = {}) =>
        String((await api.post3(list, feedback(true, more))).at('assessment.assessment_id'));
      const remove = async (assessment: string, path = list) =>
        api.call('DELETE', `/api/3.0/mlflow/${path}/${assessment}`, {});
      const old = await create();
      const [one, two] = [await create({ overrides: old }), await create({ overrides: old })];
      const isValid = async () => (await api.get3(`${list}/${old}`)).at('assessment.valid');
      for (const _ of [1, 2]) equal(succeeded(await remove(one)).json, {});
      equal(await isValid(), false, 'another one overrides it still');
      succeeded(await remove(two));
      equal(await isValid(), true);
      notFound(await remove(old, `traces/tr-${newTrace()}/assessments`));
    },
  },
  {
    number: 103,
    statement: 'an unknown assessment is not found',
    async run(api) {
      notFound(await api.get3(`traces/${await newTraceIn(api)}/assessments/unknown`));
    },
  },
  {
    number: 104,
    statement: 'a feedback may be an error without a value',
    async run(api) {
      const error = { error_code: 'X', error_message: 'm' };
      const answer = await api.post3(
        `traces/${await newTraceIn(api)}/assessments`,
        feedback(null, { feedback: { error } }),
      );
      equal(succeeded(answer).at('assessment.feedback.error'), error);
    },
  },
];
