/** Reading traces and files: statements 57 to 71. */
import { newTrace, randomHex, span, type Api, type Json } from './api.ts';
import { equal, holds, invalid, notFound, refused, succeeded } from './assertions.ts';
import type { Case } from './case.ts';

const ROOT = '/api/2.0/mlflow-artifacts/artifacts';

async function spansOf(api: Api, trace: string): Promise<readonly Json[]> {
  return ((await api.get3(`traces/batchGet?trace_ids=tr-${trace}`)).at('traces.0.spans') ?? []) as readonly Json[];
}

function attribute(one: Json | undefined, key: string): unknown {
  const list = (one?.['attributes'] ?? []) as readonly { readonly key: string; readonly value: unknown }[];
  return list.find((entry) => entry.key === key)?.value;
}

function filePath(experiment: string, trace: string, name = 'traces.json'): string {
  return `${ROOT}/${experiment}/traces/tr-${trace}/artifacts/${name}`;
}

/** As MLflow's TypeScript client writes it: decoded values, an empty parent, a trace id that is none. */
function typescriptFile(trace: string, spanId: string): string {
  return `{"spans":[{"trace_id":"AAAAAAAAAAAAAAAAAAAAAA==","span_id":"${Buffer.from(spanId, 'hex').toString('base64')}",
"parent_span_id":"","name":"answer","start_time_unix_nano":1762161330250000001,"end_time_unix_nano":1762161331454000000,
"status":{"code":"STATUS_CODE_OK"},"attributes":{"mlflow.traceRequestId":"tr-${trace}","mlflow.spanType":"CHAIN",
"mlflow.spanInputs":{"question":"hi"},"mlflow.spanOutputs":"hello","retries":3},"events":[]}]}`;
}

/** A trace that ends now and whose client announced three spans. */
async function announceThree(api: Api, trace: string): Promise<void> {
  const trace_metadata = { 'mlflow.trace.sizeStats': '{"total_size_bytes": 9, "num_spans": 3}' };
  succeeded(await api.startTrace('0', `tr-${trace}`, { request_time: new Date().toISOString(), trace_metadata }));
}

