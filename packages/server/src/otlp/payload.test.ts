import type { AttributeValue } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { decodeJsonPayload, decodePayload, identifier, isTruncatedJson } from './payload.ts';

describe('decodePayload()', () => {
  test.each<{ why: string; value: AttributeValue | undefined; decoded: unknown }>([
    { why: 'an object', value: '{"a":1}', decoded: { a: 1n } },
    { why: 'a list', value: '[1.5]', decoded: [1.5] },
    { why: 'a quoted string', value: '"text"', decoded: 'text' },
    { why: 'an object encoded twice', value: '"{\\"a\\":1}"', decoded: { a: 1n } },
    { why: 'a number as text stays text', value: '1', decoded: '1' },
    { why: 'a word stays text', value: 'true', decoded: 'true' },
    { why: 'JSON that was cut off stays text', value: '[{"a":', decoded: '[{"a":' },
    { why: 'a value that is structured already', value: { a: 1n }, decoded: { a: 1n } },
    ...['', '{}', '[]', '<REDACTED>', 'N/A', '<not serializable>', null, undefined, '""'].map((value) => ({
      why: `nothing: ${String(value)}`,
      value,
      decoded: undefined,
    })),
    { why: 'nothing: an empty list', value: [], decoded: undefined },
    { why: 'nothing: an empty map', value: {}, decoded: undefined },
    {
      why: 'levels beyond 200 stay text',
      value: '['.repeat(202) + ']'.repeat(202),
      decoded: '['.repeat(202) + ']'.repeat(202),
    },
  ])('$why', ({ value, decoded }) => {
    expect(decodePayload(value)).toEqual(decoded);
  });
});

describe('decodeJsonPayload()', () => {
  test.each<{ text: string; decoded: unknown }>([
    { text: '5', decoded: 5n },
    { text: 'true', decoded: true },
    { text: 'null', decoded: undefined },
    { text: 'not json', decoded: 'not json' },
  ])('$text', ({ text, decoded }) => {
    expect(decodeJsonPayload(text)).toEqual(decoded);
  });
});

describe('identifier()', () => {
  test.each<{ value: AttributeValue; text: string | undefined }>([
    { value: 'chat', text: 'chat' },
    { value: '"chat"', text: 'chat' },
    { value: '"cut', text: '"cut' },
    { value: '""', text: undefined },
    { value: 5n, text: undefined },
  ])('$value', ({ value, text }) => {
    expect(identifier(value)).toBe(text);
  });
});

describe('isTruncatedJson()', () => {
  test.each([
    { text: '{"a"', isTruncated: true },
    { text: '{"a":1}', isTruncated: false },
    { text: 'plain', isTruncated: false },
  ])('$text', ({ text, isTruncated }) => {
    expect(isTruncatedJson(text)).toBe(isTruncated);
  });
});
