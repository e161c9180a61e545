/** Filter text, in either spelling or a mix of both, to a filter. */
import type { Result } from '../errors.ts';
import type { UnixNanos } from '../time.ts';
import { EVERYTHING, type Filter, type FilterError, type SpanCondition } from './ast.ts';
import { buildClause } from './build-clause.ts';
import { containing } from './build-test.ts';
import type { Clause } from './clause.ts';
import { operatorsOf } from './field-operators.ts';
import { beginsTraceCondition, resolveTraceField, TRACE_FIELD_NAMES } from './field.ts';
import { catchRefusal, refuse } from './refusal.ts';
import { readSpanGroup } from './span-group.ts';
import { createTokenReader, type TokenReader, type WordToken } from './token-reader.ts';
import { isWord, tokenise } from './tokenise.ts';

export interface ParseOptions {
  /** What relative times such as `time>-24h` count from. Without it they are refused. */
  readonly now?: UnixNanos;
}

/** Groups and negations inside one another; the reader is recursive and must not overflow the stack. */
const MAX_DEPTH = 100;

/** A condition of its own, or one on a span that shares its span with its neighbours. */
type Operand =
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'joined'; readonly condition: SpanCondition };

/**
 * Reads a filter. Empty text matches everything.
 *
 * MLflow's spelling (`trace.status = 'ERROR' AND tag.env != 'dev'`) and the short one (`status:error -tag.env:dev
 * "refund policy"`) may be mixed; both take `AND` (which may be left out), `OR`, `NOT` or `-`, and parentheses. `AND`
 * binds tighter than `OR`. Conditions written `span.…`, `text` or `trace.text` in one `AND` list ask about the same
 * span; those of `span(…)`, words, `model` and `type` each look for a span of their own.
 *
 * Names and values are case-sensitive, keywords are not. A quote inside quotes is doubled. After `:` a word is a value
 * with `*` as wildcard; after `=` and the other operators text must stand in quotes.
 */
export function parseFilter(text: string, options: ParseOptions = {}): Result<Filter, FilterError> {
  return catchRefusal('filter', () => {
    const reader = createTokenReader(text, tokenise(text));
    if (reader.peek().kind === 'end') return EVERYTHING;
    const filter = readAny(reader, options, 0);
    if (reader.peek().kind !== 'end') return reader.refuseNext(['AND', 'OR'], 'no group is open here');
    return filter;
  });
}

function readAny(reader: TokenReader, options: ParseOptions, depth: number): Filter {
  const alternatives = [readAll(reader, options, depth)];
  while (reader.takeWord('OR') !== undefined) alternatives.push(readAll(reader, options, depth));
  const [only] = alternatives;
  return only !== undefined && alternatives.length === 1 ? only : { kind: 'any', of: alternatives };
}

function readAll(reader: TokenReader, options: ParseOptions, depth: number): Filter {
  const operands = [readOperand(reader, options, depth)];
  while (!endsList(reader)) {
    reader.takeWord('AND');
    operands.push(readOperand(reader, options, depth));
  }
  return joinOperands(operands);
}

function endsList(reader: TokenReader): boolean {
  const { kind } = reader.peek();
  return kind === 'end' || kind === 'close' || isWord(reader.peek(), 'OR');
}

/** Joined conditions become one span node, where the first of them stands. */
function joinOperands(operands: readonly Operand[]): Filter {
  const joined = operands.flatMap((operand) => (operand.kind === 'joined' ? [operand.condition] : []));
  const place = operands.findIndex((operand) => operand.kind === 'joined');
  const filters = operands.flatMap((operand, index): readonly Filter[] => {
    if (operand.kind === 'filter') return [operand.filter];
    return index === place ? [{ kind: 'span', of: joined }] : [];
  });
  const [only] = filters;
  return only !== undefined && filters.length === 1 ? only : { kind: 'all', of: filters };
}

function readOperand(reader: TokenReader, options: ParseOptions, depth: number): Operand {
  if (depth > MAX_DEPTH) return reader.refuseNext([], `groups nest more than ${MAX_DEPTH} deep`);
  if (reader.take('minus') !== undefined || reader.takeWord('NOT') !== undefined) {
    return { kind: 'filter', filter: { kind: 'not', filter: joinOperands([readOperand(reader, options, depth + 1)]) } };
  }
  if (reader.take('open') !== undefined) return { kind: 'filter', filter: readGroup(reader, options, depth + 1) };
  reader.requireBlank();
  const words = reader.take('string');
  if (words !== undefined) return searchText(words.text);
  const word = reader.takeAnyWord();
  if (word === undefined) return reader.refuseNext(TRACE_FIELD_NAMES, 'a condition is missing here');
  if (word.text === 'span' && word.touchesParenthesis) {
    return { kind: 'filter', filter: { kind: 'span', of: readSpanGroup(reader) } };
  }
  return readCondition(reader, word, options);
}

function readGroup(reader: TokenReader, options: ParseOptions, depth: number): Filter {
  if (reader.take('close') !== undefined) return EVERYTHING;
  const filter = readAny(reader, options, depth);
  if (reader.take('close') === undefined) return reader.refuseNext([')'], 'a group is not closed');
  return filter;
}

function readCondition(reader: TokenReader, word: WordToken, options: ParseOptions): Operand {
  const spot = reader.spotOf(word);
  if (word.touchesParenthesis) return refuse(spot, ['span('], 'there is no such function');
  if (isWord(word, 'HAS') && reader.takeOperator(':') !== undefined) {
    const name = reader.takeAnyWord();
    if (name === undefined) return reader.refuseNext(TRACE_FIELD_NAMES, 'a name is missing here');
    const nameSpot = reader.spotOf(name);
    const field = resolveTraceField(name.text, nameSpot);
    if (!operatorsOf(field).includes('IS NOT NULL')) return refuse(nameSpot, ['tag.'], 'no trace is without it');
    return build({ field, name: name.text, operator: 'IS NOT NULL', operatorSpot: nameSpot, values: [] });
  }
  const operator = reader.takeConditionOperator();
  if (operator === undefined) return searchWord(reader, word);
  const field = resolveTraceField(word.text, spot);
  const values = reader.takeValues(operator.name, operatorsOf(field), operator.spot);
  const { now } = options;
  const clause = { field, name: spot.found, operator: operator.name, operatorSpot: operator.spot, values };
  return build(now === undefined ? clause : { ...clause, now });
}

function build(clause: Clause): Operand {
  const result = buildClause(clause);
  if (result.kind === 'trace') return { kind: 'filter', filter: result.filter };
  const isJoined = clause.field.kind === 'span' && clause.field.isJoined;
  return isJoined
    ? { kind: 'joined', condition: result.condition }
    : { kind: 'filter', filter: { kind: 'span', of: [result.condition] } };
}

/** A word alone is searched in the spans, unless it begins a condition somebody has not finished. */
function searchWord(reader: TokenReader, word: WordToken): Operand {
  if (word.isQuoted || beginsTraceCondition(word.text)) {
    return reader.refuseNext(
      operatorsOf(resolveTraceField(word.text, reader.spotOf(word))),
      `an operator must follow ${word.text}; to search for the word, put it in quotes`,
    );
  }
  reader.refuseKeyword(word);
  return searchText(word.text.replaceAll('*', '%'));
}

function searchText(text: string): Operand {
  return {
    kind: 'filter',
    filter: { kind: 'span', of: [{ on: 'content', test: { op: 'ilike', pattern: containing(text) } }] },
  };
}
