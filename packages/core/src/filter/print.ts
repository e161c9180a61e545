/** A filter as text. What {@link printFilter} writes, `parseFilter` reads back to an equal filter. */
import { TRACE_STATES } from '../trace.ts';
import { SPAN_TYPES } from '../span.ts';
import { unreachable } from '../errors.ts';
import type { Filter, NumberField, SpanCondition, Test } from './ast.ts';
import { printInstant, printShortNumber } from './print-number.ts';

/** `mlflow`: `status = 'ERROR' AND tag.env = 'prod'`. `short`: `status:error tag.env:prod`. */
export type FilterSpelling = 'mlflow' | 'short';

/**
 * Writes a filter in one of the two spellings. What MLflow has no words for is written in the shared superset: `OR`,
 * `NOT`, parentheses, `span(…)`.
 *
 * Reading the text back gives an equal filter if the filter came from `parseFilter`. A filter made by hand may come
 * back simplified to one that matches the same traces: a list of one is that one, an empty `any` is "not everything",
 * and `in` on a tag, metadata or assessment, which MLflow does not have, is spelled out with `OR`. Tests the parser
 * refuses for a field, empty lists and numbers that are not finite have no spelling.
 */
export function printFilter(filter: Filter, spelling: FilterSpelling): string {
  return isEverything(filter) ? '' : printNode(filter, spelling, false);
}

const STATES: ReadonlySet<string> = new Set(TRACE_STATES);
const SPAN_STATES: ReadonlySet<string> = new Set(['OK', 'ERROR', 'UNSET']);
const TYPES: ReadonlySet<string> = new Set(SPAN_TYPES);
const NO_WORDS: ReadonlySet<string> = new Set();

/** Words that need no quotes after `:`; `*` is left out because it is a wildcard there. */
const PLAIN_VALUE = /^[\w.@/][\w.@/:+-]*$/;
const PLAIN_KEY = /^\w+(?:\.\w+)*$/;

const SHORT_NAMES: Readonly<Record<NumberField, string>> = {
  timestamp_ms: 'time',
  execution_time_ms: 'duration',
  end_time_ms: 'end_time',
  input_tokens: 'tokens.input',
  output_tokens: 'tokens.output',
  total_tokens: 'tokens.total',
  span_count: 'spans',
  error_count: 'errors',
  total_cost: 'cost',
};

/** @param isNested Whether a list of several needs parentheses here. */
function printNode(filter: Filter, spelling: FilterSpelling, isNested: boolean): string {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return printList(filter, spelling, isNested);
    case 'not': {
      const inner = printNode(filter.filter, spelling, true);
      return spelling === 'mlflow' ? `NOT ${inner}` : `-${inner}`;
    }
    case 'text': {
      const name = filter.field === 'trace_id' ? nameOfId(spelling) : filter.field;
      return printTest(name, filter.test, spelling, filter.field === 'status' ? STATES : NO_WORDS);
    }
    case 'number':
      return printNumberTest(filter.field, filter.test, spelling);
    case 'tag':
    case 'metadata':
    case 'feedback':
    case 'expectation': {
      const key = 'key' in filter ? filter.key : filter.name;
      return printKeyTest(`${filter.kind}.${printKey(key)}`, filter.test, spelling, isNested);
    }
    case 'span':
      return printSpan(filter.of, spelling, isNested);
    default:
      return unreachable(filter);
  }
}

function nameOfId(spelling: FilterSpelling): string {
  return spelling === 'mlflow' ? 'request_id' : 'id';
}

function printList(filter: Filter & { readonly kind: 'all' | 'any' }, spelling: FilterSpelling, isNested: boolean) {
  const [only] = filter.of;
  if (only === undefined) return filter.kind === 'all' ? '()' : printNothing(spelling);
  if (filter.of.length === 1) return printNode(only, spelling, isNested);
  const isAll = filter.kind === 'all';
  // Several bare span conditions in one list would be read as conditions on one span.
  const canBeBare = isAll && filter.of.filter((item) => item.kind === 'span').length === 1;
  const items = filter.of.map((item) =>
    item.kind === 'span' && isAll ? printSpanInList(item.of, spelling, canBeBare) : printNode(item, spelling, true),
  );
  const text = items.join(!isAll ? ' OR ' : spelling === 'mlflow' ? ' AND ' : ' ');
  return isNested ? `(${text})` : text;
}

function printNothing(spelling: FilterSpelling): string {
  return spelling === 'mlflow' ? 'NOT ()' : '-()';
}

function printSpanInList(of: readonly SpanCondition[], spelling: FilterSpelling, canBeBare: boolean): string {
  if (spelling === 'short') return printSpan(of, spelling, true);
  return canBeBare && of.length > 0 ? printBareSpan(of) : printSpanGroup(of, spelling);
}

function printSpan(of: readonly SpanCondition[], spelling: FilterSpelling, isNested: boolean): string {
  const [only] = of;
  if (spelling === 'short') {
    if (only === undefined || of.length > 1) return printSpanGroup(of, spelling);
    const text = searchedText(only);
    if (text !== undefined) return doubleQuoted(text);
    return only.on === 'model' || only.on === 'type'
      ? printSpanCondition(only, spelling, '')
      : printSpanGroup(of, spelling);
  }
  if (only === undefined) return 'span()';
  const text = printBareSpan(of);
  return isNested && of.length > 1 ? `(${text})` : text;
}

function printBareSpan(of: readonly SpanCondition[]): string {
  const [only] = of;
  if (only !== undefined && of.length === 1 && only.on === 'content')
    return printTest('trace.text', only.test, 'mlflow');
  return of.map((condition) => printSpanCondition(condition, 'mlflow', 'span.')).join(' AND ');
}

