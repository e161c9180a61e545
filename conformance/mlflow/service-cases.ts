/** Service and transport: statements 1 to 13. */
import type { Case } from './case.ts';
import { newTrace, span } from './api.ts';
import { equal, holds, invalid, notFound, succeeded } from './assertions.ts';

const UNKNOWN = `tr-${'0'.repeat(31)}1`;

export const serviceCases: readonly Case[] = [
  {
    number: 1,
    statement: 'GET /health answers OK',
    async run(api) {
      equal(succeeded(await api.call('GET', '/health')).text, 'OK');
    },
  },
  {
    number: 2,
    statement: 'GET /version is a bare version of at least 3.4',
    async run(api) {
      const { text } = succeeded(await api.call('GET', '/version'));
      const [, major = 0, minor = 0] = (/^(\d+)\.(\d+)(?:\.\d+)?$/.exec(text.trim()) ?? []).map(Number);
      holds(major > 3 || (major === 3 && minor >= 4), `got ${text}`);
    },
  },
  {
    number: 3,
    statement: 'routes answer identically under /ajax-api',
    async run(api) {
      const paths = [
        '2.0/mlflow/experiments/get?experiment_id=0',
        '2.0/mlflow/experiments/search',
        `3.0/mlflow/traces/${UNKNOWN}`,
      ];
      for (const path of paths) {
        const [own, twin] = [await api.call('GET', `/api/${path}`), await api.call('GET', `/ajax-api/${path}`)];
        equal([twin.status, twin.json], [own.status, own.json], path);
      }
    },
  },
  {
    number: 4,
    statement: 'an unknown route is a 404 that is no JSON object',
    async run(api) {
      const answer = await api.get3('nonexistent-thing');
      equal(answer.status, 404);
      holds(answer.json === undefined || answer.at('error_code') === 'ENDPOINT_NOT_FOUND', answer.text);
    },
  },
  {
    number: 5,
    statement: 'a missing trace is a JSON 404 RESOURCE_DOES_NOT_EXIST',
    async run(api) {
      for (const id of [UNKNOWN, `tr-${'0'.repeat(32)}`]) {
        const answer = await api.get3(`traces/${id}`);
        notFound(answer);
        holds(answer.headers.get('content-type')?.startsWith('application/json') === true, 'a JSON type');
      }
    },
  },
  {
    number: 6,
    statement: 'a POST that is not labelled JSON is refused, parameters of the type are not',
    async run(api) {
      const path = '/api/2.0/mlflow/experiments/create';
      const body = JSON.stringify({ name: `six ${newTrace()}` });
      invalid(await api.call('POST', path, body, { 'content-type': 'text/plain' }));
      succeeded(await api.call('POST', path, body, { 'content-type': 'application/json; charset=utf-8' }));
    },
  },
  {
    number: 7,
    statement: 'a JSON string that holds JSON is decoded twice',
    async run(api) {
      const name = `double ${newTrace()}`;
      const twice = JSON.stringify(JSON.stringify({ name }));
      const type = { 'content-type': 'application/json' };
      succeeded(await api.call('POST', '/api/2.0/mlflow/experiments/create', twice, type));
      succeeded(await api.get2(`experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`));
    },
  },
  {
    number: 8,
    statement: 'unknown fields are ignored',
    async run(api) {
      succeeded(await api.post2('experiments/create', { name: `extra ${newTrace()}`, color: 'red' }));
    },
  },
  {
    number: 9,
    statement: 'a missing required parameter is named',
    async run(api) {
      const answer = await api.post2('experiments/create', {});
      invalid(answer);
      holds(String(answer.at('message')).includes('name'), answer.text);
    },
  },
  {
    number: 10,
    statement: 'integers may be text, other text may not',
    async run(api) {
      invalid(await api.post2('experiments/search', { max_results: 'abc' }));
      succeeded(await api.post2('experiments/search', { max_results: '10' }));
    },
  },
  {
    number: 11,
    statement: 'booleans in a query are true or false',
    async run(api) {
      invalid(await api.get3(`traces/get?trace_id=${UNKNOWN}&allow_partial=maybe`));
    },
  },
  {
    number: 12,
    statement: 'times are JSON numbers, exact to the nanosecond; a GET may carry its message as a body',
    async run(api) {
      const [experiment, trace] = [await api.newExperiment(), newTrace()];
      await api.sendSpans(experiment, [span(trace, { start: 1_762_161_330_250_000_001n })]);
      const answer = succeeded(await api.get3(`traces/batchGet?trace_ids=tr-${trace}`));
      holds(/"start_time_unix_nano": ?1762161330250000001\b/.test(answer.text), answer.text);
      const created = (await api.get2(`experiments/get?experiment_id=${experiment}`)).at('experiment.creation_time');
      equal(typeof created, 'number');
      const body = await api.raw(
        'GET',
        '/api/2.0/mlflow/experiments/get',
        JSON.stringify({ experiment_id: experiment }),
      );
      equal(body.status, 200, body.text);
    },
  },
  {
    number: 13,
    statement: 'a request without credentials is answered, or refused by a JSON 401',
    ours: 'there is no authentication yet: then every request is answered',
    async run(api) {
      const answer = await api.get2('experiments/get?experiment_id=0');
      holds(answer.status === 200 || (answer.status === 401 && answer.json !== undefined), answer.text);
    },
  },
];
