/** StartTraceV3 and merging: statements 46 to 56. */
import { newTrace, span, type Json } from './api.ts';
import { contains, equal, holds, invalid, notFound, succeeded } from './assertions.ts';
import type { Case } from './case.ts';

const FEEDBACK = {
  assessment_name: 'helpful',
  source: { source_type: 'HUMAN', source_id: 'ada' },
  create_time: '2025-11-03T09:20:00.000Z',
  last_update_time: '2025-11-03T09:20:00.000Z',
  feedback: { value: true },
};

export const mergeCases: readonly Case[] = [
  {
    number: 46,
    statement: 'a full trace_info comes back with the artifact location',
    async run(api) {
      const [experiment, id] = [await api.newExperiment(), `tr-${newTrace()}`];
      const sent = {
        client_request_id: 'req-42',
        request_preview: 'hi',
        response_preview: 'hello',
        trace_metadata: { 'mlflow.trace_schema.version': '3', 'mlflow.trace.session': 's-9' },
        tags: { 'mlflow.traceName': 'answer', env: 'prod' },
      };
      const answer = succeeded(await api.startTrace(experiment, id, sent));
      contains(answer.at('trace.trace_info'), { ...sent, trace_id: id, state: 'OK', execution_duration: '1.204s' });
      const tags = answer.at('trace.trace_info.tags') as Json;
      equal(tags['mlflow.artifactLocation'], `mlflow-artifacts:/${experiment}/traces/${id}/artifacts`);
    },
  },
  {
    number: 47,
    statement: 'spansLocation is there if and only if spans are',
    async run(api) {
      const location = async (trace: string) =>
        ((await api.startTrace('0', `tr-${trace}`)).at('trace.trace_info.tags') as Json)['mlflow.trace.spansLocation'];
      const [without, withSpans] = [newTrace(), newTrace()];
      equal(await location(without), undefined);
      await api.sendSpans('0', [span(withSpans)]);
      equal(await location(withSpans), 'TRACKING_STORE');
    },
  },
  {
    number: 48,
    statement: 'spans first: the start wins, previews only if it has them',
    async run(api) {
      const trace = newTrace();
      await api.sendSpans('0', [
        span(trace, { attributes: { 'mlflow.spanInputs': 'asked', 'mlflow.spanOutputs': 'said' } }),
      ]);
      await api.startTrace('0', `tr-${trace}`, {
        request_time: '2025-11-03T10:00:00.000Z',
        execution_duration: '7s',
        state: 'ERROR',
        response_preview: 'better',
      });
      contains(await api.info(`tr-${trace}`), { execution_duration: '7s', state: 'ERROR', response_preview: 'better' });
      const { request_time, request_preview } = (await api.info(`tr-${trace}`)) as Record<string, string>;
      equal(Date.parse(request_time ?? ''), Date.parse('2025-11-03T10:00:00.000Z'));
      holds(request_preview?.includes('asked') === true, 'the preview of the spans stays');
    },
  },
  {
    number: 49,
    statement: 'start first: later spans change neither time nor duration nor state',
    async run(api) {
      const trace = newTrace();
      const before = succeeded(await api.startTrace('0', `tr-${trace}`, { execution_duration: '9s' })).at(
        'trace.trace_info',
      ) as Json;
      succeeded(await api.sendSpans('0', [span(trace, { status: 2 })]));
      const after = await api.info(`tr-${trace}`);
      for (const key of ['request_time', 'execution_duration', 'state']) equal(after[key], before[key], key);
      equal((after['tags'] as Json)['mlflow.trace.spansLocation'], 'TRACKING_STORE');
    },
  },
  {
    number: 50,
    statement: '50 traces, each by 20 requests at once: nothing is refused and every trace is complete',
    async run(api) {
      const experiment = await api.newExperiment();
      const traces = Array.from({ length: 50 }, newTrace);
      const send = async (trace: string): Promise<void> => {
        const root = span(trace);
        const sends = Array.from({ length: 18 }, () =>
          api.sendSpans(experiment, [span(trace, { parentSpanId: root.spanId })]),
        );
        sends.push(api.startTrace(experiment, `tr-${trace}`), api.sendSpans(experiment, [root]));
        for (const answer of await Promise.all(sends)) succeeded(answer);
      };
      await Promise.all(traces.map(send));
      for (const trace of traces) {
        const answer = succeeded(await api.get3(`traces/batchGet?trace_ids=tr-${trace}`));
        equal((answer.at('traces.0.spans') as readonly unknown[]).length, 19);
        contains(answer.at('traces.0.trace_info'), { state: 'OK', execution_duration: '1.204s' });
      }
    },
  },
  {
    number: 51,
    statement: 'a start sent again duplicates nothing',
    async run(api) {
      const id = `tr-${newTrace()}`;
      for (const _ of [1, 2]) succeeded(await api.startTrace('0', id, { assessments: [FEEDBACK] }));
      equal(((await api.info(id))['assessments'] as readonly unknown[]).length, 1);
    },
  },
  {
    number: 52,
    statement: 'a start into an unknown experiment is not found, into a deleted one invalid',
    async run(api) {
      notFound(await api.startTrace('987654321', `tr-${newTrace()}`));
      const experiment_id = await api.newExperiment();
      await api.post2('experiments/delete', { experiment_id });
      invalid(await api.startTrace(experiment_id, `tr-${newTrace()}`));
    },
  },
  {
    number: 53,
    statement: 'assessments inside a start are stored and get ids',
    async run(api) {
      const id = `tr-${newTrace()}`;
      await api.startTrace('0', id, { assessments: [FEEDBACK] });
      const [one] = (await api.info(id))['assessments'] as readonly Json[];
      holds(/^a-[0-9a-f]{32}$/.test(String(one?.['assessment_id'])), JSON.stringify(one));
      contains(one, { assessment_name: 'helpful', feedback: { value: true }, valid: true });
    },
  },
  {
    number: 54,
    statement: 'durations of any precision are rounded to milliseconds; none is left out',
    async run(api) {
      for (const [sent, stored] of [
        ['0.0015s', '0.002s'],
        ['1.2345678901s', '1.235s'],
      ] as const) {
        const answer = succeeded(await api.startTrace('0', `tr-${newTrace()}`, { execution_duration: sent }));
        equal(answer.at('trace.trace_info.execution_duration'), stored);
      }
      const answer = await api.startTrace('0', `tr-${newTrace()}`, { execution_duration: undefined });
      holds(!('execution_duration' in (answer.at('trace.trace_info') as Json)), answer.text);
    },
  },
  {
    number: 55,
    statement: 'metadata values of 8000 characters and more come back whole',
    ours: 'MLflow cuts at 8000',
    async run(api) {
      for (const length of [8000, 20_000]) {
        const id = `tr-${newTrace()}`;
        await api.startTrace('0', id, { trace_metadata: { long: 'x'.repeat(length) } });
        equal(String(((await api.info(id))['trace_metadata'] as Json)['long']).length, length);
      }
    },
  },
  {
    number: 56,
    statement: "a client's own token count is kept whatever spans say",
    async run(api) {
      const trace = newTrace();
      const own = '{"input_tokens":1,"output_tokens":2,"total_tokens":3}';
      await api.startTrace('0', `tr-${trace}`, { trace_metadata: { 'mlflow.trace.tokenUsage': own } });
      await api.sendSpans('0', [
        span(trace, { attributes: { 'gen_ai.usage.input_tokens': 70n, 'gen_ai.usage.output_tokens': 30n } }),
      ]);
      equal(((await api.info(`tr-${trace}`))['trace_metadata'] as Json)['mlflow.trace.tokenUsage'], own);
    },
  },
];
