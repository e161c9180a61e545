import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { createServer } from '../create-server.ts';
import { openMemoryStore } from '../storage/memory.ts';
import { listRoutes } from './handler.ts';
import type { Services } from './routes.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const ID = `tr-${TRACE}`;
const UNKNOWN = `tr-${'1'.repeat(32)}`;

let app: Awaited<ReturnType<typeof createServer>>['app'];

beforeEach(async () => {
  ({ app } = await createServer({ store: openMemoryStore() }));
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await app.request(path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: response.headers.get('content-type')?.startsWith('application/json') === true ? JSON.parse(text) : text,
  };
}

type Attributes = Record<string, string | { readonly intValue: string }>;

function spanJson(spanId: string, change: Record<string, unknown> = {}, attributes: Attributes = {}): object {
  return {
    traceId: TRACE,
    spanId,
    name: 'answer',
    kind: 1,
    startTimeUnixNano: '1762161330250000001',
    endTimeUnixNano: '1762161331454000000',
    status: { code: 1 },
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? { stringValue: value } : value,
    })),
    ...change,
  };
}

async function sendSpans(spans: readonly object[], experiment = '0', resource: Attributes = {}): Promise<Answer> {
  const attributes = Object.entries(resource).map(([key, value]) => ({ key, value: { stringValue: value } }));
  return call(
    'POST',
    '/v1/traces',
    { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'test' }, spans }] }] },
    { 'x-mlflow-experiment-id': experiment },
  );
}

function traceInfo(change: Record<string, unknown> = {}): object {
  return {
    trace: {
      trace_info: {
        trace_id: ID,
        trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
        request_time: '2025-11-03T09:15:30.250Z',
        execution_duration: '1.204s',
        state: 'OK',
        trace_metadata: { 'mlflow.trace.session': 's-9' },
        tags: { 'mlflow.traceName': 'answer', env: 'prod' },
        ...change,
      },
    },
  };
}

async function readInfo(id = ID): Promise<Record<string, unknown>> {
  const { body } = await call('GET', `/api/3.0/mlflow/traces/${id}`);
  return (body as { readonly trace: { readonly trace_info: Record<string, unknown> } }).trace.trace_info;
}

async function search(filter: string, more: Record<string, unknown> = {}): Promise<Answer> {
  const locations = [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } }];
  return call('POST', '/api/3.0/mlflow/traces/search', { locations, filter, ...more });
}

async function foundIds(filter: string): Promise<readonly string[]> {
  const { status, body } = await search(filter);
  expect([filter, status]).toEqual([filter, 200]);
  return (body as { readonly traces: readonly { readonly trace_id: string }[] }).traces.map((trace) => trace.trace_id);
}

describe('service', () => {
  test('health, and a version MLflow’s clients can compare', async () => {
    expect(await call('GET', '/health')).toEqual({ status: 200, body: 'OK' });
    expect((await call('GET', '/version')).body).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('the routes are these, and every one stands under both of its prefixes', async () => {
    const routes = listRoutes({} as Services).map(({ method, under, path }) => `${method} ${under.join('|')} ${path}`);
    expect(routes).toMatchSnapshot();
    const own = await call('GET', '/api/2.0/mlflow/experiments/get?experiment_id=0');
    expect(await call('GET', '/ajax-api/2.0/mlflow/experiments/get?experiment_id=0')).toEqual(own);
  });

  test('an unknown route is a text, so that clients fall back', async () => {
    expect(await call('GET', '/api/3.0/mlflow/nothing')).toEqual({ status: 404, body: 'Not found\n' });
  });
});

describe('requests', () => {
  test.each([
    { why: 'another media type', headers: { 'content-type': 'text/plain' }, body: '{"name":"x"}', status: 400 },
    {
      why: 'parameters of the media type',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"name":"x"}',
      status: 200,
    },
    {
      why: 'JSON inside a JSON string',
      headers: { 'content-type': 'application/json' },
      body: '"{\\"name\\":\\"x\\"}"',
      status: 200,
    },
    {
      why: 'an unknown field',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"x","color":1}',
      status: 200,
    },
    { why: 'nothing', headers: { 'content-type': 'application/json' }, body: '', status: 400 },
  ])('$why → $status', async ({ headers, body, status }) => {
    expect((await app.request('/api/2.0/mlflow/experiments/create', { method: 'POST', headers, body })).status).toBe(
      status,
    );
  });
});

