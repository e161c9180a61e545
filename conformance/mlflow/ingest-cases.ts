/** OTLP ingest: statements 24 to 45. */
import { gzipSync } from 'node:zlib';
import { newTrace, randomHex, span, type Api } from './api.ts';
import { contains, equal, holds, notFound, refused, succeeded } from './assertions.ts';
import type { Case } from './case.ts';
import { encodeOtlp } from './otlp-protobuf.ts';

const usage = (input: number, output: number) => ({
  'mlflow.chat.tokenUsage': {
    input_tokens: BigInt(input),
    output_tokens: BigInt(output),
    total_tokens: BigInt(input + output),
  },
});

async function readSpans(api: Api, trace: string): Promise<readonly Record<string, unknown>[]> {
  return ((await api.get3(`traces/batchGet?trace_ids=tr-${trace}`)).at('traces.0.spans') ?? []) as never;
}

/** The attribute's `AnyValue`. */
function attribute(one: Record<string, unknown> | undefined, key: string): unknown {
  const list = (one?.['attributes'] ?? []) as readonly { readonly key: string; readonly value: unknown }[];
  return list.find((entry) => entry.key === key)?.value;
}

async function metadataOf(api: Api, trace: string, key: string): Promise<unknown> {
  return ((await api.info(`tr-${trace}`))['trace_metadata'] as Record<string, string> | undefined)?.[key];
}

