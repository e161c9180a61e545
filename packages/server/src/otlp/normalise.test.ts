import {
  createAttributes,
  must,
  parseSpanId,
  parseTraceId,
  unixNanos,
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanEvent,
  type SpanMeaning,
} from '@clew/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseSpan, normaliseSpans } from './normalise.ts';

type Values = { readonly [key: string]: AttributeValue };

describe('normaliseSpan()', () => {
  test('a span of no convention is kept as it came', () => {
    const span = spanOf({ 'http.request.method': 'GET' });
    expect(normaliseSpan(span)).toEqual({ ...span, meaning: { type: 'UNKNOWN', dialect: '' } });
  });

  test('attributes stay verbatim', () => {
    const attributes = { 'mlflow.spanInputs': '{"q":1}', 'gen_ai.usage.input_tokens': '7' };
    expect(normaliseSpan(spanOf(attributes)).attributes).toEqual(attributes);
  });

  describe("MLflow's attributes", () => {
    test.each<{ why: string; attributes: Values; inputs: unknown }>([
      { why: 'a structured value', attributes: { 'mlflow.spanInputs': { q: 1n } }, inputs: { q: 1n } },
      {
        why: 'an object as text, encoded once too often',
        attributes: { 'mlflow.spanInputs': '{"q":1}' },
        inputs: { q: 1n },
      },
      { why: 'a string as JSON text', attributes: { 'mlflow.spanInputs': '"hi"' }, inputs: 'hi' },
      { why: 'a number as text is what the function saw', attributes: { 'mlflow.spanInputs': '3' }, inputs: '3' },
      { why: 'a list as text is too', attributes: { 'mlflow.spanInputs': '[1]' }, inputs: '[1]' },
      { why: 'text that is no JSON', attributes: { 'mlflow.spanInputs': '{oops' }, inputs: '{oops' },
      {
        why: 'every value is JSON text when the trace id is',
        attributes: { 'mlflow.traceRequestId': '"tr-1"', 'mlflow.spanInputs': '3' },
        inputs: 3n,
      },
      { why: 'an empty list stays one', attributes: { 'mlflow.spanInputs': [] }, inputs: [] },
    ])('inputs: $why', ({ attributes, inputs }) => {
      expect(meaningOf(attributes).inputs).toEqual(inputs);
    });

    test('beat every other convention on the span, which fills the rest', () => {
      const meaning = meaningOf({
        'mlflow.spanType': '"CHAIN"',
        'mlflow.spanOutputs': '"mine"',
        'openinference.span.kind': 'LLM',
        'input.value': 'theirs',
        'output.value': 'theirs',
        'llm.model_name': 'gpt-4o',
      });
      expect(meaning).toEqual({
        type: 'CHAIN',
        inputs: 'theirs',
        outputs: 'mine',
        model: 'gpt-4o',
        provider: 'openai',
        dialect: 'mlflow',
      });
    });

    test('usage, cost, model and provider', () => {
      expect(
        meaningOf({
          'mlflow.chat.tokenUsage': { input_tokens: 10n, output_tokens: 5n },
          'mlflow.llm.cost': '{"input_cost":0.1,"output_cost":0.2,"total_cost":0.3}',
          'mlflow.llm.model': '"gpt-4o"',
          'mlflow.llm.provider': 'OpenAI',
        }),
      ).toMatchObject({
        usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
        cost: { inputCost: 0.1, outputCost: 0.2, totalCost: 0.3 },
        model: 'gpt-4o',
        provider: 'openai',
      });
    });
  });

  test("the contract's example: an operation and two counts", () => {
    expect(
      meaningOf({ 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 7n, 'gen_ai.usage.output_tokens': 3n }),
    ).toEqual({
      type: 'CHAT_MODEL',
      usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 },
      dialect: 'gen-ai',
    });
  });

  test.each<{ why: string; value: AttributeValue }>([
    { why: 'an integer', value: 12n },
    { why: 'a double', value: 12 },
    { why: 'text', value: '12' },
    { why: 'text in quotes', value: '"12"' },
  ])('a count may be $why', ({ value }) => {
    expect(meaningOf({ 'gen_ai.usage.output_tokens': value }).usage?.outputTokens).toBe(12);
  });

  test('an invalid count gives way to the next source', () => {
    expect(
      meaningOf({
        'gen_ai.usage.input_tokens': 'many',
        'gen_ai.usage.prompt_tokens': 5n,
        'gen_ai.usage.output_tokens': -1n,
      }).usage,
    ).toEqual({ inputTokens: 5, outputTokens: 0, totalTokens: 5 });
  });

  describe('every generation of the GenAI conventions gives one conversation', () => {
    const asked = 'Weather in Lisbon?';
    const answered = 'Sunny.';
    const expected = {
      inputs: {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: asked },
        ],
      },
      outputs: { messages: [{ role: 'assistant', content: answered }] },
    };
    const parts = (text: string): Values[] => [{ type: 'text', content: text }];
    const latest = {
      'gen_ai.system_instructions': JSON.stringify(parts('Be brief.')),
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: parts(asked) }]),
      'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: parts(answered) }]),
    };
    test.each<{ why: string; attributes: Values; events: readonly SpanEvent[] }>([
      {
        why: 'A: two events with JSON',
        attributes: {},
        events: [
          eventOf('gen_ai.content.prompt', { 'gen_ai.prompt': JSON.stringify(expected.inputs.messages) }),
          eventOf('gen_ai.content.completion', { 'gen_ai.completion': JSON.stringify(expected.outputs.messages) }),
        ],
      },
      {
        why: 'A: two attributes with JSON',
        attributes: {
          'gen_ai.prompt': JSON.stringify(expected.inputs.messages),
          'gen_ai.completion': JSON.stringify(expected.outputs.messages),
        },
        events: [],
      },
      {
        why: 'B: an event per message',
        attributes: {},
        events: [
          eventOf('gen_ai.system.message', { content: 'Be brief.' }),
          eventOf('gen_ai.user.message', { content: asked }),
          eventOf('gen_ai.choice', { message: `{"content":"${answered}"}`, index: 0n }),
        ],
      },
      { why: 'C: JSON attributes', attributes: latest, events: [] },
      {
        why: 'C: a details event',
        attributes: {},
        events: [eventOf('gen_ai.client.inference.operation.details', latest)],
      },
      {
        why: 'D: structured attributes',
        attributes: {
          'gen_ai.system_instructions': parts('Be brief.'),
          'gen_ai.input.messages': [{ role: 'user', parts: parts(asked) }],
          'gen_ai.output.messages': [{ role: 'assistant', parts: parts(answered) }],
        },
        events: [],
      },
      {
        why: "OpenLLMetry's indexed attributes",
        attributes: {
          'gen_ai.prompt.0.role': 'system',
          'gen_ai.prompt.0.content': 'Be brief.',
          'gen_ai.prompt.1.role': 'user',
          'gen_ai.prompt.1.content': asked,
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': answered,
        },
        events: [],
      },
      {
        why: "OpenInference's indexed attributes",
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.input_messages.0.message.role': 'system',
          'llm.input_messages.0.message.content': 'Be brief.',
          'llm.input_messages.1.message.role': 'user',
          'llm.input_messages.1.message.content': asked,
          'llm.output_messages.0.message.content': answered,
        },
        events: [],
      },
    ])('$why', ({ attributes, events }) => {
      const { inputs, outputs } = meaningOf({ 'gen_ai.operation.name': 'chat', ...attributes }, events);
      expect({ inputs, outputs }).toEqual(expected);
    });
  });

  test('a request that holds only a system prompt is completed from the next source', () => {
    const meaning = meaningOf({
      'openinference.span.kind': 'AGENT',
      'llm.input_messages.0.message.role': 'system',
      'llm.input_messages.0.message.content': 'Be brief.',
      'ai.operationId': 'ai.generateText',
      'ai.prompt': '{"system":"Be brief.","prompt":"Hi"}',
    });
    expect(meaning.inputs).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
    });
  });

  test('session and user may be integers, or hide in JSON', () => {
    expect(meaningOf({ 'user.id': 42n, metadata: '{"thread_id":"t-1"}' })).toMatchObject({
      userId: '42',
      sessionId: 't-1',
    });
  });

  test('half characters in JSON do not reach identifiers', () => {
    expect(meaningOf({ 'session.id': '"a\\ud800"', 'gen_ai.request.model': '"\\udc00"' })).toMatchObject({
      sessionId: 'a\ufffd',
      model: '\ufffd',
    });
  });

  test('a TOOL span of OpenInference', () => {
    expect(
      meaningOf({
        'openinference.span.kind': 'tool',
        'input.value': '{"n":2}',
        'input.mime_type': 'application/json',
        'output.value': '7',
      }),
    ).toEqual({ type: 'TOOL', inputs: { n: 2n }, outputs: '7', dialect: 'openinference' });
  });

  test.each<{ why: string; attributes: Values; events?: readonly SpanEvent[]; message: string }>([
    {
      why: 'GenAI: error.type',
      attributes: { 'gen_ai.operation.name': 'chat', 'error.type': 'Timeout' },
      message: 'Timeout',
    },
    {
      why: 'Langfuse: level',
      attributes: { 'langfuse.observation.level': 'ERROR', 'langfuse.observation.status_message': 'blew up' },
      message: 'blew up',
    },
    {
      why: 'LangSmith: an exception and no outputs',
      attributes: { 'langsmith.span.kind': 'tool' },
      events: [eventOf('exception', { 'exception.message': 'boom' })],
      message: 'boom',
    },
    { why: 'Genkit: state', attributes: { 'genkit:state': 'error' }, message: '' },
    { why: 'LiveKit: flag', attributes: { 'lk.function_tool.is_error': true }, message: '' },
  ])('failed although its status is unset: $why', ({ attributes, events = [], message }) => {
    expect(normaliseSpan(spanOf(attributes, events)).status).toEqual({ code: 'error', message });
  });

  test('an exception alone is no failure: it may have been handled', () => {
    const span = spanOf({ 'gen_ai.operation.name': 'chat' }, [eventOf('exception', {})]);
    expect(normaliseSpan(span).status).toEqual({ code: 'unset' });
  });

  test("reading a span's meaning twice changes nothing", () => {
    const once = normaliseSpan(spanOf({ 'error.type': 'Timeout', 'gen_ai.operation.name': 'chat' }));
    expect(normaliseSpan(once)).toEqual(once);
  });

  test('never throws, whatever stands under the keys it knows', () => {
    const keys = fc.constantFrom(...KNOWN_KEYS);
    const value = fc.oneof(
      fc.constantFrom<AttributeValue>(null, '', '{}', '[', '[[[]]]', '"', 'null', -1n, Number.NaN, new Uint8Array([1])),
      fc.json().map((text): AttributeValue => text),
      fc.constantFrom<AttributeValue>([null, 1n, [], {}], { role: 5n, parts: 'x' }, [
        { role: 'tool', content: [null] },
      ]),
      fc.constantFrom<AttributeValue>(
        '{"messages":[null,{"role":1}],"choices":[{}]}',
        '[{"parts":[{"type":"tool_call"}]}]',
      ),
    );
    const attributes = fc.array(fc.tuple(keys, value), { maxLength: 12 }).map((entries) => Object.fromEntries(entries));
    const events = fc.array(
      fc.tuple(fc.constantFrom('gen_ai.choice', 'gen_ai.tool.message', 'db.query.result', 'exception'), attributes),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(attributes, events, (given, happened) => {
        const span = spanOf(
          given,
          happened.map(([name, body]) => eventOf(name, body)),
        );
        expect(normaliseSpan(span).meaning.type).toBeTypeOf('string');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('normaliseSpans()', () => {
  test("leaves out Logfire's copies of spans that have only begun", () => {
    const spans = ['span', 'pending_span'].map((kind) => spanOf({ 'logfire.span_type': kind }));
    expect(normaliseSpans(spans)).toEqual(spans.slice(0, 1).map(normaliseSpan));
  });
});

const KNOWN_KEYS = [
  'mlflow.spanType',
  'mlflow.spanInputs',
  'mlflow.chat.tokenUsage',
  'gen_ai.operation.name',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.prompt',
  'gen_ai.prompt.0.content',
  'gen_ai.completion.0.tool_calls',
  'gen_ai.response.finish_reasons',
  'gen_ai.usage.input_tokens',
  'gen_ai.tool.call.arguments',
  'gen_ai.retrieval.documents',
  'openinference.span.kind',
  'llm.input_messages.0.message.contents',
  'llm.input_messages.0.message.contents.0.message_content.type',
  'llm.output_messages.0',
  'llm.output_messages.0.message.tool_calls.0.tool_call.function.name',
  'input.value',
  'input.mime_type',
  'traceloop.span.kind',
  'traceloop.entity.input',
  'ai.operationId',
  'ai.prompt',
  'ai.prompt.messages',
  'ai.response.toolCalls',
  'ai.response.reasoning',
  'ai.response.providerMetadata',
  'ai.values',
  'langfuse.observation.type',
  'langfuse.observation.usage_details',
  'langsmith.span.kind',
  'mastra.span.type',
  'genkit:metadata:subtype',
  'genkit:output',
  'gcp.vertex.agent.llm_response',
  'lk.pii.chat_ctx',
  'span.type',
  'voltagent.operation_id',
  'llm.messages',
  'spring.ai.kind',
  'mcp.method.name',
  'db.system',
  'monocle_apptrace.version',
  'lmnr.span.type',
  'metadata',
  'session.id',
];

function meaningOf(attributes: Values, events: readonly SpanEvent[] = []): SpanMeaning {
  return normaliseSpan(spanOf(attributes, events)).meaning;
}

function spanOf(values: Values, events: readonly SpanEvent[] = []): Span {
  return {
    traceId: must(parseTraceId('0af7651916cd43dd8448eb211c80319c'), 'a trace id'),
    spanId: must(parseSpanId('b7ad6b7169203331'), 'a span id'),
    name: 'a',
    kind: 'internal',
    start: must(unixNanos(1n), 'a time'),
    status: { code: 'unset' },
    attributes: attributesOf(values),
    events,
    links: [],
    scope: { name: 'test', version: '', attributes: createAttributes() },
    resource: createAttributes(),
    traceState: '',
  };
}

function eventOf(name: string, values: Values): SpanEvent {
  return { name, time: must(unixNanos(1n), 'a time'), attributes: attributesOf(values) };
}

function attributesOf(values: Values): Attributes {
  return Object.assign(createAttributes(), values);
}