describe('experiments', () => {
  test('a fresh server has Default', async () => {
    const { body } = await call('GET', '/api/2.0/mlflow/experiments/get?experiment_id=0');
    expect(body).toMatchObject({
      experiment: {
        experiment_id: '0',
        name: 'Default',
        lifecycle_stage: 'active',
        artifact_location: 'mlflow-artifacts:/0',
      },
    });
  });

  test('are created with decimal ids, found by name, and named once', async () => {
    const { body } = await call('POST', '/api/2.0/mlflow/experiments/create', { name: 'x', tags: { team: 'a' } });
    expect(body).toEqual({ experiment_id: '1' });
    expect((await call('GET', '/api/2.0/mlflow/experiments/get-by-name?experiment_name=x')).body).toMatchObject({
      experiment: { experiment_id: '1', artifact_location: 'mlflow-artifacts:/1', tags: [{ key: 'team', value: 'a' }] },
    });
    expect(await call('POST', '/api/2.0/mlflow/experiments/create', { name: 'x' })).toMatchObject({
      status: 400,
      body: { error_code: 'RESOURCE_ALREADY_EXISTS' },
    });
  });

  test('two creators of one name at once: one wins', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call('POST', '/api/2.0/mlflow/experiments/create', { name: 'race' })),
    );
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 400, 400, 400, 400]);
  });

  test('delete is soft, restore undoes it once, rename shows', async () => {
    await call('POST', '/api/2.0/mlflow/experiments/create', { name: 'x' });
    const act = (verb: string, more = {}) =>
      call('POST', `/api/2.0/mlflow/experiments/${verb}`, { experiment_id: '1', ...more });
    expect((await act('delete')).status).toBe(200);
    expect((await call('GET', '/api/2.0/mlflow/experiments/get?experiment_id=1')).body).toMatchObject({
      experiment: { lifecycle_stage: 'deleted' },
    });
    expect((await call('POST', '/api/2.0/mlflow/experiments/create', { name: 'x' })).status).toBe(400);
    expect((await act('restore')).status).toBe(200);
    expect(await act('restore')).toMatchObject({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
    expect((await act('update', { new_name: 'y' })).status).toBe(200);
    expect((await call('GET', '/api/2.0/mlflow/experiments/get-by-name?experiment_name=x')).status).toBe(404);
  });

  test.each(['4711', 'not a number', '../etc'])('id "%s" is not found', async (id) => {
    expect(await call('GET', `/api/2.0/mlflow/experiments/get?experiment_id=${encodeURIComponent(id)}`)).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
    });
  });
});

