/** Filter text to tokens. Both spellings share them; only after an operator may a word hold operator characters. */
import { refuse } from './refusal.ts';

const OPERATORS = ['!=', '>=', '<=', ':', '=', '>', '<', '~'] as const;
export type Operator = (typeof OPERATORS)[number];

interface Place {
  /** In UTF-16 units from the start of the text. */
  readonly offset: number;
  readonly length: number;
}

export type Token = Place &
  (
    | { readonly kind: 'word'; readonly text: string; readonly isQuoted: boolean; readonly touchesParenthesis: boolean }
    /** Text between single or double quotes. */
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'operator'; readonly text: Operator }
    | { readonly kind: 'minus' | 'open' | 'close' | 'comma' | 'end'; readonly text: string }
  );

const BLANK = /\s/;
/** What ends a name; a value may hold everything but blanks, quotes, parentheses, commas and semicolons. */
const ENDS_NAME = /[\s()'"`;,:=<>!~]/;
const ENDS_VALUE = /[\s()'"`;,]/;

/**
 * Cuts filter text into tokens; the last one is `end`.
 *
 * A quote inside quotes is doubled. A name may have quoted parts: `` tag.`my key` ``, `feedback."answer quality"`.
 *
 * @throws {FilterRefusal} when a quote is not closed or a character belongs to no token.
 */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let inList = false;
  while (at < text.length) {
    if (BLANK.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const expectsValue = isBeforeValue(tokens.at(-1), inList);
    const token = readToken(text, at, expectsValue, isAfterHas(tokens));
    if (token.kind === 'open') inList = expectsValue || isWord(tokens.at(-1), 'IN');
    if (token.kind === 'close') inList = false;
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ kind: 'end', text: '', offset: text.length, length: 0 });
  return tokens;
}

/** Whether the token is this keyword, in any case and without quotes. */
export function isWord(token: Token | undefined, keyword: string): boolean {
  return token?.kind === 'word' && !token.isQuoted && token.text.toUpperCase() === keyword;
}

function isBeforeValue(before: Token | undefined, inList: boolean): boolean {
  return before?.kind === 'operator' || (inList && (before?.kind === 'open' || before?.kind === 'comma'));
}

/** `has:` is followed by a name, not by a value. */
function isAfterHas(tokens: readonly Token[]): boolean {
  const operator = tokens.at(-1);
  return operator?.kind === 'operator' && operator.text === ':' && isWord(tokens.at(-2), 'HAS');
}

function readToken(text: string, offset: number, expectsValue: boolean, expectsName: boolean): Token {
  const char = text.charAt(offset);
  if (char === '(') return { kind: 'open', text: char, offset, length: 1 };
  if (char === ')') return { kind: 'close', text: char, offset, length: 1 };
  if (char === ',') return { kind: 'comma', text: char, offset, length: 1 };
  if (char === "'" || char === '"') {
    const quoted = readQuoted(text, offset);
    return { kind: 'string', text: quoted.text, offset, length: quoted.end - offset };
  }
  // A value may hold operator characters, as in a URL, but not begin with one.
  if (char === '`' || !ENDS_NAME.test(char)) {
    return char === '-' && !expectsValue
      ? { kind: 'minus', text: char, offset, length: 1 }
      : readWord(text, offset, expectsValue && !expectsName ? ENDS_VALUE : ENDS_NAME);
  }
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, offset));
  if (operator !== undefined) return { kind: 'operator', text: operator, offset, length: operator.length };
  return refuse(
    { offset, length: 1, found: char },
    ['a condition'],
    char === ';' ? 'there may be one filter only; join conditions with AND' : 'this character must stand in quotes',
  );
}

function readWord(text: string, offset: number, ends: RegExp): Token {
  let word = '';
  let isQuoted = false;
  let at = offset;
  while (at < text.length) {
    const char = text.charAt(at);
    const opensPart = char === '`' || (char === '"' && ends === ENDS_NAME && word.endsWith('.'));
    if (opensPart && (at === offset || word.endsWith('.'))) {
      const part = readQuoted(text, at);
      word += part.text;
      at = part.end;
      isQuoted = true;
      // Only a dot may follow a quoted part, and it continues the name.
      if (text.charAt(at) !== '.') break;
    } else if (ends.test(char)) {
      break;
    } else {
      word += char;
      at += 1;
    }
  }
  return {
    kind: 'word',
    text: word,
    isQuoted,
    touchesParenthesis: text.charAt(at) === '(',
    offset,
    length: at - offset,
  };
}

function readQuoted(text: string, offset: number): { readonly text: string; readonly end: number } {
  const quote = text.charAt(offset);
  let from = offset + 1;
  let content = '';
  for (;;) {
    const close = text.indexOf(quote, from);
    if (close === -1) {
      return refuse(
        { offset, length: text.length - offset, found: text.slice(offset) },
        [`a closing ${quote}`],
        `the quote is not closed; a ${quote} inside quotes is written twice`,
      );
    }
    content += text.slice(from, close);
    if (text.charAt(close + 1) !== quote) return { text: content, end: close + 1 };
    content += quote;
    from = close + 2;
  }
}
