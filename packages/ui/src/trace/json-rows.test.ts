import { describe, expect, test } from 'vitest';
import { jsonRows as jsonRowsOf, openLevels, type JsonRow, type OpenPaths } from './json-rows.ts';

const jsonRows = (value: unknown, open: OpenPaths): readonly JsonRow[] => jsonRowsOf(value, open, 100);

/** Rows as text: indentation, label, then what stands there. */
function draw(rows: readonly JsonRow[]): readonly string[] {
  return rows.map(({ depth, label, content }) => {
    const what = ((): string => {
      switch (content.kind) {
        case 'branch':
          return `${content.of} of ${content.size}`;
        case 'range':
          return `${content.from}…${content.to}`;
        case 'long text':
          return `${content.holdsJson ? 'json' : 'text'} of ${content.text.length}`;
        case 'value':
          return `${content.of} ${content.text}`;
        case 'line':
          return `| ${content.text}`;
      }
    })();
    return `${'  '.repeat(depth)}${label === undefined ? '' : `${label}: `}${what}`;
  });
}

describe('jsonRows()', () => {
  test('a closed document is one row, whatever its size', () => {
    expect(
      draw(
        jsonRows(
          Array.from({ length: 200_000 }, () => ({})),
          new Set(),
        ),
      ),
    ).toEqual(['array of 200000']);
  });

  test('opens what is asked for', () => {
    const value = { a: 1, b: { c: [true, null] }, d: 12345678901234567890n };
    expect(draw(jsonRows(value, new Set(['$', '$/b'])))).toEqual([
      'object of 3',
      '  a: number 1',
      '  b: object of 1',
      '    c: array of 2',
      '  d: number 12345678901234567890',
    ]);
  });

  test('many children come in ranges', () => {
    const rows = jsonRows(
      Array.from({ length: 250 }, (_, index) => index),
      new Set(['$', '$~200']),
    );
    expect(draw(rows).slice(0, 5)).toEqual(['array of 250', '  0…99', '  100…199', '  200…249', '    200: number 200']);
    expect(rows).toHaveLength(54);
  });

  test('a text with lines opens to its lines', () => {
    expect(draw(jsonRows({ stack: 'Error\n  at a.ts' }, new Set(['$', '$/stack'])))).toEqual([
      'object of 1',
      '  stack: text of 15',
      '    | Error',
      '    |   at a.ts',
    ]);
  });

  test('a long line is cut at a blank and loses nothing', () => {
    const text = 'word '.repeat(100);
    const lines = jsonRows(text, new Set(['$'])).flatMap(({ content }) =>
      content.kind === 'line' ? [content.text] : [],
    );
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join('')).toBe(text);
  });

  test('a text that holds JSON opens to what it holds, with exact numbers', () => {
    expect(draw(jsonRows('{"id":12345678901234567890}', new Set(['$'])))).toEqual([
      'json of 27',
      '  id: number 12345678901234567890',
    ]);
  });

  test('a text is long when it does not fit beside its label', () => {
    const kinds = (columns: number): readonly string[] =>
      jsonRowsOf({ command: 'ls -l /tmp' }, new Set(['$']), columns).map(({ content }) => content.kind);
    expect(kinds(22)).toEqual(['branch', 'value']);
    expect(kinds(20)).toEqual(['branch', 'long text']);
  });

  test('keys that look like paths do not collide', () => {
    const rows = jsonRows({ 'a/b': { x: 1 }, a: { b: { y: 2 } }, '~1': 3 }, new Set(['$', '$/a', '$/a/b', '$/a~1b']));
    expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
  });

  test('a document nested 20,000 deep does not overflow the stack', () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 20_000; depth += 1) value = [value];
    expect(jsonRows(value, openLevels(value, 5, { rows: 100, textLines: 0 }))).toHaveLength(6);
  });
});

describe('openLevels()', () => {
  const closedTexts = { rows: 50, textLines: 0 };

  test('opens so many levels', () => {
    expect([...openLevels({ a: { b: { c: 1 } } }, 2, closedTexts)]).toEqual(['$', '$/a']);
  });

  test('keeps branches closed that would fill the screen', () => {
    const value = { big: Array.from({ length: 90 }, () => 1), small: [1] };
    expect([...openLevels(value, 2, closedTexts)]).toEqual(['$', '$/small']);
  });

  test.each([
    { why: 'a text of a few lines', text: 'SELECT 1\nFROM a', isOpen: true },
    { why: 'a text too long for a row', text: 'word '.repeat(40), isOpen: true },
    { why: 'a short text', text: 'ls -l', isOpen: false },
    { why: 'a text of many lines', text: 'x\n'.repeat(100), isOpen: false },
    { why: 'a text of a megabyte', text: 'x'.repeat(1_000_000), isOpen: false },
  ])('$why: open is $isOpen where texts are read', ({ text, isOpen }) => {
    expect(openLevels({ text }, 2, { rows: 50, textLines: 10 }).has('$/text')).toBe(isOpen);
  });
});