describe('POST /v1/traces', () => {
  test('a root span makes a trace with everything derived', async () => {
    expect(
      await sendSpans([spanJson('b7ad6b7169203331', {}, { 'session.id': 's-9', 'user.id': 'ada' })], '0', {
        'deployment.environment': 'prod',
        'telemetry.sdk.name': 'x',
      }),
    ).toEqual({ status: 200, body: {} });
    expect(await readInfo()).toMatchObject({
      trace_id: ID,
      trace_location: { mlflow_experiment: { experiment_id: '0' } },
      request_time: '2025-11-03T09:15:30.250Z',
      execution_duration: '1.203s',
      state: 'OK',
      tags: {
        'mlflow.traceName': 'answer',
        'mlflow.trace.spansLocation': 'TRACKING_STORE',
        'mlflow.artifactLocation': `mlflow-artifacts:/0/traces/${ID}/artifacts`,
        'deployment.environment': 'prod',
      },
      trace_metadata: { 'mlflow.trace.session': 's-9', 'mlflow.trace.user': 'ada' },
    });
  });

  test('without the header → 422 in the form of MLflow’s server', async () => {
    expect(await call('POST', '/v1/traces', {})).toMatchObject({
      status: 422,
      body: { detail: [{ type: 'missing', loc: ['header', 'x-mlflow-experiment-id'] }] },
    });
  });

  test('the experiment may stand in the path', async () => {
    const body = { resourceSpans: [{ scopeSpans: [{ spans: [spanJson('b7ad6b7169203331')] }] }] };
    expect((await call('POST', '/experiments/0/v1/traces', body)).status).toBe(200);
    expect(await readInfo()).toMatchObject({ state: 'OK' });
  });

  test('a gzipped body is read', async () => {
    const body = new Uint8Array(
      gzipSync(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [spanJson('b7ad6b7169203331')] }] }] })),
    );
    const response = await app.request('/v1/traces', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-mlflow-experiment-id': '0' },
    });
    expect(response.status).toBe(200);
  });

  test('a span sent twice stays one, and the later name wins', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    await sendSpans([spanJson('b7ad6b7169203331', { name: 'renamed' })]);
    const { body } = await call('GET', `/api/3.0/mlflow/traces/batchGet?trace_ids=${ID}`);
    expect(body).toMatchObject({ traces: [{ spans: [{ name: 'renamed' }] }] });
    expect(
      (body as { readonly traces: readonly { readonly spans: readonly unknown[] }[] }).traces[0]?.spans,
    ).toHaveLength(1);
  });

  test('a child before its root is in progress; the root settles it', async () => {
    await sendSpans([
      spanJson('00000000000000c1', { parentSpanId: 'b7ad6b7169203331', endTimeUnixNano: '1762161335000000001' }),
    ]);
    expect(await readInfo()).toMatchObject({ state: 'IN_PROGRESS' });
    await sendSpans([spanJson('b7ad6b7169203331', { status: { code: 2, message: 'bad' } })]);
    expect(await readInfo()).toMatchObject({ state: 'ERROR', execution_duration: '4.750s' });
  });

  test('one bad value is refused with its reason, and the rest is stored', async () => {
    const { status, body } = await sendSpans([
      spanJson('b7ad6b7169203331'),
      spanJson('00000000000000c1', { startTimeUnixNano: String(2n ** 64n - 1n) }),
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('span 1') },
    });
    expect(await readInfo()).toMatchObject({ state: 'OK' });
  });
});

