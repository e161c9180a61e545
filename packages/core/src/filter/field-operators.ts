import type { ClauseOperator } from './clause.ts';
import type { Field, SpanTarget } from './field.ts';

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

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;
const TEXT = ['=', '!=', 'LIKE', 'ILIKE', 'RLIKE', ':'] as const;
const LISTS = ['IN', 'NOT IN'] as const;
const NULLS = ['IS NULL', 'IS NOT NULL'] as const;
const ORDERING = ['<', '<=', '>', '>='] as const;

const NEVER_NULL: ReadonlySet<string> = new Set(['trace_id', 'status', 'timestamp_ms', 'end_time_ms']);
const COUNTS: ReadonlySet<string> = new Set(['span_count', 'error_count']);
