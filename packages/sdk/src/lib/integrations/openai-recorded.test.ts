/** The vendor's own bytes, recorded, against what a span should say. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../exchange.ts';
import { chatCompletions } from './openai-chat.ts';
import { embeddings } from './openai-embeddings.ts';
import { responses } from './openai-responses.ts';

const RECORDINGS = new URL('../../../../../examples/recordings/', import.meta.url);

interface Recorded {
  readonly request_body: Readonly<Record<string, unknown>>;
  readonly response_status: number;
  readonly response_body: string;
}

function read(file: string): Recorded {
  return JSON.parse(readFileSync(new URL(file, RECORDINGS), 'utf8')) as Recorded;
}

function eventsOf(body: string): readonly unknown[] {
  const data = body.split('\n').filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]');
  return data.map((line) => JSON.parse(line.slice('data: '.length)) as unknown);
}

/** The response as the client would give it, streams put together. */
function wholeResponse(exchange: Exchange, { response_body: body }: Recorded): unknown {
  if (!/^(data|event)?: /.test(body)) return JSON.parse(body);
  const assembler = exchange.createAssembler?.();
  for (const event of eventsOf(body)) assembler?.add(event);
  return assembler?.build();
}

function describeFile(exchange: Exchange, file: string): Readonly<Record<string, unknown>> {
  const recorded = read(file);
  const request = exchange.describeRequest(recorded.request_body);
  const response = exchange.describeResponse(wholeResponse(exchange, recorded));
  return { outputs: response.outputs, ...request.attributes, ...response.attributes };
}

describe('chat completions', () => {
  test('plain', () => {
    expect(describeFile(chatCompletions, 'openai/chat.completions.toolresult-tools-ac54e143.json')).toMatchObject({
      'mlflow.llm.model': 'gpt-4o-2024-08-06',
      'mlflow.chat.tokenUsage': { input_tokens: 74, output_tokens: 8, total_tokens: 82 },
      'mlflow.chat.tools': [{ type: 'function', function: { name: 'get_weather' } }],
      'mlflow.message.format': 'openai',
      'gen_ai.response.finish_reasons': ['stop'],
      outputs: { choices: [{ message: { role: 'assistant', content: 'The weather in Paris is sunny.' } }] },
    });
  });

  test('cached tokens', () => {
    const fields = describeFile(chatCompletions, 'openai/chat.completions.cacheread-sse-514fd418.json');
    expect(fields['mlflow.chat.tokenUsage']).toEqual({
      input_tokens: 1144,
      output_tokens: 3,
      total_tokens: 1147,
      cache_read_input_tokens: 1024,
    });
  });

  test('a stream becomes the completion it stands for', () => {
    const { outputs } = describeFile(chatCompletions, 'openai/chat.completions.sse-91eb8072.json');
    expect(outputs).toEqual({
      id: 'chatcmpl-CMKB5PJNylRj8HPTW1RXOd2Xrfnwa',
      object: 'chat.completion',
      created: 1759436815,
      model: 'gpt-4o-2024-08-06',
      service_tier: 'default',
      system_fingerprint: 'fp_f33640a400',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'The capital of Mexico is Mexico City.' },
          finish_reason: 'stop',
        },
      ],
      usage: expect.objectContaining({ prompt_tokens: 14, completion_tokens: 8 }) as unknown,
    });
  });

  test('parallel tool calls, their arguments in pieces', () => {
    const { outputs } = describeFile(chatCompletions, 'openai/chat.completions.sse-toolcall-tools-27a187d9.json');
    expect(outputs).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            content: null,
            tool_calls: [
              {
                id: 'call_3rqTYrA6H21AYUaRGP4F66oq',
                type: 'function',
                function: { name: 'get_country', arguments: '{}' },
              },
              {
                id: 'call_Xw9XMKBJU48kAAd78WgIswDx',
                type: 'function',
                function: { name: 'get_product_name', arguments: '{}' },
              },
            ],
          },
        },
      ],
    });
  });

  test('log probabilities of all chunks', () => {
    const { outputs } = describeFile(chatCompletions, 'openai/chat.completions.logprobs-sse-e5b566e5.json') as {
      outputs: {
        choices: readonly [{ message: { content: string }; logprobs: { content: readonly { token: string }[] } }];
      };
    };
    const [choice] = outputs.choices;
    expect(choice.logprobs.content.map(({ token }) => token).join('')).toBe(choice.message.content);
  });

  test("Groq's reasoning and its own place for usage", () => {
    const fields = describeFile(
      chatCompletions,
      'groq/chat.completions.reasoning-sse-toolcall-toolresult-tools-7a398c63.json',
    );
    expect(fields['mlflow.chat.tokenUsage']).toMatchObject({ output_tokens: expect.any(Number) as unknown });
    expect(fields['outputs']).toMatchObject({ choices: [{ message: { reasoning: expect.any(String) as unknown } }] });
  });
});

