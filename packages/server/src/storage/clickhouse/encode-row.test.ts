import { describe, expect, test } from 'vitest';
import { encodeRow } from './encode-row.ts';

describe('encodeRow()', () => {
  test('writes one line of JSON', () => {
    const line = encodeRow({ a: 'x\ny', b: 1.5, c: null, d: true, e: ['1'], f: { k: 'v' } });
    expect(line).toBe('{"a":"x\\ny","b":1.5,"c":null,"d":true,"e":["1"],"f":{"k":"v"}}');
  });

  test.each([
    { why: 'a pair', text: '\ud83d\ude00', written: '"😀"' },
    { why: 'half a pair', text: 'a\ud83d', written: '"a\ufffd"' },
    { why: 'two halves in the wrong order', text: '\ude00\ud83d', written: '"\ufffd\ufffd"' },
    {
      why: 'the escape of a half, as JSON text in text',
      text: String.raw`"\ud83d"`,
      written: String.raw`"\"\\ud83d\""`,
    },
  ])('writes $why', ({ text, written }) => {
    expect(encodeRow({ a: text })).toBe(`{"a":${written}}`);
    expect(encodeRow({ a: { [text]: text } })).toBe(`{"a":{${written}:${written}}}`);
    expect(encodeRow({ a: [text] })).toBe(`{"a":[${written}]}`);
  });

  test('keeps hostile keys', () => {
    const map = Object.create(null) as { [key: string]: string };
    map['__proto__'] = '\ud800';
    expect(encodeRow({ a: map })).toBe('{"a":{"__proto__":"\ufffd"}}');
  });
});
