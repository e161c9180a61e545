/** Orders: reading `order_by`, and what each means. */
import type { Result } from '../errors.ts';
import type { TraceId } from '../ids.ts';
import type { TraceHeader } from '../trace.ts';
import { NUMBER_FIELDS, type FilterError, type NumberField, type Order, type OrderKey, type TextField } from './ast.ts';
import { resolveTraceField } from './field.ts';
import { headerNumber, headerText } from './match.ts';
import { catchRefusal, refuse } from './refusal.ts';
import { createTokenReader, type TokenReader, type WordToken } from './token-reader.ts';
import { tokenise } from './tokenise.ts';

/**
 * Reads a list such as `['execution_time_ms DESC', 'tag.env', 'timestamp']`; ascending unless it says `DESC`.
 *
 * Names are those of the filter language that hold one value of a trace. An error's offset counts inside its entry,
 * and `index` says which one that is.
 */
export function parseOrderBy(
  list: readonly string[],
): Result<readonly Order[], FilterError & { readonly index: number }> {
  const orders: Order[] = [];
  for (const [index, text] of list.entries()) {
    const read = catchRefusal('order', () => readOrder(text, orders));
    if (!read.ok) return { ok: false, error: { ...read.error, index } };
    orders.push(read.value);
  }
  return { ok: true, value: orders };
}

/** The values a trace is ordered by, one per entry; null where it has none. */
export function orderKeys(header: TraceHeader, order: readonly Order[]): readonly (string | number | null)[] {
  return order.map(({ key }) => orderValue(header, key) ?? null);
}

/** Where a trace stands in an order: the values of its keys, then what decides between equal ones. */
export interface TracePlace {
  readonly keys: readonly (string | number | null)[];
  readonly startNanos: bigint;
  readonly traceId: TraceId;
}

/** A comparator for headers in this order; see {@link comparePlaces}. */
export function compareTraces(order: readonly Order[]): (left: TraceHeader, right: TraceHeader) => number {
  const placeOf = (header: TraceHeader): TracePlace => ({
    keys: orderKeys(header, order),
    startNanos: header.start,
    traceId: header.traceId,
  });
  const compare = comparePlaces(order);
  return (left, right) => compare(placeOf(left), placeOf(right));
}

/**
 * A comparator for places: by each key in turn, nulls last in both directions; then newest first to the nanosecond;
 * then by trace id ascending. Text compares by its UTF-8 bytes, as ClickHouse does.
 */
export function comparePlaces(order: readonly Order[]): (left: TracePlace, right: TracePlace) => number {
  return (left, right) => {
    for (const [index, { descending }] of order.entries()) {
      const difference = compareValues(left.keys[index] ?? null, right.keys[index] ?? null, descending);
      if (difference !== 0) return difference;
    }
    if (left.startNanos !== right.startNanos) return left.startNanos > right.startNanos ? -1 : 1;
    return compareText(left.traceId, right.traceId);
  };
}

/** Metadata that is JSON: its order as text means nothing, and these numbers hold what it says. */
const JSON_METADATA: ReadonlyMap<string, string> = new Map([
  ['mlflow.trace.tokenUsage', 'total_tokens'],
  ['mlflow.trace.cost', 'total_cost'],
]);

function readOrder(text: string, before: readonly Order[]): Order {
  const reader = createTokenReader(text, tokenise(text));
  const word = reader.takeAnyWord();
  if (word === undefined) return reader.refuseNext(ORDER_NAMES, 'a field to order by is missing here');
  const key = readKey(reader, word);
  const descending = reader.takeWord('DESC') !== undefined;
  if (!descending) reader.takeWord('ASC');
  if (reader.peek().kind !== 'end') return reader.refuseNext(['ASC', 'DESC'], 'only ASC or DESC can follow the field');
  if (before.some((order) => isSameKey(order.key, key))) {
    return refuse(reader.spotOf(word), [], 'traces are ordered by this already');
  }
  return { key, descending };
}

const ORDER_NAMES: readonly string[] = [
  ...NUMBER_FIELDS,
  'status',
  'request_id',
  'experiment_id',
  'name',
  'run_id',
  'client_request_id',
  'session',
  'user',
  'tag.',
  'metadata.',
];

function readKey(reader: TokenReader, word: WordToken): OrderKey {
  if (EXPERIMENT_NAMES.has(word.text)) return { by: 'experiment_id' };
  const spot = reader.spotOf(word);
  const field = resolveTraceField(word.text, spot);
  switch (field.kind) {
    case 'text':
    case 'number':
      return { by: field.field };
    case 'tag':
      return { by: 'tag', key: field.key };
    case 'metadata': {
      const better = JSON_METADATA.get(field.key);
      if (better !== undefined) return refuse(spot, [better], `this is JSON; order by ${better} instead`);
      return { by: 'metadata', key: field.key };
    }
    default:
      return refuse(spot, ORDER_NAMES, `traces cannot be ordered by ${word.text}`);
  }
}

const EXPERIMENT_NAMES: ReadonlySet<string> = new Set(
  ['', 'attribute.', 'attributes.', 'trace.'].map((entity) => `${entity}experiment_id`),
);

function isSameKey(left: OrderKey, right: OrderKey): boolean {
  if (left.by !== right.by) return false;
  return !('key' in left) || !('key' in right) || left.key === right.key;
}

function orderValue(header: TraceHeader, key: OrderKey): string | number | undefined {
  switch (key.by) {
    case 'tag':
      return Object.hasOwn(header.tags, key.key) ? header.tags[key.key] : undefined;
    case 'metadata':
      return Object.hasOwn(header.metadata, key.key) ? header.metadata[key.key] : undefined;
    case 'experiment_id':
      return header.experimentId;
    default:
      return isNumberField(key.by) ? headerNumber(header, key.by) : headerText(header, key.by);
  }
}

function isNumberField(name: NumberField | TextField): name is NumberField {
  return NUMBER_FIELDS.some((field) => field === name);
}

function compareValues(left: string | number | null, right: string | number | null, descending: boolean): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  const isNumeric = typeof left === 'number' && typeof right === 'number';
  const difference = isNumeric ? left - right : compareText(String(left), String(right));
  return descending ? -difference : difference;
}

/** UTF-8 orders text by code point; JavaScript's `<` orders it by UTF-16 unit. */
function compareText(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  if (at === left.length || at === right.length) return left.length - right.length;
  return orderOfUnit(left.charCodeAt(at)) - orderOfUnit(right.charCodeAt(at));
}

/** Surrogates stand for code points above every other unit, so they go behind U+FFFF. */
function orderOfUnit(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