describe('StartTraceV3', () => {
  test('before any span: the header as sent, located, without a place of spans', async () => {
    const { status, body } = await call('POST', '/api/3.0/mlflow/traces', traceInfo());
    expect(status).toBe(200);
    const info = (body as { readonly trace: { readonly trace_info: { readonly tags: object } } }).trace.trace_info;
    expect(info).toMatchObject({
      trace_id: ID,
      state: 'OK',
      execution_duration: '1.204s',
      tags: { env: 'prod', 'mlflow.artifactLocation': expect.any(String) },
    });
    expect(info.tags).not.toHaveProperty('mlflow.trace.spansLocation');
  });

  test.each(['spans first', 'header first', 'both at once'])('%s: the same trace', async (order) => {
    const spans = () => sendSpans([spanJson('b7ad6b7169203331', { status: { code: 2 } })]);
    const header = () => call('POST', '/api/3.0/mlflow/traces', traceInfo());
    if (order === 'both at once') await Promise.all([spans(), header()]);
    else for (const send of order === 'spans first' ? [spans, header] : [header, spans]) await send();
    expect(await readInfo()).toMatchObject({
      state: 'OK',
      execution_duration: '1.204s',
      tags: { env: 'prod', 'mlflow.trace.spansLocation': 'TRACKING_STORE' },
    });
  });

  test('50 traces × 20 requests at once: no failure, every trace whole', async () => {
    const ids = Array.from({ length: 50 }, (_, at) => at.toString(16).padStart(31, '0') + '1');
    const answers = await Promise.all(
      ids.flatMap((traceId) => [
        call('POST', '/api/3.0/mlflow/traces', traceInfo({ trace_id: `tr-${traceId}` })),
        ...Array.from({ length: 19 }, (_, at) =>
          sendSpans([
            spanJson((at + 1).toString(16).padStart(16, '0'), {
              traceId,
              ...(at === 0 ? {} : { parentSpanId: '0000000000000001' }),
            }),
          ]),
        ),
      ]),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    const { body } = await call('POST', '/api/clew/v1/traces/search', { experimentIds: ['0'], maxResults: 500 });
    expect(
      (body as { readonly traces: readonly { readonly spanCount: number }[] }).traces.map((row) => row.spanCount),
    ).toEqual(Array(50).fill(19));
  });

  test('sent twice with a feedback: one feedback', async () => {
    const assessments = [
      {
        assessment_name: 'helpful',
        source: { source_type: 'HUMAN', source_id: 'ada' },
        feedback: { value: true },
        create_time: '2025-11-03T09:20:00Z',
      },
    ];
    await call('POST', '/api/3.0/mlflow/traces', traceInfo({ assessments }));
    await call('POST', '/api/3.0/mlflow/traces', traceInfo({ assessments }));
    expect((await readInfo())['assessments']).toMatchObject([
      { assessment_id: expect.stringMatching(/^a-[0-9a-f]{32}$/), valid: true },
    ]);
  });

  test.each([
    { why: 'an unknown experiment', location: { experiment_id: '4711' }, status: 404 },
    { why: 'an id that cannot be one', location: { experiment_id: '' }, status: 400 },
  ])('$why → $status', async ({ location, status }) => {
    const trace_location = { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: location };
    expect((await call('POST', '/api/3.0/mlflow/traces', traceInfo({ trace_location }))).status).toBe(status);
  });
});

describe('reading traces', () => {
  test('batchGet keeps the order asked for and leaves out what is unknown', async () => {
    const second = 'ef'.repeat(16);
    await sendSpans([spanJson('b7ad6b7169203331'), spanJson('b7ad6b7169203332', { traceId: second })]);
    const { body } = await call(
      'GET',
      `/api/3.0/mlflow/traces/batchGet?trace_ids=tr-${second}&trace_ids=${UNKNOWN}&trace_ids=${ID}`,
    );
    expect(
      (body as { readonly traces: readonly { readonly trace_info: { readonly trace_id: string } }[] }).traces.map(
        (trace) => trace.trace_info.trace_id,
      ),
    ).toEqual([`tr-${second}`, ID]);
  });

  test('nanoseconds are numbers, exact to the digit', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    const text = await (await app.request(`/api/3.0/mlflow/traces/get?trace_id=${ID}`)).text();
    expect(text).toContain('"start_time_unix_nano":1762161330250000001,');
  });

  test('a trace whose client announced more spans is partial until they are here', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    await call(
      'POST',
      '/api/3.0/mlflow/traces',
      traceInfo({
        request_time: new Date().toISOString(),
        trace_metadata: { 'mlflow.trace.sizeStats': '{"num_spans": 2}' },
      }),
    );
    expect((await call('GET', `/api/3.0/mlflow/traces/batchGet?trace_ids=${ID}`)).body).toEqual({ traces: [] });
    expect(await call('GET', `/api/3.0/mlflow/traces/get?trace_id=${ID}&allow_partial=true`)).toMatchObject({
      status: 200,
      body: { trace: { spans: [{}] } },
    });
    await sendSpans([spanJson('00000000000000c1', { parentSpanId: 'b7ad6b7169203331' })]);
    expect((await call('GET', `/api/3.0/mlflow/traces/batchGet?trace_ids=${ID}`)).body).toMatchObject({
      traces: [{ spans: [{}, {}] }],
    });
  });

  test('what is still missing a minute after the end is not waited for', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    await call(
      'POST',
      '/api/3.0/mlflow/traces',
      traceInfo({
        request_time: new Date(Date.now() - 62_000).toISOString(),
        trace_metadata: { 'mlflow.trace.sizeStats': '{"num_spans": 2}' },
      }),
    );
    expect((await call('GET', `/api/3.0/mlflow/traces/batchGet?trace_ids=${ID}`)).body).toMatchObject({
      traces: [{ spans: [{}] }],
    });
  });

  test('allow_partial takes true and false alone', async () => {
    expect(await call('GET', `/api/3.0/mlflow/traces/get?trace_id=${ID}&allow_partial=maybe`)).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE' },
    });
  });
});