export const readingCases: readonly Case[] = [
  {
    number: 57,
    statement: 'batchGet keeps the order asked for and leaves out what it does not know',
    async run(api) {
      const traces = [newTrace(), newTrace()];
      await api.sendSpans(
        '0',
        [...traces].reverse().map((trace) => span(trace)),
      );
      const query = [...traces, newTrace()].map((trace) => `trace_ids=tr-${trace}`).join('&');
      const answer = succeeded(await api.get3(`traces/batchGet?${query}`));
      const list = answer.at('traces') as readonly { readonly trace_info: Json; readonly spans: readonly Json[] }[];
      equal(
        list.map(({ trace_info }) => trace_info['trace_id']),
        traces.map((trace) => `tr-${trace}`),
      );
      equal(Buffer.from(String(list[0]?.spans[0]?.['trace_id']), 'base64').toString('hex'), traces[0]);
    },
  },
  {
    number: 58,
    statement: 'batchGet of unknown ids alone is empty, not an error',
    async run(api) {
      equal(succeeded(await api.get3(`traces/batchGet?trace_ids=tr-${newTrace()}`)).at('traces') ?? [], []);
    },
  },
  {
    number: 59,
    statement: 'batchGet leaves a trace out until the announced spans are there',
    async run(api) {
      const trace = newTrace();
      const root = span(trace);
      await announceThree(api, trace);
      await api.sendSpans('0', [root, span(trace, { parentSpanId: root.spanId })]);
      equal((await spansOf(api, trace)).length, 0);
      await api.sendSpans('0', [span(trace, { parentSpanId: root.spanId })]);
      equal((await spansOf(api, trace)).length, 3);
    },
  },
  {
    number: 60,
    statement: 'get of an incomplete trace is a 404 after a while, or partial if allowed',
    async run(api) {
      const trace = newTrace();
      const root = span(trace);
      await announceThree(api, trace);
      await api.sendSpans('0', [root, span(trace, { parentSpanId: root.spanId })]);
      notFound(await api.get3(`traces/get?trace_id=tr-${trace}`));
      const partial = succeeded(await api.get3(`traces/get?trace_id=tr-${trace}&allow_partial=true`));
      equal((partial.at('trace.spans') as readonly unknown[]).length, 2);
    },
  },
  {
    number: 61,
    statement: 'spans come root first, then by start',
    async run(api) {
      const trace = newTrace();
      const root = span(trace, { name: 'root' });
      const child = (name: string, later: bigint) =>
        span(trace, { name, parentSpanId: root.spanId, start: root.start + later });
      await api.sendSpans('0', [
        child('b', 200n),
        child('a', 100n),
        { ...root, start: root.start + 150n },
        child('c', 300n),
      ]);
      equal(
        (await spansOf(api, trace)).map(({ name }) => name),
        ['root', 'a', 'b', 'c'],
      );
    },
  },
  {
    number: 62,
    statement: 'an empty map, an empty list and null stay apart',
    ours: 'MLflow answers null for all three',
    async run(api) {
      const trace = newTrace();
      await api.sendSpans('0', [span(trace, { attributes: { map: {}, list: [], nothing: null } })]);
      const [one] = await spansOf(api, trace);
      equal(
        ['map', 'list', 'nothing'].map((key) => attribute(one, key)),
        [{ kvlist_value: {} }, { array_value: {} }, {}],
      );
    },
  },
  {
    number: 63,
    statement: '3, 3.0 and "3" stay apart',
    async run(api) {
      const trace = newTrace();
      await api.sendSpans('0', [span(trace, { attributes: { i: 3n, d: 3, s: '3' } })]);
      const [one] = await spansOf(api, trace);
      equal(
        ['i', 'd', 's'].map((key) => attribute(one, key)),
        [{ int_value: 3 }, { double_value: 3 }, { string_value: '3' }],
      );
    },
  },
  {
    number: 64,
    statement: 'events, kind and links survive',
    ours: 'MLflow keeps neither kind nor links',
    async run(api) {
      const [trace, other] = [newTrace(), newTrace()];
      const event = { name: 'exception', time: 1_762_161_331_000_000_001n, attributes: { 'exception.message': 'bad' } };
      await api.sendSpans('0', [
        span(trace, { kind: 3, events: [event], links: [{ traceId: other, spanId: randomHex(16) }] }),
      ]);
      const { text } = await api.get3(`traces/batchGet?trace_ids=tr-${trace}`);
      for (const part of [
        '"exception.message"',
        '1762161331000000001',
        'SPAN_KIND_CLIENT',
        Buffer.from(other, 'hex').toString('base64'),
      ])
        holds(text.includes(part), `${part} in ${text}`);
    },
  },
  {
    number: 65,
    statement: 'an uploaded traces.json can be downloaded, attachments byte for byte',
    async run(api) {
      const [experiment, trace, spanId] = [await api.newExperiment(), newTrace(), randomHex(16)];
      await api.startTrace(experiment, `tr-${trace}`);
      equal(succeeded(await api.call('PUT', filePath(experiment, trace), typescriptFile(trace, spanId))).json, {});
      const [one] = (succeeded(await api.call('GET', filePath(experiment, trace))).at('spans') ??
        []) as readonly Json[];
      equal([one?.['name'], one?.['span_id']], ['answer', Buffer.from(spanId, 'hex').toString('base64')]);
      const attachment = filePath(experiment, trace, 'attachments/0af76519-16cd-43dd-8448-eb211c80319c');
      succeeded(
        await api.call('PUT', attachment, Buffer.from([0, 1, 2, 253, 254, 255]), { 'content-type': 'image/png' }),
      );
      const response = await fetch(api.url + attachment);
      equal([...new Uint8Array(await response.arrayBuffer())], [0, 1, 2, 253, 254, 255]);
      equal(response.headers.get('x-content-type-options'), 'nosniff');
    },
  },
  {
    number: 66,
    statement: "a TypeScript client's traces.json is read into spans",
    ours: 'MLflow keeps the file and shows no spans of it to others',
    async run(api) {
      const [experiment, trace, spanId] = [await api.newExperiment(), newTrace(), randomHex(16)];
      await api.startTrace(experiment, `tr-${trace}`);
      await api.call('PUT', filePath(experiment, trace), typescriptFile(trace, spanId));
      const [one] = await spansOf(api, trace);
      equal(Buffer.from(String(one?.['trace_id']), 'base64').toString('hex'), trace);
      equal(
        [attribute(one, 'retries'), attribute(one, 'mlflow.spanType'), one?.['parent_span_id']],
        [{ int_value: 3 }, { string_value: 'CHAIN' }, undefined],
      );
      equal(((await api.info(`tr-${trace}`))['tags'] as Json)['mlflow.trace.spansLocation'], 'TRACKING_STORE');
    },
  },
  {
    number: 67,
    statement: 'traces.json of a trace that came by OTLP is written from its spans',
    ours: 'MLflow has no such file',
    async run(api) {
      const [experiment, trace] = [await api.newExperiment(), newTrace()];
      await api.sendSpans(experiment, [span(trace, { attributes: { 'mlflow.spanInputs': { q: 1n }, text: '3' } })]);
      const answer = succeeded(await api.call('GET', filePath(experiment, trace)));
      const [one] = answer.at('spans') as readonly { readonly attributes: Record<string, string> }[];
      equal(JSON.parse(one?.attributes['mlflow.spanInputs'] ?? ''), { q: 1 });
      equal([one?.attributes['text'], one?.attributes['mlflow.traceRequestId']], ['"3"', `"tr-${trace}"`]);
    },
  },
  {
    number: 68,
    statement: 'traces.json of a trace without spans is not found',
    async run(api) {
      const trace = newTrace();
      await api.startTrace('0', `tr-${trace}`);
      notFound(await api.call('GET', filePath('0', trace)));
    },
  },
  {
    number: 69,
    statement: 'paths that climb are refused',
    async run(api) {
      for (const path of ['../x', 'a/../../x', '%2e%2e/x', '..%2fx', 'a%5cb', 'a%00b', '%252e%252e/x']) {
        const answer = await api.raw('PUT', `${ROOT}/${path}`, '{}');
        equal([path, answer.status], [path, 400]);
        holds(answer.text.includes('INVALID_PARAMETER_VALUE'), answer.text);
      }
    },
  },
  {
    number: 70,
    statement: 'uploads in parts are not implemented, which sends clients to a plain PUT',
    async run(api) {
      refused(await api.call('POST', '/api/2.0/mlflow-artifacts/mpu/create/x', {}), 501, 'NOT_IMPLEMENTED');
    },
  },
  {
    number: 71,
    statement: 'get-trace-artifact answers the spans as a file',
    async run(api) {
      const trace = newTrace();
      await api.sendSpans('0', [span(trace)]);
      const path = '/ajax-api/2.0/mlflow/get-trace-artifact';
      const answer = succeeded(await api.call('GET', `${path}?request_id=tr-${trace}`));
      equal((answer.at('spans') as readonly unknown[]).length, 1);
      holds(answer.headers.get('content-disposition')?.includes('traces.json') === true, 'an attachment');
      refused(await api.call('GET', path), 400, 'BAD_REQUEST');
      equal((await api.call('GET', `${path}?request_id=tr-${newTrace()}`)).status, 404);
      invalid(await api.call('GET', `${path}?request_id=tr-${trace}&path=../x`));
    },
  },
];
