/** One condition: a field, an operator and its value, to a node of the filter. */
import { TRACE_STATES } from '../trace.ts';
import { SPAN_TYPES } from '../span.ts';
import type { UnixNanos } from '../time.ts';
import { parseTraceId, toMlflowTraceId } from '../ids.ts';
import type { Filter, NumberComparison, SpanCondition, Test } from './ast.ts';
import type { Field, SpanTarget } from './field.ts';
import { readCount, readQuantity } from './quantity.ts';
import { refuse, type Spot } from './refusal.ts';
import { compilePattern } from './regular-expression.ts';

/** `:` is the short spelling's "is"; `~` is RLIKE. */
export type ClauseOperator =
  | ':'
  | '='
  | '!='
  | NumberComparison
  | 'LIKE'
  | 'ILIKE'
  | 'RLIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL';

/** `isQuoted` values are literal; a word may hold `*` wildcards and stands without quotes. */
export interface ClauseValue {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly spot: Spot;
}

export interface Clause {
  readonly field: Field;
  /** The field as written, for messages. */
  readonly name: string;
  readonly operator: ClauseOperator;
  readonly operatorSpot: Spot;
  /** One, except with IN and with `:` and a list; none with IS. */
  readonly values: readonly ClauseValue[];
  /** What a relative time counts from. */
  readonly now?: UnixNanos;
}

/** What a condition on one field of a span, or on a trace, asks. */
export type ClauseResult =
  | { readonly kind: 'trace'; readonly filter: Filter }
  | { readonly kind: 'span'; readonly condition: SpanCondition };

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;
const TEXT = ['=', '!=', 'LIKE', 'ILIKE', 'RLIKE', ':'] as const;
const LISTS = ['IN', 'NOT IN'] as const;
const NULLS = ['IS NULL', 'IS NOT NULL'] as const;
const ORDERING = ['<', '<=', '>', '>='] as const;

const NEVER_NULL: ReadonlySet<string> = new Set(['trace_id', 'status', 'timestamp_ms', 'end_time_ms']);
const COUNTS: ReadonlySet<string> = new Set(['span_count', 'error_count']);
/** Trace states by the words people type for them. */
const STATE_WORDS: ReadonlySet<string> = new Set(TRACE_STATES);
const SPAN_STATE_WORDS: ReadonlySet<string> = new Set(['OK', 'ERROR', 'UNSET']);
const TYPE_WORDS: ReadonlySet<string> = new Set(SPAN_TYPES);

/** Where prompts are linked: JSON of `[{"name": …, "version": …}]`, with or without blanks. */
const LINKED_PROMPTS = 'mlflow.linkedPrompts';

/** The operators a field allows, most usual first. */
export function operatorsOf(field: Field): readonly ClauseOperator[] {
  switch (field.kind) {
    case 'text':
      return [...TEXT, ...LISTS, ...(NEVER_NULL.has(field.field) ? [] : NULLS)];
    case 'number': {
      const isNever = NEVER_NULL.has(field.field) || COUNTS.has(field.field);
      return [...COMPARISONS, ...(field.unit === 'instant' ? [] : ([':'] as const)), ...(isNever ? [] : NULLS)];
    }
    case 'tag':
    case 'metadata':
      return [...TEXT, ...NULLS];
    case 'feedback':
    case 'expectation':
      return [...TEXT, ...ORDERING, ...NULLS];
    case 'prompt':
    case 'issue':
      return ['=', ':'];
    case 'span':
      return spanOperators(field.target);
  }
}

/**
 * Checks and builds one condition.
 *
 * @throws {FilterRefusal} when the operator does not suit the field, or the value the operator.
 */
export function buildClause(clause: Clause): ClauseResult {
  const { field, operator, operatorSpot, name } = clause;
  const allowed = operatorsOf(field);
  if (!allowed.includes(operator)) {
    return refuse(operatorSpot, allowed, `${name} cannot be tested with ${operator}`);
  }
  switch (field.kind) {
    case 'text':
      return trace({ kind: 'text', field: field.field, test: textFieldTest(clause, field.field) });
    case 'number':
      return trace({ kind: 'number', field: field.field, test: numberTest(clause, field) });
    case 'tag':
    case 'metadata':
      return trace(anyOf(clause, (single) => ({ kind: field.kind, key: field.key, test: textTest(single) })));
    case 'feedback':
    case 'expectation':
      return trace(anyOf(clause, (single) => ({ kind: field.kind, name: field.name, test: valueTest(single) })));
    case 'prompt':
      return trace(promptFilter(onlyValue(clause)));
    case 'issue':
      onlyValue(clause);
      // Issues are not stored, so no trace has one: "not everything" matches nothing.
      return trace({ kind: 'not', filter: { kind: 'all', of: [] } });
    case 'span':
      return { kind: 'span', condition: spanCondition(clause, field.target) };
  }
}

