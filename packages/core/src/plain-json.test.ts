import { describe, expect, test } from 'vitest';
import type { AttributeValue } from './attributes.ts';
import { writePlainJson } from './plain-json.ts';

describe('writePlainJson()', () => {
  test.each<{ why: string; value: AttributeValue; compact: string; spaced?: string }>([
    {
      why: 'a map',
      value: { a: 1n, b: [true, null] },
      compact: '{"a":1,"b":[true,null]}',
      spaced: '{"a": 1, "b": [true, null]}',
    },
    {
      why: 'integers and doubles stay apart',
      value: [3n, 3, 0.5, 1e21],
      compact: '[3,3.0,0.5,1e+21]',
      spaced: '[3, 3.0, 0.5, 1e+21]',
    },
    { why: 'a 64-bit integer', value: 9007199254740993n, compact: '9007199254740993' },
    { why: 'a number JSON has no word for', value: Number.NaN, compact: '"NaN"' },
    { why: 'bytes', value: new Uint8Array([1, 2]), compact: '"AQI="' },
    { why: 'a key with $ is an ordinary key', value: { $ref: 'x' }, compact: '{"$ref":"x"}', spaced: '{"$ref": "x"}' },
    { why: 'text with quotes', value: 'a "b"', compact: '"a \\"b\\""' },
    { why: 'nothing', value: {}, compact: '{}' },
  ])('$why', ({ value, compact, spaced = compact }) => {
    expect(writePlainJson(value)).toBe(compact);
    expect(writePlainJson(value, 'spaced')).toBe(spaced);
  });
});
