/** The real `openai` client against recorded answers: what it gives back must be what it always gave. */
import { readRecordings, recordingFolders, startReplayServer, type ReplayServer } from '@clew/examples';
import type { Span as SpanRecord } from '@clew/core';
import OpenAI, { APIError, RateLimitError } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { flush, init, withSpan } from '../src/lib/api.ts';
import { autolog } from '../src/lib/autolog/autolog.ts';
import { createMemoryExporter, type MemoryExporter } from '../src/lib/export-memory.ts';

const QUESTION = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'What is the capital of Mexico?' }],
} satisfies OpenAI.ChatCompletionCreateParams;
const STREAM: OpenAI.ChatCompletionCreateParamsStreaming = {
  ...QUESTION,
  stream: true,
  stream_options: { include_usage: true },
};
const ANSWER = 'The capital of Mexico is Mexico City.';
const WEATHER = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'What is the weather in Paris? Use the tool.' }],
  stream: false,
  tool_choice: 'auto',
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        description: '',
        strict: true,
        parameters: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false,
        },
      },
    },
  ],
} satisfies OpenAI.ChatCompletionCreateParamsNonStreaming;

let replay: ReplayServer;
let memory: MemoryExporter;
let client: OpenAI;
let undo: () => void;

beforeAll(async () => {
  replay = await startReplayServer();
  client = new OpenAI({ apiKey: 'key', maxRetries: 0, fetch: replay.fetchAs('openai') });
});

beforeEach(() => {
  memory = createMemoryExporter();
  init({ exporter: memory });
  undo = autolog({ hooks: false });
});

afterEach(() => undo());
afterAll(() => replay.close());

async function oneSpan(): Promise<SpanRecord> {
  await flush();
  const [span, ...others] = memory.spans;
  if (span === undefined || others.length > 0) throw new Error(`expected one span, got ${memory.spans.length}`);
  return span;
}

