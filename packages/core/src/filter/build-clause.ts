/** One condition to a node of the filter. */
import { parseTraceId, toMlflowTraceId } from '../ids.ts';
import { SPAN_TYPES } from '../span.ts';
import { TRACE_STATES } from '../trace.ts';
import type { Filter, SpanCondition, Test } from './ast.ts';
import { buildContentTest, buildNumberTest, buildTextTest, buildValueTest } from './build-test.ts';
import { onlyValue, type Clause, type ClauseValue } from './clause.ts';
import type { SpanTarget } from './field.ts';
import { operatorsOf } from './field-operators.ts';
import { refuse } from './refusal.ts';
import { escapePattern } from './regular-expression.ts';

/** What a condition on one field of a span, or on a trace, asks. */
export type ClauseResult =
  | { readonly kind: 'trace'; readonly filter: Filter }
  | { readonly kind: 'span'; readonly condition: SpanCondition };

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
      return trace({ kind: 'number', field: field.field, test: buildNumberTest(clause, field) });
    case 'tag':
    case 'metadata':
      return trace(anyOf(clause, (single) => ({ kind: field.kind, key: field.key, test: buildTextTest(single) })));
    case 'feedback':
    case 'expectation':
      return trace(anyOf(clause, (single) => ({ kind: field.kind, name: field.name, test: buildValueTest(single) })));
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

/** `tag.env:(a, b)`: MLflow has no lists for keys, so it becomes what it means. */
function anyOf(clause: Clause, build: (single: Clause) => Filter): Filter {
  if (clause.operator !== ':' || clause.values.length < 2) return build(clause);
  return { kind: 'any', of: clause.values.map((value) => build({ ...clause, values: [value] })) };
}

function spanCondition(clause: Clause, target: SpanTarget): SpanCondition {
  switch (target.on) {
    case 'name':
    case 'model':
      return { on: target.on, test: buildTextTest(clause) };
    case 'type':
      return { on: 'type', test: buildTextTest(clause, (word) => upperIfKnown(word, TYPE_WORDS)) };
    case 'status':
      return { on: 'status', test: buildTextTest(clause, (word) => upperIfKnown(word, SPAN_STATE_WORDS)) };
    case 'attribute':
      return { on: 'attribute', key: target.key, test: buildValueTest(clause) };
    case 'content':
      return { on: 'content', test: buildContentTest(clause) };
  }
}

function textFieldTest(clause: Clause, field: string): Test {
  switch (field) {
    case 'status':
      return buildTextTest(clause, (word) => upperIfKnown(word, STATE_WORDS));
    case 'trace_id':
      return canonicalIds(buildTextTest(clause));
    default:
      return buildTextTest(clause);
  }
}

/** `status:error` means `ERROR`; words that are no known value stay as they are. */
function upperIfKnown(word: string, known: ReadonlySet<string>): string {
  return known.has(word.toUpperCase()) ? word.toUpperCase() : word;
}

/** Trace states by the words people type for them. */
const STATE_WORDS: ReadonlySet<string> = new Set(TRACE_STATES);
const SPAN_STATE_WORDS: ReadonlySet<string> = new Set(['OK', 'ERROR', 'UNSET']);
const TYPE_WORDS: ReadonlySet<string> = new Set(SPAN_TYPES);

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

function promptFilter(value: ClauseValue): Filter {
  const [name = '', version = '', ...more] = value.text.split('/');
  if (name === '' || version === '' || more.length > 0) {
    return refuse(value.spot, ["'name/version'"], "a prompt is named 'name/version', for example 'greet/3'");
  }
  const [nameJson, versionJson] = [JSON.stringify(name), JSON.stringify(version)].map(escapePattern);
  const pattern = String.raw`\{"name": ?${nameJson}, ?"version": ?${versionJson}\}`;
  return { kind: 'tag', key: LINKED_PROMPTS, test: { op: 'rlike', pattern } };
}

/** Where prompts are linked: JSON of `[{"name": …, "version": …}]`, with or without blanks. */
const LINKED_PROMPTS = 'mlflow.linkedPrompts';
