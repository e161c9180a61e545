/**
 * Reads fields of a request as MLflow's servers do: names in snake_case or camelCase, integers as text or numbers,
 * absent and empty text alike, unknown fields ignored. Every refusal names the parameter, the value and what was wanted.
 */
import {
  createAttributes,
  isAttributeList,
  isAttributeMap,
  type Attributes,
  type AttributeValue,
} from '../attributes.ts';
import { TracingError } from '../errors.ts';
import { encodeJsonText } from '../json-text.ts';

/** A decoded request body or query; integers are `bigint`. */
export type Message = Attributes;

export const EMPTY_MESSAGE: Message = createAttributes();

/** The value under a name, in either spelling; `undefined` when absent or null. */
export function readValue(message: Message, name: string): AttributeValue | undefined {
  return message[name] ?? message[toCamelCase(name)] ?? undefined;
}

/** Text that may be absent; numbers count as their digits. */
export function readText(message: Message, name: string): string | undefined {
  const value = readValue(message, name);
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  return refuse(name, value, 'text');
}

/** Text that must be there and not empty. */
export function requireText(message: Message, name: string): string {
  const text = readText(message, name);
  if (text === undefined || text === '') {
    throw new TracingError('invalid_argument', `Missing value for required parameter "${name}"`);
  }
  return text;
}

export function readInteger(message: Message, name: string): bigint | undefined {
  const value = readValue(message, name);
  if (value === undefined || typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  return refuse(name, value, 'an integer');
}

export function readBoolean(message: Message, name: string): boolean | undefined {
  const value = readValue(message, name);
  if (value === undefined || typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word === 'true' || word === 'false') return word === 'true';
  return refuse(name, value, 'true or false');
}

/** Empty when absent. */
export function readList(message: Message, name: string): readonly AttributeValue[] {
  const value = readValue(message, name);
  if (value === undefined) return [];
  return isAttributeList(value) ? value : refuse(name, value, 'a list');
}

/** Empty when absent. A lone text counts as a list of one: that is how a query string repeats a parameter once. */
export function readTexts(message: Message, name: string): readonly string[] {
  const value = readValue(message, name);
  if (typeof value === 'string') return [value];
  return readList(message, name).map((item) => {
    if (typeof item === 'string') return item;
    return typeof item === 'bigint' ? String(item) : refuse(name, item, 'a list of texts');
  });
}

/**
 * Reads a `FieldMask`: one text of comma-separated paths, or a list of them; in either spelling.
 *
 * @returns The paths in snake_case, at least one.
 */
export function requireFieldMask(message: Message, name: string): readonly string[] {
  const value = readValue(message, name);
  const paths = (typeof value === 'string' ? value.split(',') : fieldMaskPaths(message, name, value))
    .map((path) => path.trim().replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .filter((path) => path !== '');
  if (paths.length === 0) throw new TracingError('invalid_argument', `Missing value for required parameter "${name}"`);
  return paths;
}

/** Beside a list, what protobuf libraries print as a message: `{"paths": […]}`. */
function fieldMaskPaths(message: Message, name: string, value: AttributeValue | undefined): readonly string[] {
  return isAttributeMap(value) ? readTexts(value, 'paths') : readTexts(message, name);
}

export function readMessage(message: Message, name: string): Message | undefined {
  const value = readValue(message, name);
  return value === undefined || isAttributeMap(value) ? value : refuse(name, value, 'an object');
}

export function requireMessage(message: Message, name: string): Message {
  const value = readMessage(message, name);
  if (value === undefined) throw new TracingError('invalid_argument', `Missing value for required parameter "${name}"`);
  return value;
}

/** A map of texts: an object, or the list of `{key, value}` that MLflow's older messages use. Empty when absent. */
export function readStringMap(message: Message, name: string): { readonly [key: string]: string } {
  const value = readValue(message, name);
  const entries = isAttributeList(value)
    ? value.map((item) => readEntry(name, item))
    : Object.entries(readMessage(message, name) ?? {});
  const map = Object.create(null) as { [key: string]: string };
  for (const [key, item] of entries) map[key] = typeof item === 'string' ? item : encodeJsonText(item);
  return map;
}

function readEntry(name: string, item: AttributeValue): readonly [string, AttributeValue] {
  if (!isAttributeMap(item)) return refuse(name, item, 'a list of {key, value}');
  return [requireText(item, 'key'), readValue(item, 'value') ?? ''];
}

function refuse(name: string, value: AttributeValue, wanted: string): never {
  const text = encodeJsonText(value);
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  throw new TracingError('invalid_argument', `Invalid value ${shown} for parameter "${name}": expected ${wanted}`);
}

function toCamelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
