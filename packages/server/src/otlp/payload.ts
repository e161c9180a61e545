/** Attributes that hold JSON as text, decoded; what emitters write for "nothing" is absent. */
import { isAttributeList, isAttributeMap, parseJsonText, type Attributes, type AttributeValue } from '@clew/core';

/** Longer text stays text, in characters: parsing it would stall every other request. */
const MAX_JSON_LENGTH = 32 * 1024 * 1024;
/** Deeper values stay text: what wraps them must still be readable within 512 levels. */
const MAX_DEPTH = 200;
const NOTHINGS = new Set(['', '{}', '[]', '<REDACTED>', 'N/A', '<not serializable>']);

/**
 * The value an attribute stands for: JSON objects, lists and quoted strings in text are decoded, other text stays.
 *
 * `undefined` for null, empty text, lists and maps, and the marks some emitters put in place of content.
 */
export function decodePayload(value: AttributeValue | undefined): AttributeValue | undefined {
  const present = presentValue(value);
  if (typeof present !== 'string') return present;
  return presentValue(decodeText(present));
}

/** As {@link decodePayload}, for text declared to be JSON: numbers, booleans and null in it are decoded too. */
export function decodeJsonPayload(value: AttributeValue | undefined): AttributeValue | undefined {
  const present = presentValue(value);
  if (typeof present !== 'string') return present;
  const decoded = parseBounded(present);
  return presentValue(decoded === undefined ? present : decoded);
}

/** The map an attribute holds, as such or as JSON text. */
export function decodeMap(value: AttributeValue | undefined): Attributes | undefined {
  const decoded = decodePayload(value);
  return isAttributeMap(decoded) ? decoded : undefined;
}

/** The list an attribute holds, as such or as JSON text. */
export function decodeList(value: AttributeValue | undefined): readonly AttributeValue[] | undefined {
  const decoded = decodePayload(value);
  return isAttributeList(decoded) ? decoded : undefined;
}

/** `undefined` where an emitter wrote a way of saying nothing. */
export function presentValue(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return NOTHINGS.has(value) ? undefined : value;
  if (isAttributeList(value)) return value.length === 0 ? undefined : value;
  if (isAttributeMap(value)) return hasKeys(value) ? value : undefined;
  return value;
}

/** An identifier or enumeration: one that is a quoted JSON string loses its quotes. Empty text is absent. */
export function identifier(value: AttributeValue | undefined): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (!value.startsWith('"')) return value;
  const inner = parseJsonText(value);
  return typeof inner === 'string' ? inner || undefined : value;
}

/** A JSON object or list that was cut off by its emitter: shown as it is, never mended. */
export function isTruncatedJson(text: string): boolean {
  return (text.startsWith('{') || text.startsWith('[')) && typeof decodeText(text) === 'string';
}

function decodeText(text: string): AttributeValue {
  const first = text.charCodeAt(0);
  // `{`, `[` or `"`: plain text such as `1` or `true` is never turned into a number or boolean.
  if (first !== 0x7b && first !== 0x5b && first !== 0x22) return text;
  const value = parseBounded(text);
  if (value === undefined) return text;
  if (typeof value !== 'string') return value;
  const inner = value.startsWith('{') || value.startsWith('[') ? parseBounded(value) : undefined;
  return inner ?? value;
}

function parseBounded(text: string): AttributeValue | undefined {
  if (text.length > MAX_JSON_LENGTH) return undefined;
  const value = parseJsonText(text);
  if (value === undefined || !hasManyBrackets(text)) return value;
  return isDeeperThan(value, MAX_DEPTH) ? undefined : value;
}

/** Too few opening brackets to nest too deeply: true of nearly every text, and much cheaper than to walk the value. */
function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > MAX_DEPTH) return true;
    }
  }
  return false;
}

function isDeeperThan(value: AttributeValue, levels: number): boolean {
  if (isAttributeList(value)) return levels === 0 || value.some((item) => isDeeperThan(item, levels - 1));
  if (!isAttributeMap(value)) return false;
  if (levels === 0) return true;
  for (const key in value) {
    if (isDeeperThan(value[key] ?? null, levels - 1)) return true;
  }
  return false;
}

function hasKeys(map: Attributes): boolean {
  return Object.keys(map).length > 0;
}
