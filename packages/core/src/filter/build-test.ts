/** The operator and values of a condition to a test, for each kind of value a field may hold. */
import type { NumberComparison, Test } from './ast.ts';
import { onlyValue, type Clause, type ClauseValue } from './clause.ts';
import type { Field } from './field.ts';
import { operatorsOf } from './field-operators.ts';
import { compilePattern, escapePattern } from './regular-expression.ts';
import { readCount, readQuantity } from './quantity.ts';
import { refuse } from './refusal.ts';

/** A test on text. `adjust` applies to words without quotes only: what stands in quotes is literal. */
export function buildTextTest(clause: Clause, adjust: (word: string) => string = (word) => word): Test {
  const { operator } = clause;
  switch (operator) {
    case ':':
      return colonTest(clause, adjust);
    case '=':
    case '!=':
      return { op: operator, value: quotedText(clause) };
    case 'LIKE':
      return { op: 'like', pattern: quotedText(clause) };
    case 'ILIKE':
      return { op: 'ilike', pattern: quotedText(clause) };
    case 'RLIKE':
      return { op: 'rlike', pattern: patternText(onlyValue(clause)) };
    case 'IN':
    case 'NOT IN':
      return { op: operator === 'IN' ? 'in' : 'not in', values: clause.values.map((value) => literal(value, adjust)) };
    case 'IS NULL':
      return { op: 'is null' };
    case 'IS NOT NULL':
      return { op: 'is not null' };
    default:
      return refuse(clause.operatorSpot, operatorsOf(clause.field), `${clause.name} is text and has no order`);
  }
}

/** A test on a value that may be a number: an unquoted number compares numerically, anything else as text. */
export function buildValueTest(clause: Clause): Test {
  const { operator } = clause;
  switch (operator) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { op: operator, number: unquotedNumber(clause) };
    case '=':
    case '!=': {
      const value = onlyValue(clause);
      const number = value.isQuoted ? undefined : readCount(value.text);
      if (number === undefined) return buildTextTest(clause);
      return { op: operator === '=' ? '==' : '!==', number };
    }
    default:
      return buildTextTest(clause);
  }
}

export function buildNumberTest(clause: Clause, field: Field & { readonly kind: 'number' }): Test {
  const { operator, name, now } = clause;
  switch (operator) {
    case 'IS NULL':
      return { op: 'is null' };
    case 'IS NOT NULL':
      return { op: 'is not null' };
    default: {
      const value = onlyValue(clause);
      const options = { unit: field.unit, needsUnit: field.needsUnit, name, ...(now === undefined ? {} : { now }) };
      const number = readQuantity(value.text, value.spot, options);
      return { op: numberOperator(clause), number };
    }
  }
}

function numberOperator(clause: Clause): '==' | '!==' | NumberComparison {
  switch (clause.operator) {
    case ':':
    case '=':
      return '==';
    case '!=':
      return '!==';
    case '<':
    case '<=':
    case '>':
    case '>=':
      return clause.operator;
    default:
      return refuse(clause.operatorSpot, operatorsOf(clause.field), `${clause.name} is a number`);
  }
}

export function buildContentTest(clause: Clause): Test {
  if (clause.operator !== ':') return buildTextTest(clause);
  const value = onlyValue(clause);
  return { op: 'ilike', pattern: containing(value.isQuoted ? value.text : value.text.replaceAll('*', '%')) };
}

/** The pattern of a full-text search: case does not matter, and `%` and `_` keep their meaning in LIKE. */
export function containing(text: string): string {
  return `%${text}%`;
}

function colonTest(clause: Clause, adjust: (word: string) => string): Test {
  const [first, ...rest] = clause.values;
  if (first === undefined || rest.length > 0) {
    return { op: 'in', values: clause.values.map((value) => literal(value, adjust)) };
  }
  if (!first.isQuoted && first.text.includes('*')) return wildcardTest(first);
  return { op: '=', value: literal(first, adjust) };
}

/** `*` is LIKE's `%`. A word with `%` or `_` of its own becomes a regular expression: LIKE cannot escape them. */
function wildcardTest(word: ClauseValue): Test {
  if (!/[%_]/.test(word.text)) return { op: 'like', pattern: word.text.replaceAll('*', '%') };
  const parts = word.text.split('*').map(escapePattern);
  return { op: 'rlike', pattern: `^${parts.join('.*')}$` };
}

function literal(value: ClauseValue, adjust: (word: string) => string): string {
  if (value.isQuoted) return value.text;
  if (value.text.includes('*')) {
    return refuse(value.spot, ['a word without *', 'quotes'], 'a list holds whole values; wildcards stand alone');
  }
  return adjust(value.text);
}

function quotedText(clause: Clause): string {
  const value = onlyValue(clause);
  if (value.isQuoted) return value.text;
  const example = value.text.replaceAll("'", "''");
  return refuse(value.spot, ["'text'", '"text"'], `${clause.name} needs a value in quotes, for example '${example}'`);
}

/** The text of a regular expression; `~` takes it without quotes too. */
function patternText(value: ClauseValue): string {
  const compiled = compilePattern(value.text);
  return compiled.ok ? value.text : refuse(value.spot, ['a regular expression'], compiled.error.reason);
}

function unquotedNumber(clause: Clause): number {
  const value = onlyValue(clause);
  const number = value.isQuoted ? undefined : readCount(value.text);
  if (number !== undefined) return number;
  const why = value.isQuoted ? 'a number without quotes' : 'a number';
  return refuse(value.spot, ['0.5', '10k'], `${clause.name} ${clause.operator} needs ${why}`);
}
