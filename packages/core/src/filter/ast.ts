/**
 * A search as data. Both spellings of the language parse to it; the memory store evaluates it and the engine's
 * compiler turns it into SQL.
 */

export type NumberComparison = '<' | '<=' | '>' | '>=';

/** How a value is tested. Text compares exactly and case-sensitively unless `ilike`. */
export type Test =
  | { readonly op: '=' | '!='; readonly value: string }
  | { readonly op: 'like' | 'ilike' | 'rlike'; readonly pattern: string }
  | { readonly op: 'in' | 'not in'; readonly values: readonly string[] }
  /** On a number: compares numerically; a value that is not a number never matches. */
  | { readonly op: '==' | '!==' | NumberComparison; readonly number: number }
  | { readonly op: 'is null' | 'is not null' };

/** Fields of the trace header that hold text. `trace_id` is compared in MLflow's form, `tr-` and 32 hex digits. */
export const TEXT_FIELDS = ['trace_id', 'client_request_id', 'status', 'name', 'run_id', 'session', 'user'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** Fields of the trace header that hold numbers: epoch or duration in milliseconds, counts, US dollars. */
export const NUMBER_FIELDS = [
  'timestamp_ms',
  'execution_time_ms',
  'end_time_ms',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'span_count',
  'error_count',
  'total_cost',
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

/** One condition on a span. All conditions of one `span` node must hold on the same span. */
export type SpanCondition =
  | { readonly on: 'name' | 'type' | 'status' | 'model'; readonly test: Test }
  /** One attribute by key, decoded: text compares as text, anything else as its JSON text. */
  | { readonly on: 'attribute'; readonly key: string; readonly test: Test }
  /** Anything the span says: its name, inputs, outputs, attributes and events. */
  | { readonly on: 'content'; readonly test: Test };

export type Filter =
  /** Every one holds; an empty list matches everything. */
  | { readonly kind: 'all'; readonly of: readonly Filter[] }
  /** At least one holds; an empty list matches nothing. */
  | { readonly kind: 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'text'; readonly field: TextField; readonly test: Test }
  | { readonly kind: 'number'; readonly field: NumberField; readonly test: Test }
  /** A trace without the key matches only `is null`. */
  | { readonly kind: 'tag' | 'metadata'; readonly key: string; readonly test: Test }
  /** Some valid assessment of that kind and name matches; `is null`: there is none. */
  | { readonly kind: 'feedback' | 'expectation'; readonly name: string; readonly test: Test }
  /** Some span matches every condition. */
  | { readonly kind: 'span'; readonly of: readonly SpanCondition[] };

/** Matches every trace. */
export const EVERYTHING: Filter = { kind: 'all', of: [] };

export type OrderKey =
  | { readonly by: TextField | NumberField | 'experiment_id' }
  | { readonly by: 'tag' | 'metadata'; readonly key: string };

/** Nulls come last in both directions. */
export interface Order {
  readonly key: OrderKey;
  readonly descending: boolean;
}

/** Appended to every order: newest first, then by trace id. */
export const DEFAULT_ORDER: readonly Order[] = [{ key: { by: 'timestamp_ms' }, descending: true }];

/** Why a filter was refused. */
export interface FilterError {
  /** In UTF-16 units from the start of the text. */
  readonly offset: number;
  /** Length of the offending part; 0 at the end of the text. */
  readonly length: number;
  /** What stands there, quoted by the message. */
  readonly found: string;
  /** What could have stood there. */
  readonly expected: readonly string[];
  /** A whole sentence for people. */
  readonly message: string;
}
