import { describe, expect, test } from 'vitest';
import { runsOfPattern, wordsOfCondition } from './content-words.ts';

/** `[refund]` is a whole word, `(refund)` may be part of one on both sides. */
function print(pattern: string): string {
  return runsOfPattern(pattern)
    .map(({ text, opensLeft, opensRight }) => `${opensLeft ? '(' : '['}${text}${opensRight ? ')' : ']'}`)
    .join(' ');
}

describe('runsOfPattern()', () => {
  test.each([
    ['%refund%', '(refund)'],
    ['%the refund policy%', '(the] [refund] [policy)'],
    ['Refund', '[refund]'],
    ['%a_b%', '(a) (b)'],
    ['%"role":"user"%', '[role] [user]'],
    ['%naïve café%', '(na) (ve] [caf)'],
    ['%x2-3.5%', '(x2] [3] [5)'],
    ['%中文%', ''],
    ['%\u212aelvin%', '(kelvin)'],
  ])('%s holds %s', (pattern, runs) => {
    expect(print(pattern)).toBe(runs);
  });
});

describe('wordsOfCondition()', () => {
  test('a text with quotes may stand as JSON text, too', () => {
    const choices = wordsOfCondition({ on: 'content', test: { op: 'ilike', pattern: '%say "\n%' } });
    expect(choices?.map((runs) => runs.map(({ text }) => text))).toEqual([['say'], ['say', 'n']]);
  });

  test('a pattern without letters and digits tells nothing', () => {
    expect(wordsOfCondition({ on: 'content', test: { op: 'like', pattern: '%…%' } })).toBeUndefined();
    expect(wordsOfCondition({ on: 'content', test: { op: 'like', pattern: '%"%' } })).toBeUndefined();
  });
});
