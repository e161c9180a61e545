/**
 * JSON text to attribute values and back without losing anything.
 *
 * `JSON.parse` turns `3.0` into `3` and rounds 64-bit integers, so integers become `bigint` and doubles `number` here,
 * and what JSON has no word for (bytes, NaN, infinities) is written as a map with one `$` key.
 */
import { createAttributes, type AttributeValue } from './attributes.ts';

/** Deeper nesting is refused: no emitter needs it, and a recursive reader must not overflow the stack. */
const MAX_DEPTH = 512;
/**
 * A number outside of text that `JSON.parse` turns into something else: 16 digits or more, a fraction of zeros, an
 * exponent. Sometimes true of digits inside text, which costs only time.
 */
const INEXACT_NUMBER = /(?:^|[:[,])\s*-?(?:\d{16}|\d+\.0+(?!\d)|\d+(?:\.\d+)?[eE])/;

/**
 * Reads JSON text. Integers become `bigint`, other numbers `number`; maps have a null prototype.
 *
 * @returns `undefined` when the text is not JSON or nests deeper than 512 levels.
 */
export function parseJsonText(text: string): AttributeValue | undefined {
  try {
    const seen = { integer: false };
    const value = convert(JSON.parse(text), 0, seen);
    // Only what came out as an integer may have been something else, and most texts hold no number at all.
    return seen.integer && INEXACT_NUMBER.test(text) ? readExactly(text) : value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Turns the result of `JSON.parse` into an attribute value: whole numbers become `bigint`. */
export function fromPlain(value: unknown, depth = 0): AttributeValue {
  return convert(value, depth, { integer: false });
}

function convert(value: unknown, depth: number, seen: { integer: boolean }): AttributeValue {
  if (depth > MAX_DEPTH) throw new SyntaxError('JSON nests too deeply');
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return value;
    seen.integer = true;
    return BigInt(value);
  }
  if (value === null || typeof value !== 'object') return value as string | boolean | null;
  if (Array.isArray(value)) return value.map((item) => convert(item, depth + 1, seen));
  const map = createAttributes();
  for (const key of Object.keys(value)) map[key] = convert((value as Record<string, unknown>)[key], depth + 1, seen);
  return map;
}

/** Writes the text {@link decodeJsonText} reads back to an equal value. `3` and `3.0` stay apart. */
export function encodeJsonText(value: AttributeValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'number':
      return encodeDouble(value);
    default:
      return encodeObject(value);
  }
}

/** What a value reads like: text as it is, anything else as its JSON text. */
export function attributeText(value: AttributeValue): string {
  return typeof value === 'string' ? value : encodeJsonText(value);
}

/** The value {@link encodeJsonText} wrote. `undefined` when the text is not JSON. */
export function decodeJsonText(text: string): AttributeValue | undefined {
  const value = parseJsonText(text);
  return value === undefined ? undefined : untag(value);
}

function encodeObject(value: AttributeValue & (object | null)): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `{"$bytes":"${toBase64(value)}"}`;
  if (Array.isArray(value)) return `[${(value as readonly AttributeValue[]).map(encodeJsonText).join(',')}]`;
  const map = value as { readonly [key: string]: AttributeValue };
  const keys = Object.keys(map);
  const text = `{${keys.map((key) => `${JSON.stringify(key)}:${encodeJsonText(map[key] ?? null)}`).join(',')}}`;
  return keys.length === 1 && keys[0]?.startsWith('$') === true ? `{"$map":${text}}` : text;
}

function encodeDouble(value: number): string {
  if (!Number.isFinite(value)) return `{"$double":"${value}"}`;
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function untag(value: AttributeValue): AttributeValue {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return (value as readonly AttributeValue[]).map(untag);
  const map = value as { readonly [key: string]: AttributeValue };
  const keys = Object.keys(map);
  const only = keys.length === 1 ? keys[0] : undefined;
  const content = only === undefined ? undefined : map[only];
  if (only === '$bytes' && typeof content === 'string') return fromBase64(content) ?? content;
  if (only === '$double' && typeof content === 'string') return Number(content);
  if (only === '$map' && content !== undefined)
    return untagEntries(content as { readonly [key: string]: AttributeValue });
  return untagEntries(map);
}

function untagEntries(map: { readonly [key: string]: AttributeValue }): AttributeValue {
  const result = createAttributes();
  for (const key of Object.keys(map)) result[key] = untag(map[key] ?? null);
  return result;
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** A backslash, or a control character that JSON does not allow. */
const NEEDS_UNESCAPING = /[\\\p{Cc}]/u;

/** A recursive descent over the grammar of RFC 8259, used only where `JSON.parse` would round. */
function readExactly(text: string): AttributeValue {
  let at = 0;

  function refuse(): never {
    throw new SyntaxError(`Unexpected input at ${at}`);
  }

  function skipBlanks(): void {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      at += 1;
    }
  }

  function expectWord(word: string): void {
    if (!text.startsWith(word, at)) refuse();
    at += word.length;
  }

  function readString(): string {
    const start = at;
    for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
      if (slashes % 2 === 1) continue;
      at = end + 1;
      const inside = text.slice(start + 1, end);
      return NEEDS_UNESCAPING.test(inside) ? (JSON.parse(text.slice(start, at)) as string) : inside;
    }
    return refuse();
  }

  function readNumber(): AttributeValue {
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text);
    if (match === null) return refuse();
    at = NUMBER.lastIndex;
    return match[1] === undefined && match[2] === undefined ? BigInt(match[0]) : Number(match[0]);
  }

  function readValue(depth: number): AttributeValue {
    if (depth > MAX_DEPTH) refuse();
    skipBlanks();
    switch (text[at]) {
      case '{':
        return readMap(depth);
      case '[':
        return readList(depth);
      case '"':
        return readString();
      case 't':
        expectWord('true');
        return true;
      case 'f':
        expectWord('false');
        return false;
      case 'n':
        expectWord('null');
        return null;
      default:
        return readNumber();
    }
  }

  function readList(depth: number): AttributeValue {
    const items: AttributeValue[] = [];
    at += 1;
    skipBlanks();
    if (text[at] === ']') {
      at += 1;
      return items;
    }
    for (;;) {
      items.push(readValue(depth + 1));
      skipBlanks();
      if (text[at] === ']') break;
      expectWord(',');
    }
    at += 1;
    return items;
  }

  function readMap(depth: number): AttributeValue {
    const map = createAttributes();
    at += 1;
    skipBlanks();
    if (text[at] === '}') {
      at += 1;
      return map;
    }
    for (;;) {
      skipBlanks();
      if (text[at] !== '"') refuse();
      const key = readString();
      skipBlanks();
      expectWord(':');
      map[key] = readValue(depth + 1);
      skipBlanks();
      if (text[at] === '}') break;
      expectWord(',');
    }
    at += 1;
    return map;
  }

  const value = readValue(0);
  skipBlanks();
  if (at !== text.length) refuse();
  return value;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const left = bytes.length - at;
    text += BASE64.charAt(group >> 18) + BASE64.charAt((group >> 12) & 63);
    text += (left > 1 ? BASE64.charAt((group >> 6) & 63) : '=') + (left > 2 ? BASE64.charAt(group & 63) : '=');
  }
  return text;
}

/** Accepts the URL alphabet and missing padding too; `undefined` when anything else stands in the text. */
export function fromBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    held = ((held << 6) | BASE64.indexOf(digit)) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 255;
    at += 1;
  }
  return bytes;
}
