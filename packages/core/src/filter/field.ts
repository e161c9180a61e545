/** The names that conditions may use, in either spelling, and what each stands for. */
import type { NumberField, SpanCondition, TextField } from './ast.ts';
import { refuse, type Spot } from './refusal.ts';

/** What a number is written in: `2s`, `2026-05-01T10:00`, `10k`, `$0.10`. */
export type Unit = 'duration' | 'instant' | 'count' | 'dollars';

export type SpanTarget =
  | { readonly on: Exclude<SpanCondition['on'], 'attribute'> }
  | { readonly on: 'attribute'; readonly key: string };

export type Field =
  | { readonly kind: 'text'; readonly field: TextField }
  | { readonly kind: 'number'; readonly field: NumberField; readonly unit: Unit; readonly needsUnit: boolean }
  | { readonly kind: 'tag' | 'metadata'; readonly key: string }
  | { readonly kind: 'feedback' | 'expectation'; readonly name: string }
  /** Conditions that are `joined` and stand in one AND list ask about the same span. */
  | { readonly kind: 'span'; readonly target: SpanTarget; readonly isJoined: boolean }
  | { readonly kind: 'prompt' | 'issue' };

function text(field: TextField): Field {
  return { kind: 'text', field };
}

function number(field: NumberField, unit: Unit, needsUnit = false): Field {
  return { kind: 'number', field, unit, needsUnit };
}

/** MLflow's attributes of a trace, then ours; with or without one of `ATTRIBUTE_ENTITIES` before them. */
const ATTRIBUTES: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['request_id', text('trace_id')],
  ['client_request_id', text('client_request_id')],
  ['status', text('status')],
  ['name', text('name')],
  ['run_id', text('run_id')],
  ['timestamp', number('timestamp_ms', 'instant')],
  ['timestamp_ms', number('timestamp_ms', 'instant')],
  ['execution_time', number('execution_time_ms', 'duration')],
  ['execution_time_ms', number('execution_time_ms', 'duration')],
  ['end_time', number('end_time_ms', 'instant')],
  ['end_time_ms', number('end_time_ms', 'instant')],
  ['text', { kind: 'span', target: { on: 'content' }, isJoined: true }],
  ['prompt', { kind: 'prompt' }],
  ['trace_id', text('trace_id')],
  ['session', text('session')],
  ['user', text('user')],
  ['input_tokens', number('input_tokens', 'count')],
  ['output_tokens', number('output_tokens', 'count')],
  ['total_tokens', number('total_tokens', 'count')],
  ['span_count', number('span_count', 'count')],
  ['error_count', number('error_count', 'count')],
  ['total_cost', number('total_cost', 'dollars')],
]);

/** The short spelling's own names; never behind an entity. */
const SHORT_NAMES: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['id', text('trace_id')],
  ['run', text('run_id')],
  ['time', number('timestamp_ms', 'instant')],
  ['duration', number('execution_time_ms', 'duration', true)],
  ['tokens', number('total_tokens', 'count')],
  ['tokens.total', number('total_tokens', 'count')],
  ['tokens.input', number('input_tokens', 'count')],
  ['tokens.output', number('output_tokens', 'count')],
  ['spans', number('span_count', 'count')],
  ['errors', number('error_count', 'count')],
  ['cost', number('total_cost', 'dollars')],
  ['model', { kind: 'span', target: { on: 'model' }, isJoined: false }],
  ['type', { kind: 'span', target: { on: 'type' }, isJoined: false }],
]);

const ATTRIBUTE_ENTITIES: ReadonlySet<string> = new Set(['attribute', 'attributes', 'trace']);
const ENTITIES: ReadonlySet<string> = new Set([
  ...ATTRIBUTE_ENTITIES,
  'tag',
  'tags',
  'metadata',
  'request_metadata',
  'feedback',
  'expectation',
  'issue',
  'span',
]);
const SPAN_FIELDS = ['name', 'type', 'status', 'model', 'content'] as const;
const SPAN_ATTRIBUTE = /^attributes?(?:\.([\s\S]*))?$/;

/** Names to offer where a condition on a trace may start; keys and names of the person's own follow the dots. */
export const TRACE_FIELD_NAMES: readonly string[] = [
  ...ATTRIBUTES.keys(),
  ...SHORT_NAMES.keys(),
  'tag.',
  'metadata.',
  'feedback.',
  'expectation.',
  ...SPAN_FIELDS.map((name) => `span.${name}`),
  'span.attributes.',
  'issue.id',
];

/** Names to offer inside `span(…)`. */
export const SPAN_FIELD_NAMES: readonly string[] = [...SPAN_FIELDS, 'attributes.'];

/** Whether a word alone looks like the start of a condition rather than text to search. */
export function beginsTraceCondition(name: string): boolean {
  const entity = name.slice(0, Math.max(0, name.indexOf('.')));
  return ATTRIBUTES.has(name) || SHORT_NAMES.has(name) || ENTITIES.has(entity);
}

/**
 * The field a name stands for outside `span(…)`. The entity ends at the first dot; the rest is the key, literally.
 *
 * @throws {FilterRefusal} for an unknown name or an empty key.
 */
export function resolveTraceField(name: string, spot: Spot): Field {
  const known = ATTRIBUTES.get(name) ?? SHORT_NAMES.get(name);
  if (known !== undefined) return known;
  const dot = name.indexOf('.');
  if (dot === -1) return refuse(spot, TRACE_FIELD_NAMES, `there is no field "${name}"`);
  const entity = name.slice(0, dot);
  const key = name.slice(dot + 1);
  if (ATTRIBUTE_ENTITIES.has(entity)) {
    return ATTRIBUTES.get(key) ?? refuse(spot, [...ATTRIBUTES.keys()], `a trace has no attribute "${key}"`);
  }
  switch (entity) {
    case 'tag':
    case 'tags':
      return { kind: 'tag', key: requireKey(key, spot, 'tag') };
    case 'metadata':
    case 'request_metadata':
      return { kind: 'metadata', key: requireKey(key, spot, 'metadata') };
    case 'feedback':
    case 'expectation':
      return { kind: entity, name: requireKey(key, spot, entity) };
    case 'span':
      return { kind: 'span', target: resolveSpanTarget(key, spot), isJoined: true };
    case 'issue':
      return key === 'id' ? { kind: 'issue' } : refuse(spot, ['issue.id'], `an issue has no field "${key}"`);
    default:
      return refuse(spot, TRACE_FIELD_NAMES, `there is nothing called "${entity}" to ask about`);
  }
}

/** The field a name stands for inside `span(…)`, where `span.` before it is optional. */
export function resolveSpanField(name: string, spot: Spot): Field {
  const bare = name.startsWith('span.') ? name.slice('span.'.length) : name;
  return { kind: 'span', target: resolveSpanTarget(bare === 'text' ? 'content' : bare, spot), isJoined: true };
}

function resolveSpanTarget(name: string, spot: Spot): SpanTarget {
  const known = SPAN_FIELDS.find((field) => field === name);
  if (known !== undefined) return { on: known };
  const attribute = SPAN_ATTRIBUTE.exec(name);
  if (attribute === null) return refuse(spot, SPAN_FIELD_NAMES, `a span has no field "${name}"`);
  return { on: 'attribute', key: requireKey(attribute[1] ?? '', spot, 'attribute') };
}

function requireKey(key: string, spot: Spot, what: string): string {
  return key === '' ? refuse(spot, [`${what} name`], `the name after "${spot.found}" is missing`) : key;
}
