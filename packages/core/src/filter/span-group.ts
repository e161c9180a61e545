/** The inside of `span(…)`: conditions that must all hold on one span. */
import type { SpanCondition, Test } from './ast.ts';
import { buildClause } from './build-clause.ts';
import { containing } from './build-test.ts';
import type { Clause } from './clause.ts';
import { operatorsOf } from './field-operators.ts';
import { resolveSpanField, SPAN_FIELD_NAMES } from './field.ts';
import { refuse } from './refusal.ts';
import type { TokenReader, WordToken } from './token-reader.ts';
import { isWord } from './tokenise.ts';

/**
 * Reads from behind `span` to the closing parenthesis. An empty group asks for any span.
 *
 * @throws {FilterRefusal} for `OR` and groups: a span node holds conditions, not filters.
 */
export function readSpanGroup(reader: TokenReader): readonly SpanCondition[] {
  reader.take('open');
  const conditions: SpanCondition[] = [];
  while (reader.take('close') === undefined) {
    if (conditions.length > 0) reader.takeWord('AND');
    conditions.push(readCondition(reader));
  }
  return conditions;
}

function readCondition(reader: TokenReader): SpanCondition {
  const start = reader.spotOf(reader.peek());
  if (reader.take('minus') !== undefined || reader.takeWord('NOT') !== undefined) {
    const negated = negate(readCondition(reader));
    return negated ?? refuse(start, ['!='], 'inside span(…) only "is" and "is one of" can be negated');
  }
  reader.requireBlank();
  const words = reader.take('string');
  if (words !== undefined) return searchText(words.text);
  const word = reader.takeAnyWord();
  if (word === undefined) {
    const reason =
      reader.peek().kind === 'open'
        ? 'inside span(…) all conditions must hold; groups stand outside'
        : 'a condition on a span, or the closing parenthesis, is missing here';
    return reader.refuseNext([...SPAN_FIELD_NAMES, ')'], reason);
  }
  return readWordCondition(reader, word);
}

function readWordCondition(reader: TokenReader, word: WordToken): SpanCondition {
  const spot = reader.spotOf(word);
  if (isWord(word, 'OR')) return refuse(spot, ['AND', ')'], 'inside span(…) all conditions must hold');
  if (word.touchesParenthesis) return refuse(spot, SPAN_FIELD_NAMES, 'there is no such function inside span(…)');
  if (isWord(word, 'HAS') && reader.takeOperator(':') !== undefined) {
    const name = reader.takeAnyWord();
    if (name === undefined) return reader.refuseNext(SPAN_FIELD_NAMES, 'a name is missing here');
    const nameSpot = reader.spotOf(name);
    const field = resolveSpanField(name.text, nameSpot);
    if (!operatorsOf(field).includes('IS NOT NULL')) return refuse(nameSpot, ['model'], 'no span is without it');
    return build({ field, name: name.text, operator: 'IS NOT NULL', operatorSpot: nameSpot, values: [] });
  }
  const operator = reader.takeConditionOperator();
  if (operator === undefined) return searchWord(reader, word);
  const field = resolveSpanField(word.text, spot);
  const values = reader.takeValues(operator.name, operatorsOf(field), operator.spot);
  return build({ field, name: spot.found, operator: operator.name, operatorSpot: operator.spot, values });
}

function build(clause: Clause): SpanCondition {
  const result = buildClause(clause);
  return result.kind === 'span' ? result.condition : refuse(clause.operatorSpot, SPAN_FIELD_NAMES, 'not about a span');
}

function searchWord(reader: TokenReader, word: WordToken): SpanCondition {
  if (word.isQuoted || SPAN_FIELD_NAMES.some((name) => name === word.text)) {
    return reader.refuseNext(
      operatorsOf(resolveSpanField(word.text, reader.spotOf(word))),
      `an operator must follow ${word.text}; to search for the word, put it in quotes`,
    );
  }
  reader.refuseKeyword(word);
  return searchText(word.text.replaceAll('*', '%'));
}

function searchText(text: string): SpanCondition {
  return { on: 'content', test: { op: 'ilike', pattern: containing(text) } };
}

/** The condition that holds on exactly the other spans, if there is one. */
function negate(condition: SpanCondition): SpanCondition | undefined {
  const test = negateTest(condition.test);
  if (test === undefined) return undefined;
  const isNullTest = test.op === 'is null' || test.op === 'is not null';
  const isNeverNull = condition.on === 'name' || condition.on === 'type' || condition.on === 'status';
  return isNullTest || isNeverNull ? { ...condition, test } : undefined;
}

function negateTest(test: Test): Test | undefined {
  switch (test.op) {
    case '=':
      return { op: '!=', value: test.value };
    case '!=':
      return { op: '=', value: test.value };
    case 'in':
      return { op: 'not in', values: test.values };
    case 'not in':
      return { op: 'in', values: test.values };
    case 'is null':
      return { op: 'is not null' };
    case 'is not null':
      return { op: 'is null' };
    default:
      return undefined;
  }
}
