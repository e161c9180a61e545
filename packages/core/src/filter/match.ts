/** What a filter means: the reference that every store must agree with. One line states each rule. */
import { unreachable } from '../errors.ts';
import { attributeText } from '../json-text.ts';
import { addDuration, toDurationMillis, toUnixMillis } from '../time.ts';
import type { Assessment } from '../assessment.ts';
import type { AttributeValue } from '../attributes.ts';
import { toMlflowTraceId } from '../ids.ts';
import type { StoredSpan } from '../span.ts';
import type { StringMap, TraceHeader } from '../trace.ts';
import type { Filter, NumberField, SpanCondition, Test, TextField } from './ast.ts';
import { compilePattern } from './regular-expression.ts';
import { spanContent } from './span-content.ts';
import { contentPatterns, matchesIlike, matchesLike } from './text-pattern.ts';

/** Everything a filter may ask about one trace. */
export interface FilterSubject {
  readonly header: TraceHeader;
  /** Runs the trace was linked to after it started. */
  readonly runIds: readonly string[];
  /** Those of the trace, and those of its session. */
  readonly assessments: readonly Assessment[];
  readonly spans: readonly StoredSpan[];
}

/** Whether a trace matches. `not` is plain negation: it matches exactly the traces its filter does not. */
export function matchesFilter(filter: Filter, subject: FilterSubject): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every((part) => matchesFilter(part, subject));
    case 'any':
      return filter.of.some((part) => matchesFilter(part, subject));
    case 'not':
      return !matchesFilter(filter.filter, subject);
    case 'text':
      return filter.field === 'run_id'
        ? matchesRun(filter.test, subject)
        : matchesText(filter.test, headerText(subject.header, filter.field));
    case 'number':
      return matchesNumber(filter.test, headerNumber(subject.header, filter.field));
    case 'tag':
      return matchesText(filter.test, entry(subject.header.tags, filter.key));
    case 'metadata':
      return matchesText(filter.test, entry(subject.header.metadata, filter.key));
    case 'feedback':
    case 'expectation':
      return matchesAssessments(filter.test, filter.kind, filter.name, subject.assessments);
    case 'span':
      // One span must satisfy all conditions; without conditions any span does.
      return subject.spans.some((span) => filter.of.every((condition) => matchesSpan(condition, span)));
    default:
      return unreachable(filter);
  }
}

/** A text field of the header; `undefined` is null. */
export function headerText(header: TraceHeader, field: TextField): string | undefined {
  switch (field) {
    case 'trace_id':
      return toMlflowTraceId(header.traceId);
    case 'client_request_id':
      return header.clientRequestId;
    case 'status':
      return header.state;
    case 'name':
      return header.name;
    case 'run_id':
      return entry(header.metadata, SOURCE_RUN);
    case 'session':
      return header.sessionId;
    case 'user':
      return header.userId;
    default:
      return unreachable(field);
  }
}

/** A number field of the header; `undefined` is null. Times are whole milliseconds, rounded down. */
export function headerNumber(header: TraceHeader, field: NumberField): number | undefined {
  switch (field) {
    case 'timestamp_ms':
      return toUnixMillis(header.start);
    case 'execution_time_ms':
      return header.duration === undefined ? undefined : toDurationMillis(header.duration);
    case 'end_time_ms':
      // Start and duration are added in nanoseconds; a trace without duration ends when it starts.
      return toUnixMillis(header.duration === undefined ? header.start : addDuration(header.start, header.duration));
    case 'input_tokens':
      return header.usage?.inputTokens;
    case 'output_tokens':
      return header.usage?.outputTokens;
    case 'total_tokens':
      return header.usage?.totalTokens;
    case 'span_count':
      return header.spanCount;
    case 'error_count':
      return header.errorCount;
    case 'total_cost':
      return header.cost?.totalCost;
    default:
      return unreachable(field);
  }
}

