import { describe, expect, test } from 'vitest';
import { bindParameters } from './bind-parameters.ts';

describe('bindParameters()', () => {
  test.each([
    { why: 'text', type: 'String', value: 'plain', literal: "'plain'" },
    { why: 'text that would end the literal', type: 'String', value: "' OR 1 --", literal: String.raw`'\' OR 1 --'` },
    { why: 'text that would escape its end', type: 'String', value: '\\', literal: String.raw`'\\'` },
    { why: 'text that looks like a placeholder', type: 'String', value: '{p:String}', literal: "'{p:String}'" },
    { why: 'text that replace() would read', type: 'String', value: "$& $' $1", literal: String.raw`'$& $\' $1'` },
    { why: 'a list', type: 'Array(String)', value: ['a', "'"], literal: String.raw`['a','\'']` },
    { why: 'an empty list', type: 'Array(String)', value: [], literal: "CAST([], 'Array(String)')" },
    { why: 'a double', type: 'Float64', value: 0.1, literal: "CAST('0.1', 'Float64')" },
    { why: 'a large double', type: 'Float64', value: 1e300, literal: "CAST('1e+300', 'Float64')" },
    { why: 'negative zero', type: 'Float64', value: -0, literal: "CAST('-0', 'Float64')" },
    { why: 'infinity', type: 'Float64', value: -Infinity, literal: "CAST('-inf', 'Float64')" },
    { why: 'not a number', type: 'Float64', value: Number.NaN, literal: "CAST('nan', 'Float64')" },
    { why: 'a 64-bit integer', type: 'Int64', value: -(2n ** 63n), literal: "CAST('-9223372036854775808', 'Int64')" },
    { why: 'a count', type: 'UInt32', value: 7, literal: '7' },
  ])('writes $why', ({ type, value, literal }) => {
    expect(bindParameters(`SELECT {p:${type}}`, { p: value })).toBe(`SELECT ${literal}`);
  });

  test.each([
    { why: 'a missing parameter', type: 'String', value: undefined },
    { why: 'a number for text', type: 'String', value: 1 },
    { why: 'text for a number', type: 'Float64', value: '1' },
    { why: 'a list with something else', type: 'Array(String)', value: ['a', 1] },
    { why: 'a fraction for a count', type: 'UInt32', value: 1.5 },
    { why: 'a number for a 64-bit integer', type: 'Int64', value: 1 },
    { why: 'a type nobody uses', type: 'DateTime', value: 'now' },
  ])('refuses $why', ({ type, value }) => {
    expect(() => bindParameters(`SELECT {p:${type}}`, { p: value })).toThrow('Cannot bind parameter "p"');
  });

  test('fills every placeholder once, in one pass', () => {
    expect(bindParameters('{a:String} {b:String} {a:String}', { a: '{b:String}', b: 'x' })).toBe(
      "'{b:String}' 'x' '{b:String}'",
    );
  });
});