describe('responses', () => {
  test.each([
    { why: 'plain', file: 'openai/responses-f559df99.json' },
    { why: 'streamed', file: 'openai/responses.sse-c226198a.json' },
    { why: 'streamed with reasoning', file: 'openai/responses.reasoning-sse-1c96fe00.json' },
  ])('$why: output text, usage, id', ({ file }) => {
    expect(describeFile(responses, file)).toMatchObject({
      'gen_ai.response.id': expect.stringMatching(/^resp_/) as unknown,
      'gen_ai.response.finish_reasons': ['completed'],
      'mlflow.chat.tokenUsage': { total_tokens: expect.any(Number) as unknown },
      outputs: { output: expect.arrayContaining([expect.objectContaining({ type: 'message' })]) as unknown },
    });
  });

  test('reasoning tokens', () => {
    const fields = describeFile(responses, 'openai/responses.reasoning-fef30950.json');
    expect(fields['gen_ai.usage.reasoning.output_tokens']).toBe(320);
    expect(fields['mlflow.chat.tokenUsage']).toEqual({ input_tokens: 11, output_tokens: 327, total_tokens: 338 });
  });

  test('flat function tools are told in the chat form, others as they are', () => {
    const flat = describeFile(responses, 'openai/responses.toolcall-tools-5e9bd1e9.json')['mlflow.chat.tools'];
    const server = describeFile(responses, 'openai/responses.servertool-tools-b9410221.json')['mlflow.chat.tools'];
    expect(flat).toMatchObject([{ type: 'function', function: { name: expect.any(String) as unknown } }]);
    expect(server).toMatchObject([{ type: expect.stringContaining('search') as unknown }]);
  });

  test('a stream that is cut short still says what had arrived', () => {
    const events = eventsOf(read('openai/responses.sse-5998090d.json').response_body);
    const assembler = responses.createAssembler?.();
    const readable = events.slice(0, 12).map((event) => assembler?.add(event));
    const partial = assembler?.build() as { output: readonly { content: readonly { text: string }[] }[] } | undefined;
    const text = partial?.output[0]?.content[0]?.text ?? '';
    expect(text.length).toBeGreaterThan(5);
    expect(readable.indexOf(true)).toBeGreaterThan(0);
  });
});

describe('embeddings', () => {
  test.each([
    { why: 'numbers', file: 'openai/embeddings-3b2c2f47.json', count: 1, dimensions: 1536, total: 6 },
    { why: 'base64', file: 'openai/embeddings-98f5878b.json', count: 2, dimensions: 1536, total: 2 },
    { why: 'a total alone', file: 'voyage/embeddings-705c5002.json', count: 3, dimensions: 512, total: 18 },
  ])('$why: sizes and usage, never vectors', ({ file, count, dimensions, total }) => {
    const fields = describeFile(embeddings, file);
    expect(fields).toMatchObject({
      outputs: { count, dimensions },
      'gen_ai.embeddings.dimension.count': dimensions,
      'mlflow.chat.tokenUsage': { input_tokens: total, output_tokens: 0, total_tokens: total },
    });
    expect(JSON.stringify(fields).length).toBeLessThan(1000);
  });
});

describe('every recording', () => {
  const files = readdirSync(RECORDINGS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const of = (prefix: string): readonly string[] =>
    files.filter((file) => file.includes(`/${prefix}`) && !file.includes('.err'));

  test.each([
    { name: 'chat.completions', exchange: chatCompletions, prefix: 'chat.completions' },
    { name: 'responses', exchange: responses, prefix: 'responses' },
    { name: 'embeddings', exchange: embeddings, prefix: 'embeddings' },
  ])('$name has a model and outputs', ({ exchange, prefix }) => {
    const described = of(prefix).map((file) => ({ file, fields: describeFile(exchange, file) }));
    // A stream of Groq's that ends in an error event names its model too, before it fails.
    expect(described.filter(({ fields }) => fields['mlflow.llm.model'] === undefined).map(({ file }) => file)).toEqual(
      [],
    );
    expect(described.filter(({ fields }) => fields['outputs'] === undefined).map(({ file }) => file)).toEqual([]);
    expect(described.length).toBeGreaterThan(2);
  });
});