/** The number a text stands for, as JSON writes numbers; `undefined` for any other text. */
export function numberOfText(text: string): number | undefined {
  const number = JSON_NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

const SOURCE_RUN = 'mlflow.sourceRun';
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** An own key only: tags named `constructor` are tags. */
function entry(map: StringMap, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** `=` and `in` look at the run it started in and at linked runs; every other test at the run it started in. */
function matchesRun(test: Test, subject: FilterSubject): boolean {
  const source = headerText(subject.header, 'run_id');
  if (test.op !== '=' && test.op !== 'in') return matchesText(test, source);
  return matchesText(test, source) || subject.runIds.some((run) => matchesText(test, run));
}

/** Null matches only `is null`; text never matches a numeric test. */
function matchesText(test: Test, text: string | undefined): boolean {
  if (text === undefined) return test.op === 'is null';
  switch (test.op) {
    case '=':
      return text === test.value;
    case '!=':
      return text !== test.value;
    case 'in':
      return test.values.includes(text);
    case 'not in':
      return !test.values.includes(text);
    case 'like':
      return matchesLike(text, test.pattern);
    case 'ilike':
      return matchesIlike(text, test.pattern);
    case 'rlike':
      return matchesPattern(text, test.pattern);
    case 'is not null':
      return true;
    default:
      return false;
  }
}

/** A pattern that is no regular expression we support matches nothing; the parser refuses it before. */
function matchesPattern(text: string, pattern: string): boolean {
  const compiled = compilePattern(pattern);
  return compiled.ok && compiled.value.test(text);
}

/** Null matches only `is null`; a number never matches a test on text. */
function matchesNumber(test: Test, number: number | undefined): boolean {
  if (number === undefined) return test.op === 'is null';
  switch (test.op) {
    case '==':
      return number === test.number;
    case '!==':
      return number !== test.number;
    case '<':
      return number < test.number;
    case '<=':
      return number <= test.number;
    case '>':
      return number > test.number;
    case '>=':
      return number >= test.number;
    case 'is not null':
      return true;
    default:
      return false;
  }
}

/** Some valid assessment of that kind and name matches; `is null`: there is none. */
function matchesAssessments(
  test: Test,
  kind: Assessment['value']['kind'],
  name: string,
  assessments: readonly Assessment[],
): boolean {
  const named = assessments.filter(({ valid, value, name: own }) => valid && value.kind === kind && own === name);
  if (test.op === 'is null') return named.length === 0;
  return named.some(({ value }) => matchesAssessed(test, value.value));
}

/** A null value, as beside an error, matches only `is not null`. */
function matchesAssessed(test: Test, value: AttributeValue): boolean {
  if (value === null) return test.op === 'is not null';
  switch (test.op) {
    case '=':
      return equalsText(value, test.value);
    case '!=':
      return !equalsText(value, test.value);
    case 'in':
      return test.values.some((text) => equalsText(value, text));
    case 'not in':
      return !test.values.some((text) => equalsText(value, text));
    default:
      return matchesValue(test, value);
  }
}

/** As text, or as numbers if the value is a number and the text is one as JSON writes it: `'4'` equals 4.0. */
function equalsText(value: AttributeValue, text: string): boolean {
  if (attributeText(value) === text) return true;
  const number = finiteNumber(value);
  return number !== undefined && number === numberOfText(text);
}

function matchesSpan(condition: SpanCondition, span: StoredSpan): boolean {
  const { test } = condition;
  switch (condition.on) {
    case 'name':
      return matchesText(test, span.name);
    case 'type':
      return matchesText(test, span.summary.type);
    case 'status':
      // `OK`, `ERROR`, `UNSET`.
      return matchesText(test, span.status.code.toUpperCase());
    case 'model':
      return matchesText(test, span.summary.model);
    case 'attribute': {
      // An attribute that is there with a null value is the text `null`.
      const value = Object.hasOwn(span.attributes, condition.key) ? span.attributes[condition.key] : undefined;
      return value === undefined ? test.op === 'is null' : matchesValue(test, value);
    }
    case 'content':
      return matchesContent(test, spanContent(span));
    default:
      return unreachable(condition);
  }
}

/** A pattern with quotes, backslashes or control characters is looked for as it is, and as JSON text has it. */
function matchesContent(test: Test, content: string): boolean {
  if (test.op !== 'like' && test.op !== 'ilike') return matchesText(test, content);
  const { op } = test;
  return contentPatterns(test.pattern).some((pattern) => matchesText({ op, pattern }, content));
}

/** Numeric tests look at integers and finite doubles only; all other tests at the value's text. */
function matchesValue(test: Test, value: AttributeValue): boolean {
  switch (test.op) {
    case '==':
    case '!==':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const number = finiteNumber(value);
      return number !== undefined && matchesNumber(test, number);
    }
    default:
      return matchesText(test, attributeText(value));
  }
}

/** Integers past 2^53 compare as the nearest double. */
function finiteNumber(value: AttributeValue): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