function trace(filter: Filter): ClauseResult {
  return { kind: 'trace', filter };
}

function spanOperators(target: SpanTarget): readonly ClauseOperator[] {
  switch (target.on) {
    case 'name':
    case 'type':
    case 'status':
      return [...TEXT, ...LISTS];
    case 'model':
      return [...TEXT, ...LISTS, ...NULLS];
    case 'attribute':
      return [...TEXT, ...LISTS, ...ORDERING, ...NULLS];
    case 'content':
      return ['LIKE', 'ILIKE', ':'];
  }
}

function spanCondition(clause: Clause, target: SpanTarget): SpanCondition {
  switch (target.on) {
    case 'name':
    case 'model':
      return { on: target.on, test: textTest(clause) };
    case 'type':
      return { on: 'type', test: textTest(clause, (word) => upperIfKnown(word, TYPE_WORDS)) };
    case 'status':
      return { on: 'status', test: textTest(clause, (word) => upperIfKnown(word, SPAN_STATE_WORDS)) };
    case 'attribute':
      return { on: 'attribute', key: target.key, test: valueTest(clause) };
    case 'content':
      return { on: 'content', test: contentTest(clause) };
  }
}

function textFieldTest(clause: Clause, field: string): Test {
  switch (field) {
    case 'status':
      return textTest(clause, (word) => upperIfKnown(word, STATE_WORDS));
    case 'trace_id':
      return canonicalIds(textTest(clause));
    default:
      return textTest(clause);
  }
}

/** `status:error` means `ERROR`; words that are no known value stay as they are. */
function upperIfKnown(word: string, known: ReadonlySet<string>): string {
  return known.has(word.toUpperCase()) ? word.toUpperCase() : word;
}

/** Ids are compared in MLflow's form; 32 hex digits without `tr-` mean the same trace. */
function canonicalIds(test: Test): Test {
  switch (test.op) {
    case '=':
    case '!=':
      return { ...test, value: canonicalId(test.value) };
    case 'in':
    case 'not in':
      return { ...test, values: test.values.map(canonicalId) };
    default:
      return test;
  }
}

function canonicalId(text: string): string {
  const id = parseTraceId(text);
  return id === undefined ? text : toMlflowTraceId(id);
}

/** A test on text. `adjust` applies to words without quotes only: what stands in quotes is literal. */
function textTest(clause: Clause, adjust: (word: string) => string = (word) => word): Test {
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
      return refuse(clause.operatorSpot, TEXT, `${clause.name} is text and has no order`);
  }
}

/** A test on a value that may be a number: an unquoted number compares numerically, anything else as text. */
function valueTest(clause: Clause): Test {
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
      if (number === undefined) return textTest(clause);
      return { op: operator === '=' ? '==' : '!==', number };
    }
    default:
      return textTest(clause);
  }
}

function numberTest(clause: Clause, field: Field & { readonly kind: 'number' }): Test {
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
      return refuse(clause.operatorSpot, COMPARISONS, `${clause.name} is a number`);
  }
}

function contentTest(clause: Clause): Test {
  if (clause.operator !== ':') return textTest(clause);
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

/** `tag.env:(a, b)`: MLflow has no lists for keys, so it becomes what it means. */
function anyOf(clause: Clause, build: (single: Clause) => Filter): Filter {
  if (clause.operator !== ':' || clause.values.length < 2) return build(clause);
  return { kind: 'any', of: clause.values.map((value) => build({ ...clause, values: [value] })) };
}

function promptFilter(value: ClauseValue): Filter {
  const [name = '', version = '', ...more] = value.text.split('/');
  if (name === '' || version === '' || more.length > 0) {
    return refuse(value.spot, ["'name/version'"], "a prompt is named 'name/version', for example 'greet/3'");
  }
  const [nameJson, versionJson] = [JSON.stringify(name), JSON.stringify(version)].map(escapePattern);
  const pattern = String.raw`\{"name": ?${nameJson}, ?"version": ?${versionJson}\}`;
  return { kind: 'tag', key: LINKED_PROMPTS, test: { op: 'rlike', pattern } };
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
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

function onlyValue(clause: Clause): ClauseValue {
  const [value, second] = clause.values;
  if (value === undefined) return refuse(clause.operatorSpot, ['a value'], `${clause.name} needs a value`);
  if (second !== undefined) return refuse(second.spot, [], `${clause.name} is compared with one value`);
  return value;
}