describe('search', () => {
  test('250 traces by pages of 100: no gap, no duplicate, no token at the end', async () => {
    const ids = Array.from({ length: 250 }, (_, at) => (at + 1).toString(16).padStart(32, '0'));
    await sendSpans(
      ids.map((traceId, at) =>
        spanJson('b7ad6b7169203331', { traceId, startTimeUnixNano: String(1762161330250000000n + BigInt(at % 7)) }),
      ),
    );
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
      const { body } = await search('', { max_results: 100, ...(token === undefined ? {} : { page_token: token }) });
      const page = body as {
        readonly traces: readonly { readonly trace_id: string }[];
        readonly next_page_token?: string;
      };
      seen.push(...page.traces.map((trace) => trace.trace_id));
      sizes.push(page.traces.length);
      token = page.next_page_token;
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(new Set(seen).size).toBe(250);
  });

  test('filters by status, tag, metadata, span and number', async () => {
    await sendSpans(
      [
        spanJson(
          'b7ad6b7169203331',
          { status: { code: 2 } },
          {
            'session.id': 's-9',
            'gen_ai.operation.name': 'chat',
            'gen_ai.usage.input_tokens': { intValue: '7' },
            'gen_ai.usage.output_tokens': { intValue: '3' },
          },
        ),
      ],
      '0',
      { env: 'prod' },
    );
    for (const filter of [
      "status = 'ERROR'",
      'trace.status = "ERROR"',
      "tag.env = 'prod'",
      "metadata.`mlflow.trace.session` = 's-9'",
      "span.type = 'CHAT_MODEL'",
      'execution_time_ms >= 1000',
      'status:error tag.env:prod',
    ]) {
      expect([filter, await foundIds(filter)]).toEqual([filter, [ID]]);
    }
    for (const filter of ["status = 'OK'", "tag.other != 'x'", 'execution_time_ms > 5000'])
      expect([filter, await foundIds(filter)]).toEqual([filter, []]);
  });

  test('no experiments, no traces; no locations at all is an error', async () => {
    expect((await call('POST', '/api/3.0/mlflow/traces/search', { locations: [] })).body).toEqual({ traces: [] });
    expect((await call('POST', '/api/3.0/mlflow/traces/search', {})).status).toBe(400);
  });
});

describe('tags', () => {
  test.each(['2.0', '3.0'])('are set and taken away under %s', async (version) => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    const path = `/api/${version}/mlflow/traces/${ID}/tags`;
    expect(await call('PATCH', path, { key: 'a.b/c', value: '1' })).toEqual({ status: 200, body: {} });
    expect(await readInfo()).toMatchObject({ tags: { 'a.b/c': '1' } });
    expect(await call('DELETE', path, { key: 'a.b/c' })).toEqual({ status: 200, body: {} });
    expect((await call('DELETE', path, { key: 'a.b/c' })).status).toBe(404);
    expect(
      (await call('PATCH', `/api/${version}/mlflow/traces/${UNKNOWN}/tags`, { key: 'a', value: '1' })).status,
    ).toBe(404);
  });

  test('one set between the spans and the end of the trace survives', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    await call('PATCH', `/api/2.0/mlflow/traces/${ID}/tags`, { key: 'mine', value: '1' });
    await call('POST', '/api/3.0/mlflow/traces', traceInfo());
    expect(await readInfo()).toMatchObject({ tags: { mine: '1', env: 'prod' } });
  });
});

describe('deleting traces', () => {
  test('by id: counts what was there, and it is gone with all it had', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    expect(
      await call('POST', '/api/2.0/mlflow/traces/delete-traces', {
        experiment_id: '0',
        request_ids: [ID, 'tr-unknown'],
      }),
    ).toEqual({ status: 200, body: { traces_deleted: 1 } });
    expect((await call('GET', `/api/3.0/mlflow/traces/${ID}`)).status).toBe(404);
  });

  test.each(['4711', 'not an id'])('of another experiment, "%s", takes nothing', async (experiment_id) => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    const deletion = { experiment_id, request_ids: [ID] };
    expect((await call('POST', '/api/2.0/mlflow/traces/delete-traces', deletion)).body).toEqual({ traces_deleted: 0 });
    expect(await foundIds('')).toEqual([ID]);
  });

  test('by time: the oldest first, up to a number', async () => {
    const ids = ['1', '2', '3'].map((digit) => digit.repeat(32));
    await sendSpans(
      ids.map((traceId, at) =>
        spanJson('b7ad6b7169203331', {
          traceId,
          startTimeUnixNano: String(1762161330000000000n + BigInt(at) * 1_000_000n),
        }),
      ),
    );
    expect(
      (
        await call('POST', '/api/3.0/mlflow/traces/delete-traces', {
          experiment_id: '0',
          max_timestamp_millis: 1762161339000,
          max_traces: 2,
        })
      ).body,
    ).toEqual({ traces_deleted: 2 });
    expect(await foundIds('')).toEqual([`tr-${'3'.repeat(32)}`]);
  });

  test.each([
    { why: 'neither', more: {} },
    { why: 'both', more: { request_ids: [ID], max_timestamp_millis: 1 } },
    { why: 'no number of traces', more: { max_timestamp_millis: 1, max_traces: 0 } },
  ])('$why → 400', async ({ more }) => {
    expect((await call('POST', '/api/2.0/mlflow/traces/delete-traces', { experiment_id: '0', ...more })).status).toBe(
      400,
    );
  });
});

