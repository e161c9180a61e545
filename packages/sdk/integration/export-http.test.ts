import { startCollector, type Collector, type CollectorAnswer } from '@clew/examples';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { flush, init, startSpan, stats, withSpan } from '../src/lib/api.ts';
import type { Drop, InitOptions } from '../src/lib/config.ts';

let collector: Collector | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await collector?.close();
  collector = undefined;
});

/** Answers the first requests as told, and takes the rest. */
async function collectAfter(answers: readonly CollectorAnswer[], options: InitOptions = {}): Promise<Collector> {
  const left = [...answers];
  collector = await startCollector(() => left.shift());
  init({ trackingUri: collector.url, ...options });
  return collector;
}

describe('to a server', () => {
  test('spans as OTLP/JSON, then the trace header', async () => {
    const { requests, spans, traces } = await collectAfter([], { experimentId: '7', headers: { 'x-own': 'yes' } });
    withSpan({ name: 'root', inputs: { n: 3, x: 0.5, big: 2n ** 60n, list: [1, null, true] } }, () => 'out');
    expect(await flush()).toEqual({ sent: 1, dropped: 0, pending: 0 });
    expect(requests.map(({ path }) => path)).toEqual(['/v1/traces', '/api/3.0/mlflow/traces']);
    expect(requests[0]?.headers).toMatchObject({
      'x-mlflow-experiment-id': '7',
      'x-own': 'yes',
      'content-type': 'application/json',
    });
    expect(spans).toMatchObject([
      {
        name: 'root',
        status: { code: 1 },
        attributes: { 'mlflow.spanInputs': { n: 3, x: 0.5, list: [1, null, true] } },
      },
    ]);
    expect(JSON.stringify(requests[0]?.body)).toContain('{"intValue":"1152921504606846976"}');
    expect(traces).toMatchObject([
      {
        trace_id: `tr-${spans[0]?.traceId ?? ''}`,
        trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '7' } },
        request_time: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
        execution_duration: expect.stringMatching(/^\d+(\.\d+)?s$/) as unknown,
        state: 'OK',
      },
    ]);
  });

  test('large bodies are compressed', async () => {
    const { requests, spans } = await collectAfter([]);
    startSpan({ name: 'big', inputs: 'x'.repeat(100_000) }).end();
    await flush();
    expect(requests[0]?.headers['content-encoding']).toBe('gzip');
    expect(spans[0]?.attributes['mlflow.spanInputs']).toHaveLength(100_000);
  });

  test('an experiment by name is created when missing, and looked up once', async () => {
    const { requests } = await collectAfter([{ status: 404 }, { status: 200, body: { experiment_id: '12' } }], {
      experiment: 'shop bot',
    });
    for (const name of ['a', 'b']) {
      startSpan({ name }).end();
      await flush();
    }
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=shop%20bot',
      'POST /api/2.0/mlflow/experiments/create',
      'POST /v1/traces',
      'POST /api/3.0/mlflow/traces',
      'POST /v1/traces',
      'POST /api/3.0/mlflow/traces',
    ]);
    expect(requests.at(-2)?.headers['x-mlflow-experiment-id']).toBe('12');
  });
});

describe('failures', () => {
  test('a failure that passes is tried again after the time asked for', async () => {
    const busy = { status: 503, headers: { 'retry-after': '0' } };
    const { spans } = await collectAfter([busy, { status: 429, headers: { 'retry-after': '0' } }]);
    startSpan({ name: 'a' }).end();
    expect(await flush()).toMatchObject({ sent: 1, dropped: 0 });
    expect([spans.length, stats().retried]).toEqual([1, 2]);
  });

  test('a refusal is counted, told to onDrop, and once to the console', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const drops: Drop[] = [];
    const refusal = { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } };
    await collectAfter([refusal, refusal, refusal, refusal], { onDrop: (drop) => drops.push(drop) });
    for (const name of ['a', 'b']) {
      startSpan({ name }).end();
      await flush();
    }
    expect(stats()).toMatchObject({ sent: 0, dropped: 2, queued: 0 });
    expect(drops[0]).toMatchObject({ spans: 1, reason: 'refused' });
    expect(warn.mock.calls).toEqual([[expect.stringContaining('RESOURCE_DOES_NOT_EXIST')]]);
  });

  test('a body that is too large is split until it fits', async () => {
    collector = await startCollector((request) =>
      Number(request.headers['content-length']) > 1500 ? { status: 413 } : undefined,
    );
    init({ trackingUri: collector.url });
    const names = Array.from({ length: 40 }, (_, at) => `span ${at}`);
    const root = startSpan({ name: 'root' });
    for (const name of names) startSpan({ name, parent: root, inputs: Math.random().toString(36).repeat(3) }).end();
    expect(await flush()).toMatchObject({ sent: 40, dropped: 0 });
    expect(collector.spans.map(({ name }) => name)).toEqual(names);
  });

  test('spans the server rejects are counted as lost', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const partial = { status: 200, body: { partialSuccess: { rejectedSpans: '1', errorMessage: 'bad id' } } };
    await collectAfter([partial]);
    const root = startSpan({ name: 'root' });
    startSpan({ name: 'child', parent: root }).end();
    startSpan({ name: 'child', parent: root }).end();
    expect(await flush()).toMatchObject({ sent: 1, dropped: 1 });
  });
});
