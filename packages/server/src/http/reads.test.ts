/** Clew's own reads and deletions over HTTP, on the memory store: shapes, limits and refusals. */
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { createServer } from '../create-server.ts';
import type { AggregatePlan, AggregateResult } from '../storage/aggregate-plan.ts';
import { openMemoryStore } from '../storage/memory.ts';

let app: Awaited<ReturnType<typeof createServer>>['app'];

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await app.request(path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function post(path: string, body: object): Promise<Answer> {
  return call('POST', `/api/clew/v1${path}`, { experimentIds: ['0'], ...body });
}

/** One trace of a root and a tool, in a session, a second after the one before. */
async function sendTrace(
  number: number,
  change: { readonly isFailed?: boolean; readonly text?: string } = {},
): Promise<string> {
  const traceId = number.toString(16).padStart(32, '0');
  const start = BigInt(1_762_161_330 + number) * 1_000_000_000n;
  const attribute = (key: string, value: string): object => ({ key, value: { stringValue: value } });
  const span = (spanId: string, name: string, more: object): object => ({
    traceId,
    spanId,
    name,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 10_000_000n),
    ...more,
  });
  const spans = [
    span('00000000000000a1', 'answer', {
      status: { code: change.isFailed === true ? 2 : 1 },
      attributes: [
        attribute('session.id', `s${number % 2}`),
        attribute('openinference.span.kind', 'CHAIN'),
        attribute('input.value', change.text ?? `question ${number}`),
      ],
    }),
    span('00000000000000a2', 'search', {
      parentSpanId: '00000000000000a1',
      attributes: [attribute('openinference.span.kind', 'TOOL')],
    }),
  ];
  await app.request('/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-mlflow-experiment-id': '0' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  return `tr-${traceId}`;
}

beforeEach(async () => {
  ({ app } = await createServer({ store: openMemoryStore() }));
  for (let number = 1; number <= 5; number += 1) await sendTrace(number, { isFailed: number === 5 });
});

describe('counts', () => {
  test('are exact', async () => {
    expect((await post('/traces/count', { filter: "status = 'ERROR'" })).body).toEqual({ count: 1 });
  });

  test('are estimates that say so when their time is up', async () => {
    // Every id begins with zeros, so the sample holds all of them, each standing for 64.
    expect((await post('/traces/count', { budgetMillis: 0 })).body).toEqual({ count: 320, isEstimate: true });
  });

  test('refuse a budget out of range', async () => {
    expect(await post('/traces/count', { budgetMillis: 30_001 })).toMatchObject({
      status: 400,
      body: { message: 'Invalid budgetMillis 30001: expected 0 to 30000' },
    });
  });
});

describe('aggregates', () => {
  test.each<readonly [object, readonly object[]]>([
    [{}, [{ group: [], values: [5] }]],
    [
      { measures: ['count', 'errors', 'error_rate', 'p50:latency_ms', 'distinct:session', 'sum:total_tokens'] },
      [{ group: [], values: [5, 1, 0.2, 10, 2, null] }],
    ],
    [
      { groupBy: ['session', 'trace_status'] },
      [
        { group: ['s0', 'OK'], values: [2] },
        { group: ['s1', 'ERROR'], values: [1] },
        { group: ['s1', 'OK'], values: [2] },
      ],
    ],
    [{ groupBy: ['session'], limit: 1 }, [{ group: ['s1'], values: [3] }, { values: [2] }]],
    [
      { of: 'spans', groupBy: ['span_type'], spanTypes: ['TOOL', 'CHAIN'] },
      [
        { group: ['CHAIN'], values: [5] },
        { group: ['TOOL'], values: [5] },
      ],
    ],
    [
      { bucketMillis: 2000, fromMillis: 1_762_161_331_000, untilMillis: 1_762_161_334_000 },
      [
        { bucketMillis: 1_762_161_330_000, group: [], values: [1] },
        { bucketMillis: 1_762_161_332_000, group: [], values: [2] },
      ],
    ],
  ])('%j', async (request, points) => {
    expect((await post('/aggregates', request)).body).toMatchObject({ points });
  });

  test.each([
    [{ measures: ['p101:latency_ms'] }, 'Invalid measures "p101:latency_ms"'],
    [{ measures: ['sum:weight'] }, 'Invalid measures "sum:weight"'],
    [{ groupBy: ['colour'] }, 'Invalid groupBy "colour"'],
    [{ groupBy: ['span_name'] }, 'Cannot group traces by "span_name"'],
    [{ of: 'runs' }, 'Invalid of "runs"'],
    [{ limit: 1001 }, 'Invalid limit "1001": expected 1 to 1000'],
    [{ bucketMillis: 1, fromMillis: 0, untilMillis: 1_000_000 }, 'at most 10000 buckets'],
    [{ filter: 'status =' }, 'Cannot parse filter at its end'],
  ])('refuse %j', async (request, message) => {
    const { status, body } = await post('/aggregates', request);
    expect([status, body]).toMatchObject([400, { message: expect.stringContaining(message) as string }]);
  });
});

describe('sessions', () => {
  test('come page by page, with their traces in order', async () => {
    const first = await post('/sessions/search', { maxResults: 1 });
    expect(first.body).toMatchObject({
      sessions: [
        { sessionId: 's1', traceCount: 3, errorCount: 1, firstMillis: 1_762_161_331_000, firstRequest: '"question 1"' },
      ],
    });
    const { nextPageToken } = first.body as { readonly nextPageToken: string };
    const second = await post('/sessions/search', { maxResults: 1, pageToken: nextPageToken });
    expect(second.body).toMatchObject({ sessions: [{ sessionId: 's0', traceCount: 2 }] });
    expect(second.body).not.toHaveProperty('nextPageToken');
    const { body } = await post('/sessions/traces', { sessionId: 's1' });
    const { traces } = body as { readonly traces: readonly { readonly info: { readonly trace_id: string } }[] };
    expect(traces.map(({ info }) => Number(info.trace_id.slice(-1)))).toEqual([1, 3, 5]);
  });

  test('refuse a token that is none', async () => {
    expect((await post('/sessions/search', { pageToken: 'bm9uZQ' })).status).toBe(400);
  });
});

describe('deletion by filter', () => {
  test('tells first what it would take', async () => {
    const { body } = await post('/traces/delete', { filter: "status = 'OK'" });
    expect(body).toMatchObject({ dryRun: true, traceCount: 4, spanRows: 8 });
    expect((body as { readonly sample: readonly unknown[] }).sample).toHaveLength(4);
    expect((await post('/traces/count', {})).body).toEqual({ count: 5 });
  });

  test('takes so many a request and says when there are more', async () => {
    const request = { filter: "status = 'OK'", dryRun: false, maxTraces: 3 };
    expect((await post('/traces/delete', request)).body).toEqual({ dryRun: false, deleted: 3, isMore: true });
    expect((await post('/traces/delete', request)).body).toEqual({ dryRun: false, deleted: 1, isMore: false });
    expect((await post('/traces/count', {})).body).toEqual({ count: 1 });
  });
});

describe('storage', () => {
  test('figures name each experiment and the age it keeps', async () => {
    expect((await call('PUT', '/api/clew/v1/experiments/0/retention', { days: 30 })).status).toBe(200);
    expect((await call('GET', '/api/clew/v1/storage')).body).toMatchObject({
      experiments: [{ experimentId: '0', spanRows: 10, retentionDays: 30 }],
    });
    await call('PUT', '/api/clew/v1/experiments/0/retention', { days: null });
    const { experiments } = (await call('GET', '/api/clew/v1/storage')).body as {
      readonly experiments: readonly object[];
    };
    expect(experiments[0]).not.toHaveProperty('retentionDays');
  });

  test.each([[{}], [{ days: 0 }], [{ days: -1 }], [{ days: 1_000_000 }]])('refuse the age %j', async (body) => {
    expect((await call('PUT', '/api/clew/v1/experiments/0/retention', body)).status).toBe(400);
  });
});

describe('large payloads', () => {
  const MEGABYTE = 1024 * 1024;

  test('a span of 20 MB and a request of 100 MB are stored whole', { timeout: 60_000 }, async () => {
    const text = 'x'.repeat(20 * MEGABYTE);
    const traceId = await sendTrace(77, { text });
    const { body } = await call('GET', `/api/clew/v1/traces/${traceId}/spans/00000000000000a1`);
    expect((body as { readonly inputs: string }).inputs).toHaveLength(text.length);
    const spans = Array.from({ length: 5 }, (_, index) => ({
      traceId: '0'.repeat(31) + String(index + 1),
      spanId: `00000000000000b${index}`,
      name: 'large',
      startTimeUnixNano: '1',
      endTimeUnixNano: '2',
      attributes: [{ key: 'input.value', value: { stringValue: text } }],
    }));
    const response = await app.request('/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-mlflow-experiment-id': '0' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    });
    expect(response.status).toBe(200);
  });

  test('a request past the limit is refused, and the limit is named', async () => {
    ({ app } = await createServer({ store: openMemoryStore(), limits: { maxBodyBytes: 1000 } }));
    const { status, body } = await call('POST', '/api/clew/v1/aggregates', { filter: 'x'.repeat(2000) });
    expect([status, body]).toMatchObject([413, { message: expect.stringContaining('1000') as string }]);
  });
});