export const ingestCases: readonly Case[] = [
  {
    number: 24,
    statement: 'a root span makes a trace with its experiment, state and locations',
    async run(api) {
      const [experiment, trace] = [await api.newExperiment(), newTrace()];
      succeeded(await api.sendSpans(experiment, [span(trace)]));
      contains(await api.info(`tr-${trace}`), {
        trace_location: { mlflow_experiment: { experiment_id: experiment } },
        state: 'OK',
        tags: {
          'mlflow.trace.spansLocation': 'TRACKING_STORE',
          'mlflow.artifactLocation': `mlflow-artifacts:/${experiment}/traces/tr-${trace}/artifacts`,
        },
      });
    },
  },
  {
    number: 25,
    statement: 'without the experiment header: 422 with a list of details',
    async run(api) {
      const answer = await api.call('POST', '/v1/traces', encodeOtlp([span(newTrace())]), {
        'content-type': 'application/x-protobuf',
      });
      equal(answer.status, 422);
      holds(Array.isArray(answer.at('detail')), answer.text);
    },
  },
  {
    number: 26,
    statement: 'another media type, an empty body and random bytes are 400',
    async run(api) {
      const headers = { 'x-mlflow-experiment-id': '0' };
      const protobuf = { ...headers, 'content-type': 'application/x-protobuf' };
      equal((await api.call('POST', '/v1/traces', '<x/>', { ...headers, 'content-type': 'text/xml' })).status, 400);
      equal((await api.call('POST', '/v1/traces', '', protobuf)).status, 400);
      equal((await api.call('POST', '/v1/traces', Buffer.from('ff13579bdf02468a', 'hex'), protobuf)).status, 400);
    },
  },
  {
    number: 27,
    statement: 'an unknown experiment is refused and nothing is stored',
    async run(api) {
      const trace = newTrace();
      const answer = await api.sendSpans('987654321', [span(trace)]);
      holds(answer.status >= 400 && answer.status < 500 && answer.json !== undefined, answer.text);
      notFound(await api.get3(`traces/tr-${trace}`));
    },
  },
  {
    number: 28,
    statement: 'success is an empty protobuf message',
    async run(api) {
      const answer = succeeded(await api.sendSpans('0', [span(newTrace())]));
      equal([answer.text, answer.headers.get('content-type')], ['', 'application/x-protobuf']);
    },
  },
  {
    number: 29,
    statement: 'JSON with hex ids is stored as its protobuf twin is',
    async run(api) {
      const experiment = await api.newExperiment();
      const [one, twin, spanId] = [newTrace(), newTrace(), randomHex(16)];
      succeeded(await api.sendSpans(experiment, [span(one, { spanId, attributes: { n: 7n, text: 'ü' } })]));
      const answer = await api.sendJson(experiment, [
        {
          traceId: twin,
          spanId,
          name: 'answer',
          startTimeUnixNano: '1762161330250000000',
          endTimeUnixNano: '1762161331454000000',
          attributes: [
            { key: 'n', value: { intValue: '7' } },
            { key: 'text', value: { stringValue: 'ü' } },
          ],
          status: { code: 1 },
        },
      ]);
      equal(succeeded(answer).json, {});
      const [a, b] = [await readSpans(api, one), await readSpans(api, twin)];
      const comparable = (spans: readonly Record<string, unknown>[]) =>
        spans.map(({ name, span_id, start_time_unix_nano, end_time_unix_nano, status }) => ({
          name,
          span_id,
          start_time_unix_nano,
          end_time_unix_nano,
          status,
        }));
      equal(comparable(b), comparable(a));
      equal([attribute(b[0], 'n'), attribute(b[0], 'text')], [attribute(a[0], 'n'), attribute(a[0], 'text')]);
    },
  },
  {
    number: 30,
    statement: 'gzip is read; corrupt gzip and unknown encodings are 400',
    async run(api) {
      const trace = newTrace();
      const send = async (body: Uint8Array, encoding: string) =>
        api.call('POST', '/v1/traces', body, {
          'content-type': 'application/x-protobuf',
          'content-encoding': encoding,
          'x-mlflow-experiment-id': '0',
        });
      const bytes = encodeOtlp([span(trace)]);
      succeeded(await send(gzipSync(bytes), 'gzip'));
      equal((await readSpans(api, trace)).length, 1);
      equal((await send(bytes, 'gzip')).status, 400);
      equal((await send(bytes, 'br')).status, 400);
    },
  },
  {
    number: 31,
    statement: 'a span without a trace id refuses the request: 422',
    async run(api) {
      const trace = newTrace();
      equal((await api.sendSpans('0', [span(trace), span('')])).status, 422);
      notFound(await api.get3(`traces/tr-${trace}`));
    },
  },
  {
    number: 32,
    statement: 'one request may hold several traces',
    async run(api) {
      const traces = [newTrace(), newTrace()];
      succeeded(
        await api.sendSpans(
          '0',
          traces.map((trace) => span(trace)),
        ),
      );
      for (const trace of traces) equal((await readSpans(api, trace)).length, 1);
    },
  },
  {
    number: 33,
    statement: 'the same span again is one span, as it was sent last',
    async run(api) {
      const [trace, spanId] = [newTrace(), randomHex(16)];
      for (const name of ['first', 'second']) succeeded(await api.sendSpans('0', [span(trace, { spanId, name })]));
      equal(
        (await readSpans(api, trace)).map(({ name }) => name),
        ['second'],
      );
    },
  },
  {
    number: 34,
    statement: 'child first: in progress until the root is there, then the bounds of all spans',
    async run(api) {
      const [trace, root] = [newTrace(), randomHex(16)];
      await api.sendSpans('0', [span(trace, { parentSpanId: root, start: 1_762_161_330_000_000_000n })]);
      equal((await api.info(`tr-${trace}`))['state'], 'IN_PROGRESS');
      await api.sendSpans('0', [span(trace, { spanId: root, end: 1_762_161_332_000_000_000n })]);
      contains(await api.info(`tr-${trace}`), { state: 'OK', execution_duration: '2s' });
      equal(Date.parse(String((await api.info(`tr-${trace}`))['request_time'])), 1_762_161_330_000);
    },
  },
  {
    number: 35,
    statement: "the root's status is the trace's state",
    async run(api) {
      for (const [status, state] of [
        [2, 'ERROR'],
        [0, 'OK'],
        [1, 'OK'],
      ] as const) {
        const trace = newTrace();
        await api.sendSpans('0', [span(trace, { status })]);
        equal((await api.info(`tr-${trace}`))['state'], state);
      }
    },
  },
  {
    number: 36,
    statement: "mlflow.traceRequestId is always the span's own trace id",
    async run(api) {
      const trace = newTrace();
      await api.sendSpans('0', [span(trace, { attributes: { 'mlflow.traceRequestId': `tr-${newTrace()}` } })]);
      equal(attribute((await readSpans(api, trace))[0], 'mlflow.traceRequestId'), { string_value: `tr-${trace}` });
    },
  },
  {
    number: 37,
    statement: 'previews: the last user message, JSON text, 1000 characters at most',
    async run(api) {
      const preview = async (inputs: unknown) => {
        const trace = newTrace();
        await api.sendSpans('0', [span(trace, { attributes: { 'mlflow.spanInputs': inputs } })]);
        return String((await api.info(`tr-${trace}`))['request_preview']);
      };
      equal(await preview({ messages: [{ role: 'user', content: 'hi' }] }), 'hi');
      equal(JSON.parse(await preview({ q: 1n })), { q: 1 });
      const long = await preview({ q: 'x'.repeat(5000) });
      equal([long.length, long.slice(-3)], [1000, '...']);
    },
  },
  {
    number: 38,
    statement: 'session and user come from any span, the first one stays',
    async run(api) {
      const trace = newTrace();
      const root = span(trace, { attributes: { 'session.id': 's-9', 'user.id': 'ada' } });
      await api.sendSpans('0', [root]);
      await api.sendSpans('0', [
        span(trace, { parentSpanId: root.spanId, start: root.start + 1000n, attributes: { 'session.id': 's-10' } }),
      ]);
      equal(await metadataOf(api, trace, 'mlflow.trace.session'), 's-9');
      equal(await metadataOf(api, trace, 'mlflow.trace.user'), 'ada');
    },
  },
  {
    number: 39,
    statement: 'tokens of siblings are summed',
    async run(api) {
      const trace = newTrace();
      const root = span(trace);
      const child = (input: number, output: number) =>
        span(trace, { parentSpanId: root.spanId, attributes: usage(input, output) });
      await api.sendSpans('0', [root, child(10, 5), child(20, 10)]);
      equal(JSON.parse(String(await metadataOf(api, trace, 'mlflow.trace.tokenUsage'))), {
        input_tokens: 30,
        output_tokens: 15,
        total_tokens: 45,
      });
    },
  },
  {
    number: 40,
    statement: 'a parent that counts its children is counted once, whatever arrives when and how often',
    async run(api) {
      const trace = newTrace();
      const root = span(trace, { attributes: usage(30, 15) });
      const children = [usage(10, 5), usage(20, 10)].map((attributes) =>
        span(trace, { parentSpanId: root.spanId, attributes }),
      );
      await api.sendSpans('0', children);
      await api.sendSpans('0', [root]);
      await api.sendSpans('0', children);
      equal(JSON.parse(String(await metadataOf(api, trace, 'mlflow.trace.tokenUsage'))), {
        input_tokens: 30,
        output_tokens: 15,
        total_tokens: 45,
      });
    },
  },
  {
    number: 41,
    statement: 'GenAI conventions give type and tokens, and stay as they were',
    async run(api) {
      const [experiment, trace] = [await api.newExperiment(), newTrace()];
      const attributes = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.usage.input_tokens': 7n,
        'gen_ai.usage.output_tokens': 3n,
      };
      await api.sendSpans(experiment, [span(trace, { attributes })]);
      equal(await api.find(experiment, "span.type = 'CHAT_MODEL'"), [`tr-${trace}`]);
      const [one] = await readSpans(api, trace);
      holds(
        JSON.stringify(attribute(one, 'mlflow.chat.tokenUsage')).includes('"total_tokens","value":{"int_value":10}'),
        'a total of 10',
      );
      equal(attribute(one, 'gen_ai.usage.input_tokens'), { int_value: 7 });
    },
  },
  {
    number: 42,
    statement: 'OpenInference gives type, inputs and outputs',
    async run(api) {
      const trace = newTrace();
      const attributes = { 'openinference.span.kind': 'TOOL', 'input.value': 'in', 'output.value': 'out' };
      await api.sendSpans('0', [span(trace, { attributes })]);
      const [one] = await readSpans(api, trace);
      equal(
        ['mlflow.spanType', 'mlflow.spanInputs', 'mlflow.spanOutputs'].map((key) => attribute(one, key)),
        ['TOOL', 'in', 'out'].map((string_value) => ({ string_value })),
      );
    },
  },
  {
    number: 43,
    statement: "resource attributes are tags, the SDK's own are not",
    async run(api) {
      const trace = newTrace();
      await api.sendSpans('0', [span(trace)], {
        resource: { 'deployment.environment': 'prod', 'telemetry.sdk.name': 'x' },
      });
      const tags = (await api.info(`tr-${trace}`))['tags'] as Record<string, string>;
      equal([tags['deployment.environment'], tags['telemetry.sdk.name']], ['prod', undefined]);
    },
  },
  {
    number: 44,
    statement: "a root's mlflow.traceTag.* beats an equal resource attribute",
    async run(api) {
      const trace = newTrace();
      await api.sendSpans('0', [span(trace, { attributes: { 'mlflow.traceTag.team': 'a' } })], {
        resource: { team: 'b' },
      });
      equal(((await api.info(`tr-${trace}`))['tags'] as Record<string, string>)['team'], 'a');
    },
  },
  {
    number: 45,
    statement: 'a run header links the trace; an unknown run refuses nothing',
    async run(api) {
      const [experiment, trace] = [await api.newExperiment(), newTrace()];
      const run = String((await api.post2('runs/create', { experiment_id: experiment })).at('run.info.run_id'));
      succeeded(await api.sendSpans(experiment, [span(trace)], { headers: { 'x-mlflow-run-id': run } }));
      succeeded(await api.sendSpans(experiment, [span(newTrace())], { headers: { 'x-mlflow-run-id': randomHex(32) } }));
      equal(await api.find(experiment, `run_id = '${run}'`), [`tr-${trace}`]);
      refused(await api.get2(`runs/get?run_id=${randomHex(32)}`), 404, 'RESOURCE_DOES_NOT_EXIST');
    },
  },
];
