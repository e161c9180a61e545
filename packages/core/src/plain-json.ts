import type { AttributeValue } from './attributes.ts';
import { toBase64 } from './json-text.ts';

/**
 * JSON text for people and for other programs: what JSON has no word for is written as text (base64, `"NaN"`).
 * Use `encodeJsonText` where the value must come back unchanged.
 *
 * @param style - `compact` has no blanks; `spaced` puts one after `,` and `:`, as Python's `json.dumps` does.
 */
export function writePlainJson(value: AttributeValue, style: 'compact' | 'spaced' = 'compact'): string {
  const blank = style === 'spaced' ? ' ' : '';
  return write(value, `,${blank}`, `:${blank}`);
}

function write(value: AttributeValue, comma: string, colon: string): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'number':
      return writeDouble(value);
    default:
      return writeCompound(value, comma, colon);
  }
}

function writeDouble(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function writeCompound(value: AttributeValue & (object | null), comma: string, colon: string): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `"${toBase64(value)}"`;
  if (Array.isArray(value)) {
    return `[${(value as readonly AttributeValue[]).map((item) => write(item, comma, colon)).join(comma)}]`;
  }
  const map = value as { readonly [key: string]: AttributeValue };
  const entries = Object.keys(map).map((key) => JSON.stringify(key) + colon + write(map[key] ?? null, comma, colon));
  return `{${entries.join(comma)}}`;
}