test('a request whose client left stops its question', async () => {
  const asked = new AbortController();
  const client = new AbortController();
  const stopped = new Promise<unknown>((resolve) => {
    const store = openMemoryStore();
    const waiting = {
      ...store,
      aggregate: async (_: AggregatePlan, signal?: AbortSignal): Promise<AggregateResult> =>
        new Promise((__, reject) => {
          signal?.addEventListener('abort', () => {
            resolve(signal.reason);
            reject(signal.reason as Error);
          });
          asked.abort();
        }),
    };
    void createServer({ store: waiting }).then((server) =>
      server.app.request('/api/clew/v1/aggregates', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ experimentIds: ['0'] }),
        signal: client.signal,
      }),
    );
  });
  asked.signal.addEventListener('abort', () => client.abort(new Error('left')));
  expect(await stopped).toMatchObject({ message: 'left' });
});

test('a skeleton is compressed for whoever takes gzip', async () => {
  const path = `/api/clew/v1/traces/tr-${'0'.repeat(31)}1/skeleton`;
  const response = await app.request(path, { headers: { 'accept-encoding': 'gzip, br' } });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  const compressed = Buffer.from(await response.arrayBuffer());
  expect(JSON.parse(gunzipSync(compressed).toString())).toEqual((await call('GET', path)).body);
});