async function readAll(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

describe('a plain call', () => {
  test('leaves request, answer, usage, model and provider', async () => {
    await client.chat.completions.create(WEATHER);
    expect(await oneSpan()).toMatchObject({
      name: 'chat gpt-4o',
      kind: 'client',
      status: { code: 'ok' },
      attributes: {
        'mlflow.spanType': 'CHAT_MODEL',
        'mlflow.spanInputs': WEATHER,
        'mlflow.spanOutputs': { choices: [{ message: { tool_calls: [{ function: { name: 'get_weather' } }] } }] },
        'mlflow.chat.tokenUsage': { input_tokens: 48, output_tokens: 14, total_tokens: 62 },
        'mlflow.llm.model': 'gpt-4o-2024-08-06',
        'mlflow.llm.provider': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'server.address': 'api.openai.com',
        'http.response.status_code': 200,
      },
    });
  });

  test('its promise is the API promise it was', async () => {
    const promise = client.chat.completions.create(WEATHER);
    expect(promise.constructor.name).toBe('APIPromise');
    expect(Object.keys(promise)).toEqual(['responsePromise', 'parseResponse']);
    const { data, response } = await promise.withResponse();
    expect([data.choices[0]?.finish_reason, response.status]).toEqual(['tool_calls', 200]);
    expect(await oneSpan()).toMatchObject({ attributes: { 'mlflow.chat.tokenUsage': { total_tokens: 62 } } });
  });

  test('asResponse() leaves the body to the user', async () => {
    const response = await client.chat.completions.create(WEATHER).asResponse();
    expect(await response.json()).toMatchObject({ object: 'chat.completion' });
    expect(await oneSpan()).toMatchObject({ status: { code: 'ok' }, attributes: { 'http.response.status_code': 200 } });
  });

  test('parse() is one span, not two', async () => {
    const completion = await client.chat.completions.parse(WEATHER);
    expect(completion.choices[0]?.message.tool_calls?.[0]?.function.parsed_arguments).toEqual({ city: 'Paris' });
    await oneSpan();
  });

  test('nests below the span that is active', async () => {
    await withSpan({ name: 'outer' }, () => client.chat.completions.create(WEATHER));
    await flush();
    const [call, outer] = memory.spans;
    expect(call?.parentSpanId).toBe(outer?.spanId);
    expect(outer?.attributes['mlflow.spanOutputs']).toMatchObject({ object: 'chat.completion' });
  });

  test('arguments are not touched', async () => {
    await client.chat.completions.create(Object.freeze({ ...WEATHER }), Object.freeze({ timeout: 5000 }));
    await oneSpan();
  });
});

describe('a stream', () => {
  test('read to its end is the whole answer', async () => {
    const stream = await client.chat.completions.create(STREAM);
    expect(stream.constructor.name).toBe('Stream');
    expect(await readAll(stream)).toBe(ANSWER);
    const span = await oneSpan();
    expect(span).toMatchObject({
      status: { code: 'ok' },
      attributes: {
        'mlflow.spanOutputs': { choices: [{ message: { content: ANSWER } }] },
        'mlflow.chat.tokenUsage': { input_tokens: 14, output_tokens: 8, total_tokens: 22 },
        'mlflow.llm.model': 'gpt-4o-2024-08-06',
        'clew.time_to_first_token': expect.any(Number) as unknown,
      },
    });
  });

  test('left early ends the span, and the request', async () => {
    const stream = await client.chat.completions.create(STREAM);
    for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? '') !== '') break;
    expect(stream.controller.signal.aborted).toBe(true);
    expect(await oneSpan()).toMatchObject({
      status: { code: 'ok' },
      attributes: {
        'clew.stream.abandoned': true,
        'mlflow.spanOutputs': { choices: [{ message: { content: 'The' } }] },
      },
    });
  });

  test.each([
    {
      why: 'its controller',
      abort: (stream: { controller: AbortController }, _own: AbortController) => stream.controller.abort(),
    },
    {
      why: "the caller's signal",
      abort: (_stream: { controller: AbortController }, own: AbortController) => own.abort(),
    },
  ])('aborted by $why ends in error, once', async ({ abort }) => {
    const own = new AbortController();
    const stream = await client.chat.completions.create(STREAM, { signal: own.signal });
    let chunks = 0;
    for await (const _chunk of stream) {
      chunks += 1;
      if (chunks === 2) abort(stream, own);
    }
    expect(await oneSpan()).toMatchObject({
      status: { code: 'error', message: 'The stream was aborted' },
      attributes: { 'error.type': 'aborted' },
    });
  });

  test('aborted before it is read', async () => {
    const stream = await client.chat.completions.create(STREAM);
    stream.controller.abort();
    expect(await oneSpan()).toMatchObject({ status: { code: 'error' } });
  });

  test('tee() and toReadableStream() give all chunks', async () => {
    const [left, right] = (await client.chat.completions.create(STREAM)).tee();
    expect([await readAll(left), await readAll(right)]).toEqual([ANSWER, ANSWER]);
    await oneSpan();
    const web = (await client.chat.completions.create(STREAM)).toReadableStream();
    expect(await new Response(web).text()).toContain('Mexico');
  });

  test('the helper is one span', async () => {
    const runner = client.chat.completions.stream({ ...QUESTION, stream_options: { include_usage: true } });
    expect((await runner.finalChatCompletion()).choices[0]?.message.content).toBe(ANSWER);
    expect(await oneSpan()).toMatchObject({
      attributes: { 'mlflow.spanOutputs': { choices: [{ message: { content: ANSWER } }] } },
    });
  });

  test('an error event inside it ends the span in error and reaches the user', async () => {
    const groq = new OpenAI({
      apiKey: 'k',
      maxRetries: 0,
      baseURL: 'https://api.groq.com/openai/v1',
      fetch: replay.fetchAs('groq'),
    });
    const request = recordedRequest('groq/chat.completions.reasoning-sse-tools-8e947bc8.json');
    const stream = await groq.chat.completions.create(request as OpenAI.ChatCompletionCreateParamsStreaming);
    await expect(readAll(stream)).rejects.toThrow(APIError);
    expect(await oneSpan()).toMatchObject({ status: { code: 'error' }, attributes: { 'mlflow.llm.provider': 'groq' } });
  });
});

describe('other APIs', () => {
  test('responses, streamed', async () => {
    const request = {
      input: 'Say hi.',
      instructions: 'You are a helpful assistant.',
      model: 'gpt-4o-mini',
      stream: true,
    } as const;
    const stream = await client.responses.create(request);
    for await (const _event of stream);
    expect(await oneSpan()).toMatchObject({
      attributes: {
        'mlflow.spanType': 'CHAT_MODEL',
        'mlflow.spanOutputs': { object: 'response', status: 'completed' },
      },
    });
  });

  test('embeddings decode as ever', async () => {
    const { data } = await client.embeddings.create({ model: 'text-embedding-ada-002', input: [[9642], [2822]] });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536]);
    expect(await oneSpan()).toMatchObject({
      attributes: { 'mlflow.spanType': 'EMBEDDING', 'gen_ai.embeddings.dimension.count': 1536 },
    });
  });
});

