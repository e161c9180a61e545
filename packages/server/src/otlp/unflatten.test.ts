import { createAttributes, type Attributes, type AttributeValue } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { unflattenList } from './unflatten.ts';

describe('unflattenList()', () => {
  test.each<{ why: string; attributes: { readonly [key: string]: AttributeValue }; list: unknown }>([
    { why: 'nothing of the family', attributes: { 'q.0.a': 'x', p: 'y' }, list: undefined },
    {
      why: 'numeric order, gaps closed',
      attributes: { 'p.10.a': 'c', 'p.0.a': 'a', 'p.2.a': 'b' },
      list: [{ a: 'a' }, { a: 'b' }, { a: 'c' }],
    },
    {
      why: 'lists inside',
      attributes: { 'p.0.t.1.n': 'b', 'p.0.t.0.n': 'a' },
      list: [{ t: [{ n: 'a' }, { n: 'b' }] }],
    },
    {
      why: 'wrappers of one key are taken off',
      attributes: { 'p.0.message.role': 'user', 'p.0.message.tool_calls.0.tool_call.id': '1' },
      list: [{ role: 'user', tool_calls: [{ id: '1' }] }],
    },
    { why: 'attributes with no value leave nothing', attributes: { 'p.0.a': null, 'p.0.b': 'x' }, list: [{ b: 'x' }] },
    { why: 'a map beats a scalar before it', attributes: { 'p.0.a': 'x', 'p.0.a.b': 'y' }, list: [{ a: { b: 'y' } }] },
    { why: 'a map beats a scalar after it', attributes: { 'p.0.a.b': 'y', 'p.0.a': 'x' }, list: [{ a: { b: 'y' } }] },
    { why: 'a value that is a map is a leaf', attributes: { 'p.0.a': { x: 1n } }, list: [{ a: { x: 1n } }] },
    { why: 'names where indexes belong are no items', attributes: { 'p.filter.a': 'x' }, list: undefined },
    {
      why: 'indexes above 10,000 are left out',
      attributes: { 'p.999999999.a': 'x', 'p.0.a.10001.b': 'y', 'p.1.a': 'z' },
      list: [{ a: 'z' }],
    },
    {
      why: 'paths of 13 steps are left out',
      attributes: { [`p.0${'.a'.repeat(12)}`]: 'x', 'p.1.a': 'z' },
      list: [{ a: 'z' }],
    },
  ])('$why', ({ attributes, list }) => {
    expect(unflattenList(attributesOf(attributes), 'p')).toEqual(list);
  });

  test('no key reaches a prototype', () => {
    const list = unflattenList(attributesOf({ 'p.0.__proto__.polluted': 'x', 'p.0.constructor': 'c' }), 'p');
    expect(Object.keys((list?.[0] ?? {}) as Attributes)).toEqual(['__proto__', 'constructor']);
    expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });

  test('10,000 attributes of one family are read in one pass', () => {
    const attributes = createAttributes();
    for (let at = 0; at < 10_000; at += 1) attributes[`p.${at}.message.content`] = String(at);
    expect(unflattenList(attributes, 'p')).toHaveLength(10_000);
  });
});

function attributesOf(values: { readonly [key: string]: AttributeValue }): Attributes {
  return Object.assign(createAttributes(), values);
}
