import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readChatMessages } from './chat.ts';
import type { ChatSide } from './chat-message.ts';
import { fromPlain } from './json-text.ts';

const USER = { role: 'user', content: 'hi' };
const CALL = { id: 'c1', type: 'function', function: { name: 'get', arguments: '{"n":1}' } };

describe('readChatMessages()', () => {
  test.each<{ why: string; value: unknown; side?: ChatSide; messages: unknown }>([
    { why: '{messages}', value: { messages: [USER] }, messages: [USER] },
    { why: 'a list of messages', value: [USER], messages: [USER] },
    {
      why: 'a single message',
      value: { role: 'assistant', content: 'yo' },
      side: 'response',
      messages: [{ role: 'assistant', content: 'yo' }],
    },
    { why: 'a wrapped request', value: { request: { messages: [USER] } }, messages: [USER] },
    {
      why: 'OpenAI: an answer',
      value: {
        choices: [{ message: { role: 'assistant', content: null, tool_calls: [CALL] }, finish_reason: 'tool_calls' }],
      },
      side: 'response',
      messages: [{ role: 'assistant', content: null, tool_calls: [CALL], finish_reason: 'tool_calls' }],
    },
    {
      why: 'OpenAI: a responses request',
      value: { model: 'm', instructions: 'Be brief.', input: 'hi' },
      messages: [{ role: 'system', content: 'Be brief.' }, USER],
    },
    {
      why: 'OpenAI: a responses answer is one message',
      value: {
        output: [
          { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
          { type: 'function_call', call_id: 'c1', id: 'fc_1', name: 'get', arguments: '{"n":1}' },
          { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'One moment.' }] },
        ],
      },
      side: 'response',
      messages: [{ role: 'assistant', content: 'One moment.', tool_calls: [CALL], reasoning: 'Hm.' }],
    },
    {
      why: 'OpenAI: calls and results in a responses request',
      value: {
        model: 'm',
        input: [
          { type: 'reasoning', encrypted_content: 'xyz', summary: [] },
          { type: 'function_call', call_id: 'c1', name: 'get', arguments: '{"n":1}' },
          { type: 'function_call_output', call_id: 'c1', output: '7' },
        ],
      },
      messages: [
        { role: 'assistant', content: null, tool_calls: [CALL] },
        { role: 'tool', content: '7', tool_call_id: 'c1' },
      ],
    },
    { why: 'completions', value: { model: 'm', prompt: 'Say hi' }, messages: [{ role: 'user', content: 'Say hi' }] },
    {
      why: 'Anthropic: a request with a tool result',
      value: {
        system: [{ type: 'text', text: 'Be brief.' }],
        messages: [
          { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'get', input: { n: 1 } }] },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: '7' }] }],
          },
        ],
      },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'assistant', content: null, tool_calls: [CALL] },
        { role: 'tool', content: '7', tool_call_id: 'c1' },
      ],
    },
    {
      why: 'Anthropic: an answer with thinking',
      value: {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'text', text: 'yo' },
        ],
        stop_reason: 'end_turn',
      },
      side: 'response',
      messages: [{ role: 'assistant', content: 'yo', reasoning: 'Hm.', finish_reason: 'stop' }],
    },
    {
      why: 'Gemini: a request',
      value: {
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        contents: [
          { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'get', args: { n: 1 } } }] },
          { role: 'user', parts: [{ functionResponse: { id: 'c1', name: 'get', response: { v: 7 } } }] },
        ],
      },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'assistant', content: null, tool_calls: [CALL] },
        { role: 'tool', content: '{"v":7}', tool_call_id: 'c1', name: 'get' },
      ],
    },
    {
      why: 'Gemini: an answer',
      value: {
        candidates: [
          { content: { role: 'model', parts: [{ text: 'Hm.', thought: true }, { text: 'yo' }] }, finishReason: 'STOP' },
        ],
      },
      side: 'response',
      messages: [{ role: 'assistant', content: 'yo', reasoning: 'Hm.', finish_reason: 'stop' }],
    },
    {
      why: 'Bedrock: an answer',
      value: {
        output: {
          message: { role: 'assistant', content: [{ toolUse: { toolUseId: 'c1', name: 'get', input: { n: 1 } } }] },
        },
        stopReason: 'tool_use',
      },
      side: 'response',
      messages: [{ role: 'assistant', content: null, tool_calls: [CALL], finish_reason: 'tool_calls' }],
    },
    {
      why: 'Ollama: an answer',
      value: { model: 'm', message: { role: 'assistant', content: 'yo' }, done: true, done_reason: 'stop' },
      side: 'response',
      messages: [{ role: 'assistant', content: 'yo', finish_reason: 'stop' }],
    },
    {
      why: 'Cohere: a request with history',
      value: { message: 'hi', chat_history: [{ role: 'CHATBOT', message: 'yo' }] },
      messages: [{ role: 'assistant', content: 'yo' }, USER],
    },
    {
      why: 'LangChain: constructor JSON, a list of conversations',
      value: { messages: [[{ lc: 1, id: ['langchain_core', 'messages', 'HumanMessage'], kwargs: { content: 'hi' } }]] },
      messages: [USER],
    },
    {
      why: 'LangChain: typed messages with calls',
      value: [
        { type: 'human', content: 'hi' },
        { type: 'ai', content: '', tool_calls: [{ id: 'c1', name: 'get', args: { n: 1 }, type: 'tool_call' }] },
      ],
      messages: [USER, { role: 'assistant', content: null, tool_calls: [CALL] }],
    },
    { why: 'text', value: 'hi', messages: undefined },
    { why: 'an ordinary map', value: { question: 'hi' }, messages: undefined },
    { why: 'a map with an input of its own', value: { input: 'hi' }, messages: undefined },
    { why: 'a list of texts', value: ['hi'], messages: undefined },
    { why: 'messages that are none', value: { messages: [1, 2] }, messages: undefined },
    { why: 'no messages', value: { messages: [] }, messages: undefined },
    {
      why: 'wrapped too often',
      value: { request: { request: { request: { request: { request: { messages: [USER] } } } } } },
      messages: undefined,
    },
  ])('$why', ({ value, side, messages }) => {
    expect(readChatMessages(fromPlain(value), side)).toEqual(messages);
  });

  test.each([
    { why: 'a url', part: { type: 'image_url', image_url: { url: 'https://a/b.png' } }, url: 'https://a/b.png' },
    { why: 'a url as text', part: { type: 'input_image', image_url: 'https://a/b.png' }, url: 'https://a/b.png' },
    {
      why: 'GenAI: a blob',
      part: { type: 'blob', modality: 'image', mime_type: 'image/gif', content: 'AQI=' },
      url: 'data:image/gif;base64,AQI=',
    },
    { why: 'GenAI: a uri', part: { type: 'uri', modality: 'image', uri: 'gs://a' }, url: 'gs://a' },
    {
      why: 'Anthropic: base64',
      part: { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AQI=' } },
      url: 'data:image/png;base64,AQI=',
    },
    {
      why: 'Gemini: inline',
      part: { inlineData: { mimeType: 'image/png', data: 'AQI=' } },
      url: 'data:image/png;base64,AQI=',
    },
    {
      why: 'AI SDK: a file',
      part: { type: 'file', mediaType: 'image/png', data: 'AQI=' },
      url: 'data:image/png;base64,AQI=',
    },
    {
      why: 'Bedrock: bytes',
      part: { image: { format: 'jpeg', source: { bytes: 'AQI=' } } },
      url: 'data:image/jpeg;base64,AQI=',
    },
  ])('an image in a message: $why', ({ part, url }) => {
    expect(readChatMessages(fromPlain([{ role: 'user', content: [part] }]))).toEqual([
      { role: 'user', content: [{ type: 'image_url', image_url: { url } }] },
    ]);
  });

  test.each<{ why: string; message: unknown; content: unknown }>([
    {
      why: 'several texts stay parts',
      message: { role: 'user', content: ['a', 'b'] },
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    {
      why: 'a part we do not know is kept',
      message: { role: 'user', content: [{ type: 'compaction', x: 'y' }] },
      content: [{ type: 'compaction', x: 'y' }],
    },
    {
      why: 'an AI SDK result loses its wrapper',
      message: { role: 'tool', content: '{"type":"json","value":{"v":7}}' },
      content: '{"v":7}',
    },
    {
      why: 'any other JSON stays what was said',
      message: { role: 'tool', content: '{"type":"dog"}' },
      content: '{"type":"dog"}',
    },
    { why: 'nothing said', message: { role: 'assistant', content: null }, content: null },
  ])('content: $why', ({ message, content }) => {
    expect(readChatMessages(fromPlain([message]))?.[0]?.content).toEqual(content);
  });
});

