/** One condition as read, before it is checked: a field, an operator and its values. */
import type { UnixNanos } from '../time.ts';
import type { NumberComparison } from './ast.ts';
import type { Field } from './field.ts';
import { refuse, type Spot } from './refusal.ts';

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

/** @throws {FilterRefusal} when there is none, or more than one. */
export function onlyValue(clause: Clause): ClauseValue {
  const [value, second] = clause.values;
  if (value === undefined) return refuse(clause.operatorSpot, ['a value'], `${clause.name} needs a value`);
  if (second !== undefined) return refuse(second.spot, [], `${clause.name} is compared with one value`);
  return value;
}
