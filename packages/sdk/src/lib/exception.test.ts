import { textAttribute } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { describeException } from './exception.ts';

class ShopClosed extends Error {}

describe('describeException()', () => {
  test.each([
    { why: 'an error', thrown: new TypeError('bad'), type: 'TypeError', message: 'bad' },
    { why: 'a class of its own', thrown: new ShopClosed('bye'), type: 'ShopClosed', message: 'bye' },
    { why: 'text', thrown: 'oops', type: 'string', message: 'oops' },
    { why: 'an object', thrown: { code: 7n }, type: 'object', message: '{"code":"7"}' },
    { why: 'nothing', thrown: undefined, type: 'undefined', message: 'null' },
  ])('$why', ({ thrown, type, message }) => {
    expect(describeException(thrown)).toMatchObject({
      message,
      attributes: { 'exception.type': type, 'exception.message': message },
    });
  });

  test('follows causes and the first of several errors, but not for ever', () => {
    const endless = new Error('loop');
    endless.cause = endless;
    const several = new AggregateError([new Error('first')], 'all failed');
    const stack = (thrown: unknown): string =>
      textAttribute(describeException(thrown).attributes, 'exception.stacktrace') ?? '';
    expect(stack(several)).toMatch(/all failed[\s\S]*Caused by: Error: first/);
    expect(stack(endless).match(/Caused by/g)).toHaveLength(7);
  });
});
