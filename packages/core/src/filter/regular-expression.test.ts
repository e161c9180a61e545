import { describe, expect, test } from 'vitest';
import { compilePattern } from './regular-expression.ts';

describe('compilePattern() accepts', () => {
  test.each<[pattern: string, matching: readonly string[], others: readonly string[]]>([
    ['^an.*r$', ['answer', 'an\nr'], ['an answer is', 'Answer']],
    ['swe', ['answer'], ['ans']],
    ['a.b', ['a\nb', 'a💡b'], ['ab']],
    ['^a$', ['a'], ['a\n', '\na\n']],
    ['(?i)ANSWER', ['answer'], ['ans']],
    ['(?is)a.b', ['A\nB'], ['ab']],
    [String.raw`\d{2,3}-\w+`, ['12-ab'], ['1-ab', '12-é']],
    [String.raw`^\s$`, [' ', '\t'], ['\u00a0', '\v']],
    [String.raw`^[\S]$`, ['a', '\u00a0', '💡'], [' ', '\n']],
    [String.raw`^[^\s]$`, ['a'], [' ']],
    [String.raw`\ba\b`, ['an a b'], ['ab']],
    [String.raw`\Aa\z`, ['a'], ['ab', 'ba']],
    [String.raw`\-_?`, ['-', '-_'], ['_']],
    [String.raw`^\"\'\:\ \/\@$`, [`"': /@`], []],
    ['^a{,2}$', ['a{,2}'], ['aa']],
    ['{}', ['{}'], []],
    ['^]$', [']'], []],
    ['^[]a]$', [']', 'a'], ['b']],
    ['^[^]a]$', ['b'], [']']],
    ['^[[a]$', ['[', 'a'], []],
    ['^[a-]$', ['a', '-'], ['b']],
    [String.raw`^[\s-]$`, ['-', ' '], ['a']],
    [String.raw`^\x41\x{1F4A1}$`, ['A💡'], []],
    [String.raw`^\p{Lu}\pL\P{L}$`, ['Éé1'], ['éé1']],
    ['^(?:a|b)(c)+?$', ['ac', 'bcc'], ['c']],
    ['', ['', 'a'], []],
  ])('%j', (pattern, matching, others) => {
    const compiled = compilePattern(pattern);
    if (!compiled.ok) throw new Error(compiled.error.reason);
    for (const text of matching) expect([text, compiled.value.test(text)]).toEqual([text, true]);
    for (const text of others) expect([text, compiled.value.test(text)]).toEqual([text, false]);
  });
});

describe('compilePattern() refuses', () => {
  test.each<[pattern: string, offset: number, reason: RegExp]>([
    [String.raw`(a)\1`, 3, /"\\1" is not supported/],
    ['a(?=b)', 1, /"\(\?=b" is not supported/],
    ['a(?!b)', 1, /not supported/],
    ['(?<=a)b', 0, /not supported/],
    ['(?<!a)b', 0, /not supported/],
    ['(?<name>a)', 0, /not supported/],
    ['(?P<name>a)', 0, /not supported/],
    ['(?m)a', 0, /not supported/],
    ['(?>a)', 0, /not supported/],
    ['a(?i)b', 1, /not supported/],
    ['(', 0, /"\(" is not closed/],
    ['a)', 1, /"\)" closes nothing/],
    ['[a', 0, /"\[" is not closed/],
    ['[[:alpha:]]', 1, /not supported/],
    ['a\\', 1, /escapes nothing/],
    [String.raw`\Qa\E`, 0, /not supported/],
    [String.raw`[\b]`, 1, /not supported/],
    [String.raw`\cA`, 0, /not supported/],
    [String.raw`\u0041`, 0, /not supported/],
    [String.raw`[!-\s]`, 3, /not supported/],
    [String.raw`[\s-z]`, 1, /not supported/],
    ['*a', 0, /nothing to repeat/],
    ['a**', 0, /nothing to repeat/],
    ['[b-a]', 0, /range out of order/],
    ['a{2,1}', 0, /out of order/],
    ['a{1001}', 1, /more than 1000 repetitions/],
    ['(a{100}){100}', 8, /more than 1000 repetitions/],
    ['('.repeat(200), 100, /nests too deeply/],
  ])('%j', (pattern, offset, reason) => {
    expect(compilePattern(pattern)).toEqual({ ok: false, error: { offset, reason: expect.stringMatching(reason) } });
  });
});
