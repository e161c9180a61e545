import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentPatterns, matchesIlike, matchesLike } from './text-pattern.ts';

describe('matchesLike()', () => {
  test.each<[pattern: string, matching: readonly string[], others: readonly string[]]>([
    ['abc', ['abc'], ['ABC', 'abcd', 'xabc', '']],
    ['', [''], ['a']],
    ['%', ['', 'anything\nat all'], []],
    ['Ans%', ['Ans', 'Answer'], ['ans', 'xAns']],
    ['%er', ['er', 'her\ner'], ['era']],
    ['%b%', ['b', 'abc', 'a\nb\nc'], ['a']],
    ['a%b%c', ['abc', 'axbxbxc', 'abcbc'], ['acb', 'ab', 'bc']],
    ['ab%ba', ['abba', 'abxba'], ['aba']],
    ['_', ['a', 'é', '💡', '\n'], ['', 'ab']],
    ['a_c', ['abc', 'a_c', 'a💡c'], ['ac', 'abbc']],
    ['%_b', ['ab', '💡b', 'xxab'], ['b']],
    ['_%_', ['ab', 'abc', '💡💡'], ['a', '💡', '']],
    ['%a_c%', ['xxabcxx', 'aaac', 'a💡cd'], ['ac', 'abxc']],
    [String.raw`a\%`, [String.raw`a\ and more`], ['a%']],
    ['50%%', ['50', '50%'], ['5']],
  ])('%j', (pattern, matching, others) => {
    for (const text of matching) expect([text, matchesLike(text, pattern)]).toEqual([text, true]);
    for (const text of others) expect([text, matchesLike(text, pattern)]).toEqual([text, false]);
  });

  test('agrees with the regular expression it stands for', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '💡', '\n'), maxLength: 8 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '💡', '%', '_'), maxLength: 6 });
    fc.assert(
      fc.property(letters, patterns, (text, pattern) => {
        const source = pattern.replaceAll('%', '.*').replaceAll('_', '.');
        expect(matchesLike(text, pattern)).toBe(new RegExp(`^${source}$`, 'su').test(text));
      }),
      { numRuns: 5000 },
    );
  });
});

test.each([
  ['ANSWER', '%swe%', true],
  ['RÜCKERSTATTUNG', 'rück%', true],
  // The last sigma of a word has a letter of its own.
  ['ΣΑΣ', 'σας', true],
  ['ΣΑΣ', '%ασ', false],
  ['İ', 'i_', true],
])('matchesIlike() of %j and %j is %j', (text, pattern, expected) => {
  expect(matchesIlike(text, pattern)).toBe(expected);
});

test.each([
  ['%refund policy%', ['%refund policy%']],
  ['%say "x"%', ['%say "x"%', String.raw`%say \"x\"%`]],
  ['%a\nb%', ['%a\nb%', String.raw`%a\nb%`]],
  [String.raw`%\n%`, [String.raw`%\n%`, String.raw`%\\n%`]],
  ['%rückerstattung 💡%', ['%rückerstattung 💡%']],
])('contentPatterns(%j)', (pattern, expected) => {
  expect(contentPatterns(pattern)).toEqual(expected);
});
