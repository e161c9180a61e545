/**
 * A value as OTLP knows it (`AnyValue`).
 *
 * Integers are `bigint` and doubles are `number`, so `3` and `3.0` stay different and 64-bit integers stay exact.
 * A map built by us has a null prototype: its keys come from strangers.
 */
export type AttributeValue =
  | null
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Keys are unique; a map with a null prototype. */
export type Attributes = { readonly [key: string]: AttributeValue };

/** A map that is safe to fill with foreign keys: `__proto__` is an ordinary key in it. */
export function createAttributes(): { [key: string]: AttributeValue } {
  return Object.create(null) as { [key: string]: AttributeValue };
}

export function isAttributeMap(value: AttributeValue | undefined): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

export function isAttributeList(value: AttributeValue | undefined): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** The text under `key`, if it is text that is not empty. */
export function textAttribute(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The number under `key`: an integer, a finite double, or text holding one of them. */
export function numberAttribute(attributes: Attributes, key: string): number | undefined {
  const value = attributes[key];
  if (typeof value === 'bigint') return Number(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
