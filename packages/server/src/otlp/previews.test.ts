import { fromPlain, type AttributeValue, type ChatSide } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { previewOf } from './previews.ts';

const USER = { role: 'user', content: 'hi' };
const ASSISTANT = { role: 'assistant', content: 'hello' };
const SYSTEM = { role: 'system', content: 'be kind' };

describe('previewOf()', () => {
  test.each<{ why: string; value: unknown; side?: ChatSide; preview: string | undefined }>([
    { why: 'a plain string keeps its quotes', value: 'hello', preview: '"hello"' },
    {
      why: 'a map is JSON as Python writes it',
      value: { q: 1, r: ['a', null] },
      preview: '{"q": 1, "r": ["a", null]}',
    },
    { why: 'text beyond ASCII stays readable', value: { q: 'ä' }, preview: '{"q": "ä"}' },
    { why: 'null has no preview', value: null, preview: undefined },
    { why: 'the last user message of a request', value: { messages: [USER, ASSISTANT] }, preview: 'hi' },
    {
      why: 'the last assistant message of a response',
      value: { messages: [ASSISTANT, USER] },
      side: 'response',
      preview: 'hello',
    },
    {
      why: 'the very last message when that role is missing',
      value: { messages: [USER, SYSTEM] },
      side: 'response',
      preview: 'be kind',
    },
    { why: "OpenAI's answer", value: { choices: [{ message: ASSISTANT }] }, side: 'response', preview: 'hello' },
    { why: 'a responses request', value: { input: [USER] }, preview: 'hi' },
    {
      why: 'a responses answer',
      value: { output: [{ ...ASSISTANT, content: [{ type: 'output_text', text: 'yo' }] }] },
      side: 'response',
      preview: 'yo',
    },
    { why: 'a wrapped request', value: { request: { messages: [USER] } }, preview: 'hi' },
    { why: 'a bare list of messages', value: [SYSTEM, USER], preview: 'hi' },
    {
      why: 'the first text part',
      value: { messages: [{ role: 'user', content: [{ type: 'image_url' }, { type: 'text', text: 'a' }] }] },
      preview: 'a',
    },
    {
      why: 'an answer that only calls tools: the calls',
      value: {
        messages: [
          { role: 'assistant', content: null, tool_calls: [{ function: { name: 'find', arguments: '{"q":1}' } }] },
        ],
      },
      side: 'response',
      preview: 'find({"q":1})',
    },
    {
      why: 'no text at all: the whole value',
      value: { messages: [{ role: 'user', content: '' }] },
      preview: '{"messages": [{"role": "user", "content": ""}]}',
    },
    { why: 'messages that are none', value: { messages: ['x'] }, preview: '{"messages": ["x"]}' },
  ])('$why', ({ value, side = 'request', preview }) => {
    expect(previewOf(fromPlain(value), side)).toBe(preview);
  });

  test.each<{ why: string; value: AttributeValue }>([
    { why: 'a message', value: { messages: [{ role: 'user', content: 'x'.repeat(5000) }] } },
    { why: 'a string', value: 'x'.repeat(5000) },
    { why: 'JSON', value: { q: 'x'.repeat(5000) } },
  ])('$why of 5,000 characters is cut to 1,000 with an ellipsis', ({ value }) => {
    const preview = previewOf(value, 'request');
    expect(preview).toHaveLength(1000);
    expect(preview).toMatch(/x\.\.\.$/);
  });

  test('half characters are replaced', () => {
    expect(previewOf({ messages: [{ role: 'user', content: 'a\ud800' }] }, 'request')).toBe('a\ufffd');
  });

  test('exactly 1,000 characters stay', () => {
    const text = 'x'.repeat(1000);
    expect(previewOf({ messages: [{ role: 'user', content: text }] }, 'request')).toBe(text);
  });

  test('a character is not cut in half', () => {
    const text = `${'x'.repeat(996)}${'😀'.repeat(10)}`;
    expect(previewOf({ messages: [{ role: 'user', content: text }] }, 'request')).toBe(`${'x'.repeat(996)}...`);
  });
});
