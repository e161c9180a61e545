import { beforeEach, describe, expect, test } from 'vitest';
import { createServer } from '../create-server.ts';
import { openMemoryStore } from '../storage/memory.ts';

let app: Awaited<ReturnType<typeof createServer>>['app'];

beforeEach(async () => {
  ({ app } = await createServer({ store: openMemoryStore() }));
  for (const [at, [name, seconds, env]] of [
    ['answer', 1, 'prod'],
    ['answer', 3, 'dev'],
    ['other', 5, 'prod'],
  ].entries()) {
    await post('/api/3.0/mlflow/traces', {
      trace: {
        trace_info: {
          trace_id: `tr-${String(at + 1).padStart(32, '0')}`,
          trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
          request_time: `2025-11-03T0${9 + Math.floor(at / 2)}:15:00.000Z`.replace('010', '10'),
          execution_duration: `${seconds}s`,
          state: 'OK',
          tags: { 'mlflow.traceName': name, env },
        },
      },
    });
  }
});

async function post(path: string, body: object): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function metrics(change: object): Promise<{ readonly status: number; readonly body: unknown }> {
  return post('/api/3.0/mlflow/traces/metrics', {
    experiment_ids: ['0'],
    view_type: 'TRACES',
    metric_name: 'latency',
    aggregations: [{ aggregation_type: 'AVG' }],
    ...change,
  });
}

describe('traces/metrics', () => {
  test('measures in groups', async () => {
    const aggregations = [{ aggregation_type: 'AVG' }, { aggregation_type: 'PERCENTILE', percentile_value: 95 }];
    expect((await metrics({ aggregations, dimensions: ['trace_name'] })).body).toEqual({
      data_points: [
        { metric_name: 'latency', dimensions: { trace_name: 'answer' }, values: { AVG: 2000, P95: 2900 } },
        { metric_name: 'latency', dimensions: { trace_name: 'other' }, values: { AVG: 5000, P95: 5000 } },
      ],
    });
  });

  test('counts in buckets of time, with filters', async () => {
    const range = {
      start_time_ms: Date.parse('2025-11-03T09:00:00Z'),
      end_time_ms: Date.parse('2025-11-03T11:00:00Z'),
    };
    const count = { metric_name: 'trace_count', aggregations: [{ aggregation_type: 'COUNT' }] };
    const filters = ["trace.tag.env = 'prod'"];
    expect((await metrics({ ...count, ...range, filters, time_interval_seconds: 3600 })).body).toEqual({
      data_points: [
        { metric_name: 'trace_count', dimensions: { time_bucket: '2025-11-03T09:00:00+00:00' }, values: { COUNT: 1 } },
        { metric_name: 'trace_count', dimensions: { time_bucket: '2025-11-03T10:00:00+00:00' }, values: { COUNT: 1 } },
      ],
    });
  });

  test('groups without any number are no points', async () => {
    expect((await metrics({ metric_name: 'total_tokens' })).body).toEqual({ data_points: [] });
  });

  test.each([
    { view_type: 'RUNS' },
    { metric_name: 'nothing' },
    { aggregations: [] },
    { aggregations: [{ aggregation_type: 'COUNT' }] },
    { aggregations: [{ aggregation_type: 'PERCENTILE', percentile_value: 101 }] },
    { dimensions: ['trace_status'] },
    { filters: ["trace.status != 'OK'"] },
    { filters: ["span.type = 'LLM'"] },
    { time_interval_seconds: 60 },
    { experiment_ids: [] },
  ])('%j is refused', async (change) => {
    expect(await metrics(change)).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
  });
});
