/** What vendors answered, recorded, against what a span should say: plain answers and streams put together. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../exchange.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { converse } from './bedrock-converse.ts';
import { invokeModel } from './bedrock-invoke.ts';
import { cohereChat, cohereEmbeddings } from './cohere-chat.ts';
import { rerank } from './cohere-rerank.ts';
import { geminiContent } from './genai-content.ts';
import { mistralChat } from './mistral-chat.ts';
import { ollamaChat, ollamaGenerate } from './ollama-chat.ts';

const RECORDINGS = new URL('../../../integration/recordings/', import.meta.url);

interface Recorded {
  readonly request_body: unknown;
  readonly response_status: number;
  readonly response_body?: string;
}

type Fields = Readonly<Record<string, unknown>>;

function read(file: string): Recorded {
  return JSON.parse(readFileSync(new URL(file, RECORDINGS), 'utf8')) as Recorded;
}

/** The events of a stream, of either text form; `undefined` for a plain answer. */
function eventsOf(body: string): readonly unknown[] | undefined {
  const lines = body.split(/\r?\n/).filter((line) => line !== '');
  const data = lines.filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]');
  if (data.length > 0) return data.map((line) => JSON.parse(line.slice('data: '.length)) as unknown);
  const isNdjson = lines.length > 1 && lines.every((line) => line.startsWith('{') && line.endsWith('}'));
  return isNdjson ? lines.map((line) => JSON.parse(line) as unknown) : undefined;
}

function wholeAnswer(exchange: Exchange, body: string): unknown {
  const events = eventsOf(body);
  if (events === undefined) return JSON.parse(body);
  const assembler = exchange.createAssembler?.();
  for (const event of events) assembler?.add(event);
  return assembler?.build();
}

function describeFile(exchange: Exchange, file: string): Fields {
  const recorded = read(file);
  const request = exchange.describeRequest(recorded.request_body);
  const response = exchange.describeResponse(wholeAnswer(exchange, recorded.response_body ?? ''));
  return { outputs: response.outputs, ...request.attributes, ...response.attributes };
}

describe('Anthropic', () => {
  test('cached input is input, and told apart', () => {
    expect(describeFile(anthropicMessages, 'anthropic/messages.cacheread-cachewrite-92d33dbd.json')).toMatchObject({
      'mlflow.chat.tokenUsage': {
        input_tokens: 3 + 1111 + 418,
        output_tokens: 33,
        total_tokens: 1565,
        cache_read_input_tokens: 1111,
        cache_creation_input_tokens: 418,
      },
    });
  });

  test('a streamed tool call: its input is parsed once whole', () => {
    expect(describeFile(anthropicMessages, 'anthropic/messages.sse-toolcall-tools-fcdbc230.json')).toMatchObject({
      'mlflow.chat.tools': [{ type: 'function', function: { name: 'get_current_temperature' } }],
      'mlflow.chat.tokenUsage': { input_tokens: 351, output_tokens: 85, total_tokens: 436 },
      'gen_ai.response.finish_reasons': ['tool_use'],
      outputs: {
        role: 'assistant',
        content: [
          { type: 'text' },
          { type: 'tool_use', name: 'get_current_temperature', input: { city: 'San Francisco' } },
        ],
      },
    });
  });

  test('cut short, a tool call keeps the text it had', () => {
    const events = eventsOf(read('anthropic/messages.sse-toolcall-tools-fcdbc230.json').response_body ?? '') ?? [];
    const assembler = anthropicMessages.createAssembler?.();
    const cut = events.findIndex((event) => JSON.stringify(event).includes('input_json_delta')) + 3;
    for (const event of events.slice(0, cut)) assembler?.add(event);
    expect(assembler?.build()).toMatchObject({ content: [{}, { input: expect.any(String) as unknown }] });
  });

  test('thinking', () => {
    const { outputs } = describeFile(anthropicMessages, 'anthropic/messages.reasoning-sse-ed400304.json');
    expect(outputs).toMatchObject({
      content: [
        { type: 'thinking', thinking: expect.any(String) as unknown, signature: expect.any(String) as unknown },
        {},
      ],
    });
  });
});

describe('Gemini', () => {
  test('thoughts are output, and told apart', () => {
    expect(describeFile(geminiContent, 'gemini/generateContent-52c4934c.json')).toMatchObject({
      'mlflow.chat.tokenUsage': { input_tokens: 5, output_tokens: 21, total_tokens: 26 },
      'gen_ai.usage.reasoning.output_tokens': 20,
      'gen_ai.response.id': 'wwzpacCxEdXd_uMP-Y20yAk',
      'mlflow.llm.model': 'gemini-2.5-flash',
    });
  });

  test('a stream is one candidate with one text', () => {
    const { outputs } = describeFile(geminiContent, 'gemini/streamGenerateContent.sse-b6bffc71.json');
    expect(outputs).toMatchObject({
      candidates: [
        { content: { parts: [{ text: expect.stringMatching(/^The capital of Canada is Ottawa\.\n/) as unknown }] } },
      ],
    });
  });
});

