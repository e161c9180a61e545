import { describe, expect, test } from 'vitest';
import { fromPlain } from '../json-text.ts';
import { readBoolean, readInteger, readStringMap, readText, readTexts, requireText, type Message } from './message.ts';

function message(json: unknown): Message {
  return fromPlain(json) as Message;
}

describe('message fields', () => {
  test('are found in snake_case and in camelCase', () => {
    expect(requireText(message({ trace_id: 'a' }), 'trace_id')).toBe('a');
    expect(requireText(message({ traceId: 'a' }), 'trace_id')).toBe('a');
  });

  test.each([
    { why: 'an integer', json: { n: 10 }, value: 10n },
    { why: 'an integer as text', json: { n: '10' }, value: 10n },
    { why: 'absent', json: {}, value: undefined },
    { why: 'null counts as absent', json: { n: null }, value: undefined },
  ])('readInteger() reads $why', ({ json, value }) => {
    expect(readInteger(message(json), 'n')).toBe(value);
  });

  test.each([
    {
      why: 'a word for an integer',
      read: () => readInteger(message({ max_results: 'abc' }), 'max_results'),
      says: '"abc" for parameter "max_results": expected an integer',
    },
    {
      why: 'a fraction for an integer',
      read: () => readInteger(message({ n: 1.5 }), 'n'),
      says: '1.5 for parameter "n"',
    },
    {
      why: 'a word for a boolean',
      read: () => readBoolean(message({ b: 'maybe' }), 'b'),
      says: 'expected true or false',
    },
    { why: 'a list for text', read: () => readText(message({ t: [] }), 't'), says: 'expected text' },
    { why: 'a missing text', read: () => requireText(message({}), 'name'), says: 'required parameter "name"' },
    { why: 'an empty text', read: () => requireText(message({ name: '' }), 'name'), says: 'required parameter "name"' },
  ])('refuses $why and says so', ({ read, says }) => {
    expect(read).toThrow(says);
  });

  test('readTexts() takes one text for a list of one', () => {
    expect(readTexts(message({ ids: 'a' }), 'ids')).toEqual(['a']);
    expect(readTexts(message({ ids: ['a', 'b'] }), 'ids')).toEqual(['a', 'b']);
    expect(readTexts(message({}), 'ids')).toEqual([]);
  });

  test('readStringMap() takes an object or a list of {key, value}', () => {
    expect(readStringMap(message({ tags: { a: '1', b: 2 } }), 'tags')).toEqual({ a: '1', b: '2' });
    expect(readStringMap(message({ tags: [{ key: 'a', value: '1' }] }), 'tags')).toEqual({ a: '1' });
    expect(Object.keys(readStringMap(message(JSON.parse('{"tags":{"__proto__":"x"}}')), 'tags'))).toEqual([
      '__proto__',
    ]);
  });
});
