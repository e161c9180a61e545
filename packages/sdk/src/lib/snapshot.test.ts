import { describe, expect, test } from 'vitest';
import { takeSnapshot } from './snapshot.ts';

class Point {
  readonly x = 1;
  readonly #hidden = 2;
  get hidden(): number {
    return this.#hidden;
  }
}

describe('takeSnapshot()', () => {
  test.each([
    { why: 'text', value: 'hi', is: 'hi' },
    { why: 'falsy values are values', value: [0, '', false, null], is: [0, '', false, null] },
    { why: 'undefined in a list keeps its place', value: [undefined, 1], is: [null, 1] },
    { why: 'undefined in a map is left out', value: { a: undefined, b: 1 }, is: { b: 1 } },
    { why: 'a date', value: new Date(0), is: '1970-01-01T00:00:00.000Z' },
    { why: 'a date that is none', value: new Date(Number.NaN), is: 'Invalid Date' },
    { why: 'a map with text keys', value: new Map([['a', 1]]), is: { a: 1 } },
    { why: 'a map with other keys', value: new Map([[1, 'a']]), is: [[1, 'a']] },
    { why: 'a set', value: new Set([1, 2]), is: [1, 2] },
    { why: 'a big integer', value: { n: 2n ** 60n }, is: { n: 2n ** 60n } },
    { why: 'bytes are named, not stored', value: new Uint8Array(3), is: { type: 'Uint8Array', byteLength: 3 } },
    { why: 'a link', value: new URL('http://a.b/c'), is: 'http://a.b/c' },
    { why: 'a function', value: { f: takeSnapshot }, is: { f: '[Function takeSnapshot]' } },
    { why: 'a promise', value: Promise.resolve(1), is: '[Promise]' },
    { why: 'a class instance', value: new Point(), is: { x: 1 } },
    { why: 'toJSON', value: { toJSON: () => ({ safe: true }) }, is: { safe: true } },
    {
      why: 'a dangerous key',
      value: JSON.parse('{"__proto__":1}') as unknown,
      is: JSON.parse('{"__proto__":1}') as unknown,
    },
  ])('$why', ({ value, is }) => {
    expect(takeSnapshot(value).value).toEqual(is);
  });

  test('an error keeps its message, cause and own fields', () => {
    const error = Object.assign(new TypeError('bad', { cause: 'why' }), { status: 429 });
    expect(takeSnapshot(error).value).toMatchObject({ name: 'TypeError', message: 'bad', cause: 'why', status: 429 });
  });

  test('later changes do not show', () => {
    const messages = [{ role: 'user' }];
    const { value } = takeSnapshot({ messages });
    messages.push({ role: 'assistant' });
    expect(value).toEqual({ messages: [{ role: 'user' }] });
  });

  test('a cycle is marked, a repeated value is not one', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { first: shared, second: shared };
    value['self'] = value;
    expect(takeSnapshot(value).value).toEqual({ first: { a: 1 }, second: { a: 1 }, self: '[Circular]' });
  });

  test('what throws while being read becomes a marker', () => {
    const throwing = {
      get bad(): never {
        throw new Error('no');
      },
      toJSON: undefined,
      good: 1,
    };
    const refusing = {
      toJSON(): never {
        throw new Error('never');
      },
    };
    expect(takeSnapshot({ throwing, refusing }).value).toEqual({
      throwing: { bad: '[Unreadable: no]', good: 1 },
      refusing: '[Unreadable: never]',
    });
  });

  test('huge values are bounded and say so', () => {
    const wide = takeSnapshot(Array.from({ length: 200_000 }, (_, at) => at)).value;
    const fields = takeSnapshot(Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`k${at}`, at])))
      .value as Record<string, unknown>;
    const long = takeSnapshot('x'.repeat(3 * 1024 * 1024)).value;
    let deep: unknown = 'end';
    for (let depth = 0; depth < 1000; depth += 1) deep = [deep];
    expect(wide).toHaveLength(20_000);
    expect(wide).toHaveProperty([19_999], '[Truncated: too many values]');
    expect(fields['…']).toBe('[Truncated: too many values]');
    expect(long).toMatch(/^x+… \[Truncated: 2097152 more characters\]$/);
    expect(JSON.stringify(takeSnapshot(deep).value)).toContain('[Truncated: nested too deeply]');
  });
});
