/** Reading values whose shape only their vendor knows. */

export type JsonMap = { readonly [key: string]: unknown };

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The map under `key`, or an empty one. */
export function mapAt(value: unknown, key: string): JsonMap {
  const found = isMap(value) ? value[key] : undefined;
  return isMap(found) ? found : {};
}

/** The list under `key`, or an empty one. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = isMap(value) ? value[key] : undefined;
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

/** The text under `key`, if it is text that is not empty. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = isMap(value) ? value[key] : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The finite number under `key`. */
export function numberAt(value: unknown, key: string): number | undefined {
  const found = isMap(value) ? value[key] : undefined;
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}