const RECORDINGS = fileURLToPath(new URL('../../../../shared/data/provider-recordings/', import.meta.url));

interface RecordedExchange {
  readonly file: string;
  readonly endpoint: string;
  readonly status: number;
}

describe.skipIf(!existsSync(RECORDINGS))(`recorded exchanges of 16 providers (needs ${RECORDINGS})`, () => {
  const chats = new Set(['chat.completions', 'responses', 'messages', 'converse', 'generateContent', 'chat']);
  const index = existsSync(RECORDINGS)
    ? (JSON.parse(readFileSync(`${RECORDINGS}index.json`, 'utf8')) as readonly RecordedExchange[])
    : [];

  test('a conversation is found in every chat request and every whole answer', () => {
    const missed = index
      .filter(({ endpoint, status }) => status < 400 && chats.has(endpoint))
      .filter(({ file }) => !isFound(file))
      .map(({ file }) => file);
    expect(missed).toEqual([]);
  });

  function isFound(file: string): boolean {
    const exchange = JSON.parse(readFileSync(RECORDINGS + file, 'utf8')) as {
      readonly request_body: unknown;
      readonly response_body?: string;
    };
    const answer = parse(exchange.response_body ?? '');
    return (
      readChatMessages(fromPlain(exchange.request_body), 'request') !== undefined &&
      (answer === undefined || readChatMessages(fromPlain(answer), 'response') !== undefined)
    );
  }

  function parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
});