describe('failures', () => {
  test('keep their class, status and body, and end the span', async () => {
    const openrouter = new OpenAI({
      apiKey: 'k',
      maxRetries: 0,
      baseURL: 'https://openrouter.ai/api/v1',
      fetch: replay.fetchAs('openrouter'),
    });
    const request = recordedRequest('openrouter/chat.completions.err429-7ce89fd8.json');
    const call = openrouter.chat.completions.create(request as OpenAI.ChatCompletionCreateParamsNonStreaming);
    await expect(call).rejects.toThrow(RateLimitError);
    const span = await oneSpan();
    expect(span).toMatchObject({
      status: { code: 'error' },
      attributes: {
        'error.type': 'RateLimitError',
        'http.response.status_code': 429,
        'clew.error.body': { code: 429 },
      },
    });
    expect(span.events.map(({ name }) => name)).toEqual(['exception']);
  });

  test('an answer that is not JSON', async () => {
    const broken = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: () => Promise.resolve(jsonResponse('{"cut')) });
    await expect(broken.chat.completions.create(WEATHER)).rejects.toThrow(SyntaxError);
    expect(await oneSpan()).toMatchObject({ status: { code: 'error' } });
  });

  test.each([
    { why: 'nobody looks at: Node complains as ever', isLookedAt: false, complaints: 1 },
    { why: 'somebody handles: it does not', isLookedAt: true, complaints: 0 },
  ])('a rejection that $why', async ({ isLookedAt, complaints }) => {
    const heard: unknown[] = [];
    const former = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => heard.push(reason));
    const broken = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: () => Promise.resolve(jsonResponse('{}', 500)) });
    const call = broken.chat.completions.create(WEATHER);
    if (isLookedAt) await call.catch(() => {});
    while (memory.spans.length === 0) await flush();
    await new Promise((resolve) => setImmediate(resolve));
    process.removeAllListeners('unhandledRejection');
    for (const listener of former) process.on('unhandledRejection', listener);
    expect(heard.length).toBe(complaints);
  });
});

describe('undo and twice', () => {
  test('calling autolog() twice is one span a call', async () => {
    const undoSecond = autolog({ hooks: false });
    await client.chat.completions.create(WEATHER);
    await oneSpan();
    undoSecond();
  });

  test('undo puts the originals back', async () => {
    const observed = createMethod();
    undo();
    expect(createMethod()).not.toBe(observed);
    await client.chat.completions.create(WEATHER);
    await flush();
    expect(memory.spans).toEqual([]);
  });

  test('disable leaves a package alone', async () => {
    undo();
    undo = autolog({ hooks: false, disable: ['openai'] });
    await client.chat.completions.create(WEATHER);
    await flush();
    expect(memory.spans).toEqual([]);
  });

  test('what must not be kept is in no span, and the rest is', async () => {
    undo();
    undo = autolog({ hooks: false, libraries: { openai: { keepInputs: false, keepOutputs: false } } });
    await client.chat.completions.create(WEATHER);
    const { attributes } = await oneSpan();
    expect(attributes).toMatchObject({ 'mlflow.llm.model': 'gpt-4o-2024-08-06', 'gen_ai.request.model': 'gpt-4o' });
    expect(JSON.stringify(attributes)).not.toMatch(/weather|Paris/i);
  });

  test('name and length stay', () => {
    expect([OpenAI.Chat.Completions.prototype.create.name, OpenAI.Chat.Completions.prototype.create.length]).toEqual([
      'create',
      2,
    ]);
  });
});

function createMethod(): { readonly name: string; readonly length: number } {
  return Reflect.get(OpenAI.Chat.Completions.prototype, 'create');
}

function jsonResponse(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'content-type': 'application/json' } });
}

function recordedRequest(file: string): unknown {
  const found = readRecordings(recordingFolders()[0] ?? '').find((recording) => recording.file === file);
  return found?.requestBody;
}
