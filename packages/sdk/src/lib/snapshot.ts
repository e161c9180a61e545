/**
 * A picture of a user's value at the moment of a call.
 *
 * Users go on changing their message arrays, so containers are copied; text is shared, not copied, so a long
 * conversation costs its number of messages and not its length. Nothing is turned into JSON here: that happens when
 * a batch leaves, away from the caller.
 */
import type { AttributeValue } from '@clew/core';

/** Numbers that are safe integers stand for integers; the encoder decides, to spare a `bigint` per number here. */
export interface Snapshot {
  readonly value: AttributeValue;
  /** What keeping it costs, roughly. */
  readonly bytes: number;
}

/** Longer text is cut; the cut is marked. One field this long already takes a screenful of scrolling. */
const MAX_TEXT = 1024 * 1024;
/** Deeper containers become a marker. */
const MAX_DEPTH = 64;
/** Containers and leaves of one value; the rest becomes a marker. About 2 ms of copying, for somebody's whole database client. */
const MAX_NODES = 20_000;
const TOO_MANY = '[Truncated: too many values]';
/** Memory of a container slot beside the text in it. */
const NODE_BYTES = 16;

interface Walk {
  nodes: number;
  bytes: number;
  /** The containers being copied, outermost first, to recognise cycles. */
  readonly path: object[];
}

/** Copies `value`. Never throws: getters and `toJSON` that do are replaced by a marker. */
export function takeSnapshot(value: unknown): Snapshot {
  if (typeof value === 'string' && value.length <= MAX_TEXT) return { value, bytes: NODE_BYTES + value.length };
  const walk: Walk = { nodes: 0, bytes: 0, path: [] };
  const copied = copy(value, walk);
  return { value: copied, bytes: walk.bytes };
}

function copy(value: unknown, walk: Walk): AttributeValue {
  walk.nodes += 1;
  walk.bytes += NODE_BYTES;
  if (typeof value === 'object') return value === null ? null : copyObject(value, walk);
  switch (typeof value) {
    case 'string':
      walk.bytes += Math.min(value.length, MAX_TEXT);
      return value.length > MAX_TEXT ? cutText(value) : value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    case 'symbol':
      return value.toString();
    case 'function':
      return `[Function ${value.name === '' ? 'anonymous' : value.name}]`;
    default:
      return null;
  }
}

function copyObject(value: object, walk: Walk): AttributeValue {
  if (walk.path.length >= MAX_DEPTH) return '[Truncated: nested too deeply]';
  if (walk.path.includes(value)) return '[Circular]';
  walk.path.push(value);
  try {
    if (Array.isArray(value)) return copyItems(value as readonly unknown[], walk);
    return isPlain(value) ? copyEntries(value, walk) : copySpecial(value, walk);
  } catch (error) {
    return `[Unreadable: ${describeError(error)}]`;
  } finally {
    walk.path.pop();
  }
}

function copyItems(items: Iterable<unknown>, walk: Walk): AttributeValue {
  const list: AttributeValue[] = [];
  for (const item of items) {
    if (walk.nodes >= MAX_NODES) {
      list.push(TOO_MANY);
      break;
    }
    list.push(copy(item, walk));
  }
  return list;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !('toJSON' in value);
}

function copyEntries(value: object, walk: Walk): AttributeValue {
  const map: { [key: string]: AttributeValue } = {};
  for (const key of Object.keys(value)) {
    if (walk.nodes >= MAX_NODES) {
      map['…'] = TOO_MANY;
      break;
    }
    const field = readField(value, key);
    if (field === undefined) continue;
    walk.bytes += key.length;
    setField(map, key, copy(field, walk));
  }
  return map;
}

function readField(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    return `[Unreadable: ${describeError(error)}]`;
  }
}

/** `__proto__` is an ordinary key; assigning it would replace the map's prototype. */
function setField(map: { [key: string]: AttributeValue }, key: string, value: AttributeValue): void {
  if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, writable: true });
  else map[key] = value;
}

/** What `JSON.stringify` would lose or never finish. */
function copySpecial(value: object, walk: Walk): AttributeValue {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return copyError(value, walk);
  if (value instanceof Map) return copyMap(value, walk);
  if (value instanceof Set) return copyItems(value, walk);
  if (value instanceof RegExp || value instanceof URL) return String(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return { type: value.constructor.name, byteLength: value.byteLength };
  }
  if (value instanceof Promise) return '[Promise]';
  if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(''), walk);
  return copyEntries(value, walk);
}

function copyMap(map: ReadonlyMap<unknown, unknown>, walk: Walk): AttributeValue {
  const keys = [...map.keys()];
  if (!keys.every((key) => typeof key === 'string')) return copyItems(map, walk);
  return copyEntries(Object.fromEntries(map), walk);
}

function copyError(error: Error, walk: Walk): AttributeValue {
  const { name, message, stack, cause } = error;
  return copyEntries(Object.assign({}, error, { name, message, stack, cause }), walk);
}

function cutText(text: string): string {
  // Half a surrogate pair is not valid UTF-8.
  const end = /[\uD800-\uDBFF]/.test(text[MAX_TEXT - 1] ?? '') ? MAX_TEXT - 1 : MAX_TEXT;
  return `${text.slice(0, end)}… [Truncated: ${text.length - end} more characters]`;
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}