describe('assessments', () => {
  const path = `/api/3.0/mlflow/traces/${ID}/assessments`;
  const feedback = {
    assessment: {
      assessment_name: 'helpful',
      source: { source_type: 'HUMAN', source_id: 'ada' },
      feedback: { value: true },
    },
  };

  test('are created with an id, read back, and found by filter', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    const { status, body } = await call('POST', path, feedback);
    expect(status).toBe(200);
    const { assessment } = body as { readonly assessment: { readonly assessment_id: string; readonly valid: boolean } };
    expect(assessment).toMatchObject({ assessment_id: expect.stringMatching(/^a-/), valid: true, trace_id: ID });
    expect((await call('GET', `${path}/${assessment.assessment_id}`)).body).toEqual({ assessment });
    expect(await foundIds("feedback.helpful = 'true'")).toEqual([ID]);
  });

  test('one that overrides another makes it invalid', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    const { assessment } = (await call('POST', path, feedback)).body as {
      readonly assessment: { readonly assessment_id: string };
    };
    await call('POST', path, {
      assessment: { assessment_name: 'helpful', feedback: { value: false }, overrides: assessment.assessment_id },
    });
    expect((await call('GET', `${path}/${assessment.assessment_id}`)).body).toMatchObject({
      assessment: { valid: false },
    });
    expect(await foundIds("feedback.helpful = 'true'")).toEqual([]);
    expect((await call('POST', path, { assessment: { feedback: { value: 1 }, overrides: 'a-nobody' } })).status).toBe(
      404,
    );
  });

  test('one that comes before its trace waits for it', async () => {
    const early = call('POST', path, feedback);
    await sendSpans([spanJson('b7ad6b7169203331')]);
    expect((await early).status).toBe(200);
  });

  test('an unknown one, and one of neither kind', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    expect(await call('GET', `${path}/a-nobody`)).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
    });
    expect((await call('POST', path, { assessment: { assessment_name: 'x' } })).status).toBe(400);
  });
});

describe('Clew’s own API', () => {
  test('experiments tell what they hold', async () => {
    await sendSpans([spanJson('b7ad6b7169203331', { status: { code: 2 } })]);
    expect((await call('GET', '/api/clew/v1/experiments')).body).toEqual({
      experiments: [
        {
          experiment: expect.objectContaining({ experiment_id: '0' }),
          traceCount: 1,
          errorCount: 1,
          lastTraceMillis: 1762161330250,
        },
      ],
    });
  });

  test('a skeleton first, a payload on demand', async () => {
    await sendSpans([
      spanJson('b7ad6b7169203331', {}, { 'input.value': 'hi', 'openinference.span.kind': 'CHAIN' }),
      spanJson('00000000000000c1', { parentSpanId: 'b7ad6b7169203331' }),
    ]);
    expect((await call('GET', `/api/clew/v1/traces/${ID}/skeleton`)).body).toMatchObject({
      trace: { spanCount: 2 },
      startUnixNano: '1762161330250000001',
      columns: { spanIds: 'b7ad6b716920333100000000000000c1', parent: [0, 1] },
    });
    expect((await call('GET', `/api/clew/v1/traces/${TRACE}/spans/b7ad6b7169203331`)).body).toMatchObject({
      type: 'CHAIN',
      inputs: 'hi',
      attributes: { 'input.value': 'hi' },
    });
    expect((await call('GET', `/api/clew/v1/traces/${ID}/spans/ffffffffffffffff`)).status).toBe(404);
  });

  test('counts without rows', async () => {
    await sendSpans([spanJson('b7ad6b7169203331')]);
    expect(
      (await call('POST', '/api/clew/v1/traces/count', { experimentIds: ['0'], filter: "status = 'OK'" })).body,
    ).toEqual({ count: 1 });
    expect(await call('POST', '/api/clew/v1/traces/count', { experimentIds: ['0'], filter: 'status =' })).toMatchObject(
      { status: 400, body: { filter_error: { offset: 8 } } },
    );
  });
});
