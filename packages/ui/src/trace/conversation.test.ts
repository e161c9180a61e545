import { describe, expect, test } from 'vitest';
import { readConversation, readParameters } from './conversation.ts';
import { readException } from './exceptions.ts';

describe('readConversation()', () => {
  test.each([
    { why: 'a text', value: 'hello' },
    { why: 'an object without messages', value: { question: 'hello' } },
    { why: 'no messages', value: { messages: [] } },
    { why: 'messages without a role', value: { messages: [{ content: 'hello' }] } },
    { why: 'nothing', value: undefined },
  ])('$why is no conversation', ({ value }) => {
    expect(readConversation(value, 'request')).toBeUndefined();
  });

  test.each<{ why: string; side: 'request' | 'response'; value: unknown; says: string; beside: unknown }>([
    {
      why: "OpenAI's answer",
      side: 'response',
      value: { id: 'x', choices: [{ message: { role: 'assistant', content: 'sunny' }, finish_reason: 'stop' }] },
      says: 'sunny',
      beside: { id: 'x' },
    },
    {
      why: "Anthropic's answer",
      side: 'response',
      value: { model: 'm', role: 'assistant', content: [{ type: 'text', text: 'sunny' }] },
      says: 'sunny',
      beside: { model: 'm' },
    },
    {
      why: "Gemini's question",
      side: 'request',
      value: { contents: [{ role: 'user', parts: [{ text: 'weather?' }] }] },
      says: 'weather?',
      beside: {},
    },
  ])('reads $why as it was sent, and the rest beside it', ({ side, value, says, beside }) => {
    expect(readConversation(value, side)?.[0]?.parts).toEqual([{ kind: 'text', text: says }]);
    expect(readParameters(value)).toEqual(beside);
  });

  test('a payload nested beyond reason is no conversation', () => {
    const deep = JSON.parse('{"a":'.repeat(2000) + '1' + '}'.repeat(2000)) as unknown;
    expect(readConversation(deep, 'request')).toBeUndefined();
  });

  test('keeps tool calls, reasoning, finish reason and the id a result answers', () => {
    const messages = [
      {
        role: 'assistant',
        content: null,
        reasoning: 'I should look',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'search', arguments: '{"q":"refund"}' } }],
        finish_reason: 'tool_calls',
      },
      { role: 'tool', tool_call_id: 'c1', content: 'found' },
    ];
    expect(readConversation({ messages }, 'request')).toEqual([
      {
        role: 'assistant',
        roleText: 'assistant',
        reasoning: 'I should look',
        finishReason: 'tool_calls',
        parts: [],
        toolCalls: [{ id: 'c1', name: 'search', arguments: { q: 'refund' } }],
      },
      { role: 'tool', roleText: 'tool', toolCallId: 'c1', parts: [{ kind: 'text', text: 'found' }], toolCalls: [] },
    ]);
  });

  test.each([
    { why: 'broken JSON', written: '{"q": ', read: '{"q": ' },
    { why: 'a plain word', written: 'refund', read: 'refund' },
    { why: 'an object that was never text', written: { q: 1 }, read: { q: 1 } },
  ])('shows arguments as they came: $why', ({ written, read }) => {
    const message = { role: 'assistant', tool_calls: [{ function: { name: 'search', arguments: written } }] };
    expect(readConversation({ messages: [message] }, 'request')?.[0]?.toolCalls).toEqual([
      { name: 'search', arguments: read },
    ]);
  });

  test.each([
    {
      why: 'a safe inline picture may be shown',
      part: { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      media: { what: 'image', label: 'image/png', bytes: 9, dataUrl: 'data:image/png;base64,iVBORw0KGgo=' },
    },
    {
      why: 'a picture that could hold a script may not',
      part: { type: 'image_url', image_url: { url: 'data:image/svg+xml;base64,PHN2Zz4=' } },
      media: { what: 'image', label: 'image/svg+xml', bytes: 6 },
    },
    {
      why: 'a remote picture shows its host and loads nothing',
      part: { type: 'image_url', image_url: { url: 'https://evil.example/a.png?secret=1' } },
      media: { what: 'image', label: 'evil.example' },
    },
    {
      why: 'a file',
      part: { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
      media: { what: 'file', label: 'a.pdf · application/pdf', bytes: 3 },
    },
  ])('$why', ({ part, media }) => {
    const read = readConversation({ messages: [{ role: 'user', content: [part] }] }, 'request');
    expect(read?.[0]?.parts).toEqual([{ kind: 'media', media }]);
  });

  test('one part nobody knows does not hide the rest', () => {
    const content = [
      { type: 'text', text: 'look' },
      { type: 'hologram', depth: 3 },
    ];
    expect(readConversation({ messages: [{ role: 'user', content }] }, 'request')?.[0]?.parts).toEqual([
      { kind: 'text', text: 'look' },
      { kind: 'other', value: { type: 'hologram', depth: 3 } },
    ]);
  });
});

test('readParameters() is what stands beside the messages', () => {
  expect(readParameters({ messages: [], temperature: 0.2 })).toEqual({ temperature: 0.2 });
});

describe('readException()', () => {
  test('splits the stack into lines', () => {
    const attributes = { 'exception.type': 'KeyError', 'exception.message': 'x', 'exception.stacktrace': 'a\nb\n' };
    expect(readException({ name: 'exception', attributes })).toEqual({
      type: 'KeyError',
      message: 'x',
      stack: ['a', 'b'],
    });
  });

  test('is content with nothing but the event', () => {
    expect(readException({ name: 'exception', attributes: {} })).toEqual({ type: 'Exception', message: '', stack: [] });
    expect(readException({ name: 'retry', attributes: {} })).toBeUndefined();
  });
});
