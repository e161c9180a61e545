/** Walks over tokens: the small steps that conditions on traces and on spans share. */
import type { ClauseOperator, ClauseValue } from './clause.ts';
import { refuse, type Spot } from './refusal.ts';
import { isWord, type Operator, type Token } from './tokenise.ts';
import { must } from '../errors.ts';

export type WordToken = Token & { readonly kind: 'word' };

export interface TokenReader {
  /** The next token, which stays. */
  peek(): Token;
  /** Takes the next token if it is of that kind. */
  take<Kind extends Token['kind']>(kind: Kind): (Token & { readonly kind: Kind }) | undefined;
  /** Takes the next token if it is that keyword, in any case. */
  takeWord(keyword: string): WordToken | undefined;
  takeAnyWord(): WordToken | undefined;
  takeOperator(operator: Operator): Token | undefined;
  /** Takes `=`, `LIKE`, `NOT IN`, `IS NULL`… if a condition goes on here. */
  takeConditionOperator(): { readonly name: ClauseOperator; readonly spot: Spot } | undefined;
  /** Takes what the operator needs: nothing, one value, or a list. */
  takeValues(operator: ClauseOperator, allowed: readonly ClauseOperator[], operatorSpot: Spot): readonly ClauseValue[];
  spotOf(token: Token): Spot;
  /** @throws {FilterRefusal} about the next token. */
  refuseNext(expected: readonly string[], reason: string): never;
  /** @throws {FilterRefusal} when the next token touches the one before, as in `'a'b`. */
  requireBlank(): void;
  /** @throws {FilterRefusal} when the word is a keyword, which cannot stand alone. */
  refuseKeyword(word: WordToken): void;
}

const KEYWORDS = ['AND', 'OR', 'NOT', 'LIKE', 'ILIKE', 'RLIKE', 'IN', 'IS', 'NULL'] as const;
const PATTERN_OPERATORS = ['LIKE', 'ILIKE', 'RLIKE'] as const;

export function createTokenReader(text: string, tokens: readonly Token[]): TokenReader {
  let at = 0;

  function peek(ahead = 0): Token {
    return must(tokens[Math.min(at + ahead, tokens.length - 1)], 'an end token');
  }

  function spotOf(token: Token): Spot {
    const { offset, length } = token;
    return { offset, length, found: text.slice(offset, offset + length) };
  }

  function refuseNext(expected: readonly string[], reason: string): never {
    return refuse(spotOf(peek()), expected, reason);
  }

  function take<Kind extends Token['kind']>(kind: Kind): (Token & { readonly kind: Kind }) | undefined {
    const token = peek();
    if (!isKind(token, kind)) return undefined;
    at += 1;
    return token;
  }

  function takeWord(keyword: string): WordToken | undefined {
    return isWord(peek(), keyword) ? take('word') : undefined;
  }

  /** The keyword operator of `count` tokens that starts here. */
  function takeKeywords(count: number, name: ClauseOperator): { readonly name: ClauseOperator; readonly spot: Spot } {
    const [first, last] = [peek(), peek(count - 1)];
    at += count;
    const length = last.offset + last.length - first.offset;
    return { name, spot: { offset: first.offset, length, found: text.slice(first.offset, first.offset + length) } };
  }

  function takeConditionOperator(): { readonly name: ClauseOperator; readonly spot: Spot } | undefined {
    const operator = take('operator');
    if (operator !== undefined) {
      return { name: operator.text === '~' ? 'RLIKE' : operator.text, spot: spotOf(operator) };
    }
    const pattern = PATTERN_OPERATORS.find((keyword) => isWord(peek(), keyword));
    if (pattern !== undefined) return takeKeywords(1, pattern);
    if (isWord(peek(), 'IN')) return takeKeywords(1, 'IN');
    if (isWord(peek(), 'NOT') && isWord(peek(1), 'IN')) return takeKeywords(2, 'NOT IN');
    if (!isWord(peek(), 'IS')) return undefined;
    if (isWord(peek(1), 'NULL')) return takeKeywords(2, 'IS NULL');
    if (isWord(peek(1), 'NOT') && isWord(peek(2), 'NULL')) return takeKeywords(3, 'IS NOT NULL');
    at += isWord(peek(1), 'NOT') ? 2 : 1;
    return refuseNext(['NULL', 'NOT NULL'], 'only NULL or NOT NULL can follow IS');
  }

  function takeValues(
    operator: ClauseOperator,
    allowed: readonly ClauseOperator[],
    operatorSpot: Spot,
  ): readonly ClauseValue[] {
    if (operator === 'IS NULL' || operator === 'IS NOT NULL') return [];
    // An operator the field does not have is the better thing to complain about: leave it to the clause.
    if (!allowed.includes(operator)) return [];
    if (operator === 'IN' || operator === 'NOT IN') return takeList(true);
    if (operator === ':' && peek().kind === 'open') return takeList(false);
    const isPattern = PATTERN_OPERATORS.some((keyword) => keyword === operator);
    const needsQuotes = isPattern && operatorSpot.found !== '~';
    return [takeValue(needsQuotes, ["'text'", '"text"'])];
  }

  function takeList(needsQuotes: boolean): readonly ClauseValue[] {
    if (take('open') === undefined) return refuseNext(['('], 'a list in parentheses is missing here');
    const values: ClauseValue[] = [];
    do values.push(takeValue(needsQuotes, ["'text'"]));
    while (take('comma') !== undefined);
    if (take('close') === undefined) return refuseNext([',', ')'], 'a list goes on with a comma or ends with ")"');
    return values;
  }

  function takeValue(needsQuotes: boolean, expected: readonly string[]): ClauseValue {
    const token = peek();
    if (token.kind === 'string' || (token.kind === 'word' && !needsQuotes && !token.isQuoted)) {
      at += 1;
      return { text: token.text, isQuoted: token.kind === 'string', spot: spotOf(token) };
    }
    return refuseNext(
      expected,
      token.kind === 'word' ? 'a value in quotes must stand here' : 'a value is missing here',
    );
  }

  return {
    peek,
    take,
    takeWord,
    takeAnyWord: () => take('word'),
    takeOperator: (operator) => (peek().kind === 'operator' && peek().text === operator ? take('operator') : undefined),
    takeConditionOperator,
    takeValues,
    spotOf,
    refuseNext,
    requireBlank() {
      const before = tokens[at - 1];
      const touches = before !== undefined && before.offset + before.length === peek().offset;
      if (touches && (before.kind === 'word' || before.kind === 'string') && peek().kind !== 'end') {
        refuseNext(['a blank'], 'a blank is missing before this');
      }
    },
    refuseKeyword(word) {
      const keyword = KEYWORDS.find((candidate) => isWord(word, candidate));
      if (keyword !== undefined) {
        refuse(spotOf(word), ['a condition'], `${keyword} cannot stand here; to search for the word, put it in quotes`);
      }
    },
  };
}

function isKind<Kind extends Token['kind']>(token: Token, kind: Kind): token is Token & { readonly kind: Kind } {
  return token.kind === kind;
}
