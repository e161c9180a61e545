import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, createExperiment, searchAll, someTrace, type Answer } from './support/rest.ts';
import { runServer, temporaryFolder, type RunningClew } from './support/run-server.ts';

const MIB = 1024 * 1024;
const TRACE = 'ab'.repeat(16);

describe('bad input', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: RunningClew;
  let experiment: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await runServer(folder.path, '--no-demo');
    experiment = await createExperiment(server.url, 'bad input');
    expect((await sendJson(someTrace(TRACE))).status).toBe(200);
  });

  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  function sendJson(body: unknown): Promise<Answer> {
    return call(server.url, 'POST', '/v1/traces', body, { 'x-mlflow-experiment-id': experiment });
  }

  async function send(body: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${server.url}/v1/traces`, {
      method: 'POST',
      headers: { 'x-mlflow-experiment-id': experiment, ...headers },
      body,
    });
    return { status: response.status, body: await response.json() };
  }

  /** After whatever was refused, the server answers and has what it had. */
  async function expectNothingLost(): Promise<void> {
    expect(await (await fetch(`${server.url}/health`)).text()).toBe('OK');
    expect((await searchAll(server.url, experiment)).map((row) => row.info.trace_id)).toEqual([`tr-${TRACE}`]);
  }

  const protobuf = { 'content-type': 'application/x-protobuf' };
  const json = { 'content-type': 'application/json' };
  const valid = new TextEncoder().encode(JSON.stringify(someTrace('cd'.repeat(16))));

  test.each<{
    why: string;
    body: Uint8Array<ArrayBuffer>;
    headers: Record<string, string>;
    status: number;
    says: string;
  }>([
    {
      why: 'malformed protobuf',
      body: new Uint8Array([0x0a, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3]),
      headers: protobuf,
      status: 400,
      says: 'byte',
    },
    { why: 'an empty protobuf body', body: new Uint8Array(), headers: protobuf, status: 400, says: 'resource_spans' },
    {
      why: 'malformed JSON',
      body: new TextEncoder().encode('{"resourceSpans": ['),
      headers: json,
      status: 400,
      says: 'JSON',
    },
    {
      why: 'a truncated gzip',
      body: new Uint8Array(gzipSync(valid).subarray(0, 40)),
      headers: { ...json, 'content-encoding': 'gzip' },
      status: 400,
      says: 'gzip',
    },
    {
      why: 'an unknown encoding',
      body: valid,
      headers: { ...json, 'content-encoding': 'br' },
      status: 400,
      says: '"br"',
    },
    { why: 'an unknown type', body: valid, headers: { 'content-type': 'text/xml' }, status: 400, says: '"text/xml"' },
    {
      why: 'an unknown experiment',
      body: valid,
      headers: { ...json, 'x-mlflow-experiment-id': '4711' },
      status: 404,
      says: '"4711"',
    },
    {
      why: 'no experiment',
      body: valid,
      headers: { ...json, 'x-mlflow-experiment-id': '' },
      status: 422,
      says: 'x-mlflow-experiment-id',
    },
  ])('$why → $status', async ({ body, headers, status, says }) => {
    const answer = await send(body, headers);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(says.replaceAll('"', '\\"'));
    await expectNothingLost();
  });

  test.each([
    { why: 'no trace id', change: { traceId: '' } },
    { why: 'a trace id of 15 bytes', change: { traceId: 'ab'.repeat(15) } },
    { why: 'a span id of zeros', change: { spanId: '0'.repeat(16) } },
    { why: 'a span id that is no hex', change: { spanId: 'xyz' } },
  ])('a span with $why → 422, and the others of its request are not stored', async ({ change }) => {
    const answer = await sendJson(someTrace('cd'.repeat(16), change));
    expect(answer.status).toBe(422);
    await expectNothingLost();
  });

  test('a gzip bomb of 1 GiB is refused at the limit, without its memory', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const outgoing = httpRequest(`${server.url}/v1/traces`, {
        method: 'POST',
        headers: { ...protobuf, 'content-encoding': 'gzip', 'x-mlflow-experiment-id': experiment },
      });
      outgoing.on('response', (incoming) => {
        resolve(incoming.statusCode ?? 0);
        incoming.resume();
      });
      outgoing.on('error', reject);
      Readable.from(zeros(1024), { objectMode: false }).pipe(createGzip()).pipe(outgoing);
    });
    expect(status).toBe(413);
    await expectNothingLost();
  });

  function* zeros(mebibytes: number): Iterable<Buffer> {
    const chunk = Buffer.alloc(MIB);
    for (let sent = 0; sent < mebibytes; sent += 1) yield chunk;
  }

  test.each([
    {
      why: 'an unknown trace',
      method: 'GET',
      path: `/api/3.0/mlflow/traces/tr-${'0'.repeat(31)}1`,
      body: undefined,
      status: 404,
      code: 'RESOURCE_DOES_NOT_EXIST',
    },
    {
      why: 'a trace id that cannot be',
      method: 'GET',
      path: '/api/3.0/mlflow/traces/hello',
      body: undefined,
      status: 404,
      code: 'RESOURCE_DOES_NOT_EXIST',
    },
    {
      why: 'a filter cut short',
      method: 'POST',
      path: '/api/3.0/mlflow/traces/search',
      body: { locations: [], filter: 'status =' },
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
    },
    {
      why: 'a filter on nothing we know',
      method: 'POST',
      path: '/api/3.0/mlflow/traces/search',
      body: { locations: [], filter: "foo.bar = 'x'" },
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
    },
    {
      why: 'too large a page',
      method: 'POST',
      path: '/api/3.0/mlflow/traces/search',
      body: { locations: [], max_results: 501 },
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
    },
    {
      why: 'a token of nobody',
      method: 'POST',
      path: '/api/3.0/mlflow/traces/search',
      body: { locations: [], page_token: 'garbage' },
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
    },
    {
      why: 'an experiment without a name',
      method: 'POST',
      path: '/api/2.0/mlflow/experiments/create',
      body: {},
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
    },
    {
      why: 'a name that is taken',
      method: 'POST',
      path: '/api/2.0/mlflow/experiments/create',
      body: { name: 'bad input' },
      status: 400,
      code: 'RESOURCE_ALREADY_EXISTS',
    },
    {
      why: 'a tag key that is a path',
      method: 'PATCH',
      path: `/api/3.0/mlflow/traces/tr-${TRACE}/tags`,
      body: { key: '../x', value: '1' },
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
    },
    {
      why: 'a deletion of nothing named',
      method: 'POST',
      path: '/api/3.0/mlflow/traces/delete-traces',
      body: { experiment_id: '0' },
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
    },
  ])('$why → $status $code', async ({ method, path, body, status, code }) => {
    const answer = await call(server.url, method, path, body);
    expect([answer.status, (answer.body as { readonly error_code: string }).error_code]).toEqual([status, code]);
    await expectNothingLost();
  });

  test('a refused filter says where, and what could follow', async () => {
    const { body } = await call(server.url, 'POST', '/api/3.0/mlflow/traces/search', {
      locations: [],
      filter: 'status = ',
    });
    expect(body).toMatchObject({ filter_error: { offset: expect.any(Number), expected: expect.any(Array) } });
  });

  test('a route that is not there is a plain 404, which MLflow’s clients take for a missing feature', async () => {
    const answer = await call(server.url, 'GET', '/api/3.0/mlflow/nonexistent-thing');
    expect(answer).toEqual({ status: 404, body: 'Not found\n' });
  });

  test('a foreign host and a foreign origin are refused', async () => {
    const status = (headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        const outgoing = httpRequest(
          `${server.url}/api/2.0/mlflow/experiments/create`,
          { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
          (incoming) => {
            incoming.resume();
            resolve(incoming.statusCode ?? 0);
          },
        );
        outgoing.on('error', reject);
        outgoing.end('{"name":"stolen"}');
      });
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
  });
});
