/** Field names of generated clients (`finishReason`) as the API spells them (`finish_reason`). */
import { isMap } from './json-shape.ts';

/** What lies below these is the user's own: its keys are not the API's. */
const OPAQUE: ReadonlySet<string> = new Set(['arguments', 'parameters', 'schema', 'metadata', 'schemaDefinition']);
/** Deeper than any message; a cycle ends here. */
const MAX_DEPTH = 16;

/** Copies containers; leaves text, bytes and class instances that are no plain data as they are. */
export function toSnakeKeys(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    // Vectors and long lists of numbers have no keys.
    return typeof value[0] === 'number' ? value : value.map((item) => toSnakeKeys(item, depth + 1));
  }
  if (!isMap(value) || ArrayBuffer.isView(value) || value instanceof Blob) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      toSnake(key),
      OPAQUE.has(key) ? field : toSnakeKeys(field, depth + 1),
    ]),
  );
}

function toSnake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
