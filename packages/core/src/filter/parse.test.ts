import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { must } from '../errors.ts';
import { parseTimestamp } from '../time.ts';
import corpus from './corpus.json' with { type: 'json' };
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';

const now = must(parseTimestamp('2026-05-01T12:00:00Z'), 'a time');

describe('parseFilter() reads', () => {
  test.each(corpus.valid)('$filter ($why)', ({ filter, tree, mlflow, short }) => {
    const parsed = parseFilter(filter, { now });
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(parsed.value).toEqual(tree);
    expect(printFilter(parsed.value, 'mlflow')).toBe(mlflow);
    expect(printFilter(parsed.value, 'short')).toBe(short);
  });
});

describe('parseFilter() refuses', () => {
  test.each(corpus.refused)('$filter ($why)', ({ filter, offset, length, message }) => {
    const parsed = parseFilter(filter, { now });
    expect(parsed).toMatchObject({ ok: false, error: { offset, length, message } });
    if (parsed.ok) throw new Error('expected a refusal');
    expect(parsed.error.found).toBe(filter.slice(offset, offset + length));
  });

  test('a time relative to now when nobody says when that is', () => {
    expect(parseFilter('time>-24h')).toMatchObject({
      ok: false,
      error: {
        offset: 5,
        message: 'Cannot parse filter at "-24h": a time relative to now is not known here; write a date',
      },
    });
  });

  test.each([
    ['groups', '('.repeat(20_000)],
    ['negations', 'NOT '.repeat(20_000)],
    ['minuses', '-'.repeat(20_000)],
  ])('%s that nest too deeply, without overflowing the stack', (_, text) => {
    expect(parseFilter(`${text}name:x`)).toMatchObject({ ok: false, error: { offset: expect.any(Number) } });
  });

  test('every name of every object alike', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'attributes.constructor', 'span.__proto__']) {
      expect(parseFilter(`${name} = 'x'`)).toMatchObject({ ok: false, error: { offset: 0, length: name.length } });
    }
  });
});

describe('parseFilter() on anything', () => {
  const names = ['status', 'name', 'tag.env', 'tag.`k`', 'span.type', 'feedback."a b"', 'duration', 'time', 'x'];
  const operators = ['=', '!=', ':', '~', '>', '<=', 'IN', 'NOT', 'LIKE', 'RLIKE', 'IS', 'NULL', 'has:'];
  const joints = ['AND', 'OR', '-', '(', ')', ',', 'span(', ';', '\n', ' '];
  const values = ["'text'", '"text"', '2s', '10k', '*', "'", '"', '`', '(?=', '\\', '💡'];
  const words = [...names, ...operators, ...joints, ...values];
  const scrap = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(''));
  const spaced = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(' '));

  test('gives a filter that survives printing, or an error that points into the text', () => {
    fc.assert(
      fc.property(fc.oneof(spaced, scrap, fc.string({ unit: 'binary', maxLength: 40 })), (text) => {
        const parsed = parseFilter(text, { now });
        if (parsed.ok) {
          expect(parseFilter(printFilter(parsed.value, 'mlflow'))).toEqual(parsed);
          expect(parseFilter(printFilter(parsed.value, 'short'))).toEqual(parsed);
          return;
        }
        const { offset, length, found, message } = parsed.error;
        expect(found).toBe(text.slice(offset, offset + length));
        expect(offset + length).toBeLessThanOrEqual(text.length);
        expect(message).toMatch(/^Cannot parse filter at /);
      }),
      { numRuns: 1000 },
    );
  });
});