function printSpanGroup(of: readonly SpanCondition[], spelling: FilterSpelling): string {
  const items = of.map((condition) => {
    const text = spelling === 'short' ? searchedText(condition) : undefined;
    return text === undefined ? printSpanCondition(condition, spelling, '') : doubleQuoted(text);
  });
  return `span(${items.join(spelling === 'mlflow' ? ' AND ' : ' ')})`;
}

function printSpanCondition(condition: SpanCondition, spelling: FilterSpelling, prefix: string): string {
  const { test } = condition;
  switch (condition.on) {
    case 'attribute':
      return printTest(`${prefix}attributes.${printKey(condition.key)}`, test, spelling);
    case 'type':
      return printTest(`${prefix}type`, test, spelling, TYPES, false);
    case 'status':
      return printTest(`${prefix}status`, test, spelling, SPAN_STATES);
    case 'content':
      // `content:word` folds case and searches anywhere, so it has no short form but that of `searchedText`.
      return printTest(`${prefix}content`, test, test.op === 'like' ? 'mlflow' : spelling);
    default:
      return printTest(`${prefix}${condition.on}`, test, spelling);
  }
}

/** What stands in quotes to search for it, if the condition is such a search. */
function searchedText(condition: SpanCondition): string | undefined {
  if (condition.on !== 'content' || condition.test.op !== 'ilike') return undefined;
  const { pattern } = condition.test;
  return pattern.length >= 2 && pattern.startsWith('%') && pattern.endsWith('%') ? pattern.slice(1, -1) : undefined;
}

function printKeyTest(name: string, test: Test, spelling: FilterSpelling, isNested: boolean): string {
  if (test.op !== 'in' && test.op !== 'not in') return printTest(name, test, spelling);
  const op = test.op === 'in' ? '=' : '!=';
  const items = test.values.map((value) => printTest(name, { op, value }, spelling));
  // In none: matches nothing. Not in none: whoever has the key.
  if (items.length === 0) return op === '=' ? printNothing(spelling) : printTest(name, { op: 'is not null' }, spelling);
  const text = items.join(op === '=' ? ' OR ' : ' AND ');
  return isNested && items.length > 1 ? `(${text})` : text;
}

/**
 * @param words Values that are read from words in either case, so that other spellings of them need quotes.
 * @param isLower Whether such a word is written in lower case.
 */
function printTest(
  name: string,
  test: Test,
  spelling: FilterSpelling,
  words: ReadonlySet<string> = NO_WORDS,
  isLower = true,
): string {
  const quote = spelling === 'mlflow' ? singleQuoted : doubleQuoted;
  switch (test.op) {
    case '=':
    case '!=':
      return spelling === 'short' && test.op === '='
        ? `${name}:${shortValue(test.value, words, isLower)}`
        : join(name, test.op, quote(test.value), spelling);
    case 'like':
      return (
        (spelling === 'short' ? printWildcard(name, test.pattern) : undefined) ?? `${name} LIKE ${quote(test.pattern)}`
      );
    case 'ilike':
      return `${name} ILIKE ${quote(test.pattern)}`;
    case 'rlike':
      return spelling === 'mlflow' ? `${name} RLIKE ${quote(test.pattern)}` : `${name}~${quote(test.pattern)}`;
    case 'in':
      return spelling === 'short' && test.values.length > 1
        ? `${name}:(${test.values.map((value) => shortValue(value, words, isLower)).join(', ')})`
        : `${name} IN (${test.values.map(quote).join(', ')})`;
    case 'not in':
      return `${name} NOT IN (${test.values.map(quote).join(', ')})`;
    case '==':
    case '!==':
      return join(name, test.op === '==' ? '=' : '!=', String(test.number), spelling);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return join(name, test.op, String(test.number), spelling);
    case 'is null':
      return `${name} IS NULL`;
    case 'is not null':
      return spelling === 'mlflow' ? `${name} IS NOT NULL` : `has:${name}`;
    default:
      return unreachable(test);
  }
}

function printNumberTest(field: NumberField, test: Test, spelling: FilterSpelling): string {
  if (spelling === 'mlflow' || !('number' in test)) {
    return printTest(spelling === 'mlflow' ? field : SHORT_NAMES[field], test, spelling);
  }
  const op = test.op === '==' ? '=' : test.op === '!==' ? '!=' : test.op;
  const isInstant = field === 'timestamp_ms' || field === 'end_time_ms';
  return `${SHORT_NAMES[field]}${op}${isInstant ? printInstant(test.number) : printShortNumber(field, test.number)}`;
}

function join(name: string, op: string, value: string, spelling: FilterSpelling): string {
  return spelling === 'mlflow' ? `${name} ${op} ${value}` : `${name}${op}${value}`;
}

function shortValue(value: string, words: ReadonlySet<string>, isLower: boolean): string {
  if (words.has(value)) return isLower ? value.toLowerCase() : value;
  return PLAIN_VALUE.test(value) && !words.has(value.toUpperCase()) ? value : doubleQuoted(value);
}

function printWildcard(name: string, pattern: string): string | undefined {
  if (!pattern.includes('%') || /[_*]/.test(pattern)) return undefined;
  const word = pattern.replaceAll('%', '*');
  return PLAIN_VALUE.test(pattern.replaceAll('%', '.')) ? `${name}:${word}` : undefined;
}

function printKey(key: string): string {
  return PLAIN_KEY.test(key) ? key : `\`${key.replaceAll('`', '``')}\``;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function doubleQuoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function isEverything(filter: Filter): boolean {
  return filter.kind === 'all' && filter.of.length === 0;
}