describe('Cohere', () => {
  test('tokens the model read, not those billed', () => {
    expect(describeFile(cohereChat, 'cohere/chat.cacheread-toolresult-tools-01d00f62.json')).toMatchObject({
      'mlflow.chat.tokenUsage': { input_tokens: 1533, output_tokens: 36, cache_read_input_tokens: 1440 },
    });
  });

  test('the second API, streamed: plan, parallel calls, arguments in pieces', () => {
    expect(describeFile(cohereChat, 'cohere/chat.sse-toolcall-tools-3e6af009.json')).toMatchObject({
      'gen_ai.response.finish_reasons': ['TOOL_CALL'],
      outputs: {
        message: {
          tool_plan: expect.any(String) as unknown,
          tool_calls: [
            { function: { name: 'get_time', arguments: expect.stringContaining('Tokyo') as unknown } },
            { function: { name: 'get_weather', arguments: expect.stringContaining('Tokyo') as unknown } },
          ],
        },
      },
    });
  });

  test('the first API, streamed: the last event is the answer', () => {
    expect(describeFile(cohereChat, 'cohere/chat.ndjson-bc159067.json')).toMatchObject({
      'mlflow.chat.tokenUsage': { input_tokens: 206, output_tokens: 3, total_tokens: 209 },
      outputs: { text: 'Hola.' },
    });
  });

  test('embeddings and rankings: sizes and scores, no vectors', () => {
    const embeddings = describeFile(cohereEmbeddings, 'cohere/embed-f3c2d814.json');
    expect(embeddings).toMatchObject({ 'gen_ai.embeddings.dimension.count': 384 });
    expect(JSON.stringify(embeddings).length).toBeLessThan(500);
    expect(describeFile(rerank, 'cohere/rerank-57462d85.json')).toMatchObject({
      outputs: { results: [{ index: 3, relevance_score: expect.any(Number) as unknown }, {}, {}] },
    });
  });
});

describe('Bedrock', () => {
  test('Converse: cached input is input, and tools are told in the chat form', () => {
    expect(describeFile(converse, 'bedrock/converse.toolcall-tools-f9f03860.json')).toMatchObject({
      'mlflow.chat.tools': [{ type: 'function', function: { name: 'get_current_weather' } }],
      'mlflow.chat.tokenUsage': { input_tokens: 415, output_tokens: 180, total_tokens: 595 },
      'gen_ai.response.finish_reasons': ['tool_use'],
    });
  });

  test('InvokeModel: bytes are read in the shape of the model’s family', () => {
    const { request_body: body, response_body: answer } = read('bedrock/invoke.cacheread-f1c84fad.json');
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    const request = invokeModel.describeRequest({ modelId: 'x', body: JSON.stringify(body) });
    const response = invokeModel.describeResponse({ contentType: 'application/json', body: encode(answer ?? '') });
    expect(request).toMatchObject({ inputs: { body }, attributes: { 'mlflow.message.format': 'anthropic' } });
    expect(response.attributes).toMatchObject({
      'mlflow.chat.tokenUsage': { cache_read_input_tokens: expect.any(Number) as unknown },
    });
  });
});

test('Ollama: the pieces of a stream are one message', () => {
  expect(describeFile(ollamaChat, 'ollama/chat.ndjson-9dd599a5.json')).toMatchObject({
    'mlflow.chat.tokenUsage': { input_tokens: 17, output_tokens: 63, total_tokens: 80 },
    outputs: {
      message: { role: 'assistant', content: expect.stringMatching(/^Here's one:\n\nWhy/) as unknown },
      done: true,
    },
  });
});

describe('every recording', () => {
  const files = readdirSync(RECORDINGS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));

  test.each([
    { vendor: 'anthropic', prefix: 'messages', exchange: anthropicMessages },
    { vendor: 'gemini', prefix: 'generateContent', exchange: geminiContent },
    { vendor: 'gemini', prefix: 'streamGenerateContent', exchange: geminiContent },
    { vendor: 'mistral', prefix: 'chat', exchange: mistralChat },
    { vendor: 'cohere', prefix: 'chat', exchange: cohereChat },
    { vendor: 'ollama', prefix: 'chat', exchange: ollamaChat },
    { vendor: 'ollama', prefix: 'generate', exchange: ollamaGenerate },
    { vendor: 'bedrock', prefix: 'converse.', exchange: converse },
  ])('$vendor $prefix: answers and tokens', ({ vendor, prefix, exchange }) => {
    const own = files.filter((file) => file.startsWith(`${vendor}/${prefix}`) && !file.includes('.err'));
    const described = own.map((file) => ({ file, fields: describeFile(exchange, file) }));
    const without = (key: string): readonly string[] =>
      described.filter(({ fields }) => fields[key] === undefined).map(({ file }) => file);
    expect([without('outputs'), without('mlflow.chat.tokenUsage')]).toEqual([[], []]);
    expect(own.length).toBeGreaterThan(3);
  });
});
