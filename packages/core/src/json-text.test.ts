import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttributeValue } from './attributes.ts';
import { decodeJsonText, encodeJsonText, fromBase64, parseJsonText, toBase64 } from './json-text.ts';

describe('parseJsonText()', () => {
  test.each<{ why: string; text: string; value: AttributeValue | undefined }>([
    { why: 'whole numbers are integers', text: '3', value: 3n },
    { why: 'a fraction makes a double, even .0', text: '[3.0]', value: [3] },
    { why: 'an exponent makes a double', text: '1e3', value: 1000 },
    { why: '64-bit integers stay exact', text: '{"t":1762161330250000001}', value: { t: 1762161330250000001n } },
    {
      why: 'long digit runs inside text change nothing',
      text: '["1762161330250000001", 2]',
      value: ['1762161330250000001', 2n],
    },
    {
      why: 'escaped quotes before a long number',
      text: '["a\\\\\\"", 12345678901234567890]',
      value: ['a\\"', 12345678901234567890n],
    },
    { why: 'words', text: ' [true, false, null] ', value: [true, false, null] },
    {
      why: 'empty list and map beside a long number',
      text: '[[], {}, 1111111111111111]',
      value: [[], {}, 1111111111111111n],
    },
    { why: 'not JSON', text: 'hello', value: undefined },
    { why: 'not JSON, with digits for the exact reader', text: '[1.5, ]', value: undefined },
    { why: 'text behind the end', text: '1.5 x', value: undefined },
    { why: 'empty', text: '', value: undefined },
    { why: 'too deep', text: '['.repeat(5000) + ']'.repeat(5000), value: undefined },
    { why: 'too deep for the exact reader', text: `${'['.repeat(5000)}1.5${']'.repeat(5000)}`, value: undefined },
  ])('$why', ({ text, value }) => {
    expect(parseJsonText(text)).toEqual(value);
  });

  test('a key named __proto__ is an ordinary key', () => {
    for (const text of ['{"__proto__":{"x":1}}', '{"__proto__":{"x":1.5}}']) {
      const value = parseJsonText(text);
      expect(Object.keys(value as object)).toEqual(['__proto__']);
      expect('x' in (value as object)).toBe(false);
    }
  });
});

describe('encodeJsonText()', () => {
  test.each<{ why: string; value: AttributeValue; text: string }>([
    { why: 'an integer', value: 3n, text: '3' },
    { why: 'a whole double keeps its point', value: 3, text: '3.0' },
    { why: 'bytes', value: new Uint8Array([1, 2, 255]), text: '{"$bytes":"AQL/"}' },
    {
      why: 'what JSON has no word for',
      value: [Number.NaN, -Infinity],
      text: '[{"$double":"NaN"},{"$double":"-Infinity"}]',
    },
    { why: 'a map that looks like ours is marked', value: { $bytes: 'x' }, text: '{"$map":{"$bytes":"x"}}' },
    { why: 'no escapes beyond JSON’s own', value: 'ü"', text: '"ü\\""' },
  ])('$why', ({ value, text }) => {
    expect(encodeJsonText(value)).toBe(text);
  });

  test('decodeJsonText() gives back every value', () => {
    const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.constantFrom('$bytes', '$double', '$map', '__proto__'),
        fc.boolean(),
        fc.constant(null),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.double(),
        fc.uint8Array({ maxLength: 9 }).map((bytes) => new Uint8Array(bytes)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$bytes', '$double', '$map', '__proto__')), tie('value'), {
          maxKeys: 3,
          noNullPrototype: false,
        }),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        const text = encodeJsonText(original);
        const decoded = decodeJsonText(text);
        expect(decoded).toEqual(original);
        expect(decoded === undefined ? undefined : encodeJsonText(decoded)).toBe(text);
      }),
    );
  });
});

describe('base64', () => {
  test.each([
    { why: 'no bytes', bytes: [], text: '' },
    { why: 'one byte', bytes: [255], text: '/w==' },
    { why: 'two bytes', bytes: [1, 2], text: 'AQI=' },
    { why: 'three bytes', bytes: [1, 2, 3], text: 'AQID' },
  ])('$why', ({ bytes, text }) => {
    expect(toBase64(new Uint8Array(bytes))).toBe(text);
    expect(fromBase64(text)).toEqual(new Uint8Array(bytes));
  });

  test.each([
    { why: 'the URL alphabet without padding', text: '_w', bytes: new Uint8Array([255]) },
    { why: 'a foreign character', text: 'A*==', bytes: undefined },
    { why: 'an impossible length', text: 'A', bytes: undefined },
  ])('fromBase64() reads $why', ({ text, bytes }) => {
    expect(fromBase64(text)).toEqual(bytes);
  });
});
