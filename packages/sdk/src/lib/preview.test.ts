import { describe, expect, test } from 'vitest';
import { requestPreview, responsePreview } from './preview.ts';

describe('requestPreview()', () => {
  test.each([
    {
      why: 'the last user message',
      value: {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'user', content: 'b' },
          { role: 'system', content: 'c' },
        ],
      },
      is: 'b',
    },
    { why: 'the last message where no user speaks', value: { messages: [{ role: 'system', content: 'c' }] }, is: 'c' },
    {
      why: 'the first text part',
      value: { messages: [{ role: 'user', content: [{ type: 'image_url' }, { type: 'text', text: 'look' }] }] },
      is: 'look',
    },
    { why: 'responses input', value: { input: [{ role: 'user', content: 'hi' }] }, is: 'hi' },
    { why: 'a wrapper', value: { request: { messages: [{ role: 'user', content: 'deep' }] } }, is: 'deep' },
    { why: 'any other value is its JSON', value: { q: 1n, list: [true] }, is: '{"q":1,"list":[true]}' },
    { why: 'text keeps its quotes', value: 'hello', is: '"hello"' },
    {
      why: 'empty content falls back',
      value: { messages: [{ role: 'user', content: '' }] },
      is: '{"messages":[{"role":"user","content":""}]}',
    },
    { why: 'nothing', value: undefined, is: undefined },
  ])('$why', ({ value, is }) => {
    expect(requestPreview(value)).toBe(is);
  });

  test('long text is cut to 1000 characters, between characters', () => {
    expect(requestPreview({ messages: [{ role: 'user', content: 'x'.repeat(2000) }] })).toBe(`${'x'.repeat(997)}...`);
    expect(requestPreview({ messages: [{ role: 'user', content: `${'x'.repeat(996)}😀${'x'.repeat(99)}` }] })).toBe(
      `${'x'.repeat(996)}...`,
    );
  });
});

describe('responsePreview()', () => {
  test.each([
    { why: 'a chat completion', value: { choices: [{ message: { role: 'assistant', content: 'yes' } }] }, is: 'yes' },
    {
      why: 'a response',
      value: { output: [{ role: 'assistant', content: [{ type: 'output_text', text: 'ok' }] }] },
      is: 'ok',
    },
    { why: 'a list is its JSON', value: [1], is: '[1]' },
  ])('$why', ({ value, is }) => {
    expect(responsePreview(value)).toBe(is);
  });
});
