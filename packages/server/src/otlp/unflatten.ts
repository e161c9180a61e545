/** Families of indexed attributes (`llm.input_messages.0.message.role`) put back together as lists and maps. */
import { createAttributes, isAttributeMap, type Attributes, type AttributeValue } from '@clew/core';
import { keysOf } from './attribute-keys.ts';

const MAX_INDEX = 10_000;
const MAX_PATH_LENGTH = 12;
/** OpenInference puts a map of one key around each item: `{message: {…}}`. */
const WRAPPERS = new Set([
  'message',
  'tool_call',
  'document',
  'embedding',
  'message_content',
  'tool',
  'prompt',
  'completion',
]);

/**
 * The list under `prefix` (without a final dot), in the numeric order of its indexes, gaps closed.
 *
 * Indexes above 10,000 and paths longer than 12 are left out, and so are attributes with no value.
 *
 * @returns `undefined` when no attribute belongs to the family.
 */
export function unflattenList(attributes: Attributes, prefix: string): readonly AttributeValue[] | undefined {
  const start = `${prefix}.`;
  const root = createAttributes();
  let isFound = false;
  for (const key of keysOf(attributes)) {
    if (!key.startsWith(start)) continue;
    const value = attributes[key];
    const path = key.slice(start.length).split('.');
    if (value === null || value === undefined || !isIndex(path[0] ?? '') || !isAllowed(path)) continue;
    place(root, path, value);
    isFound = true;
  }
  if (!isFound) return undefined;
  const list = close(root);
  return Array.isArray(list) ? (list as readonly AttributeValue[]) : undefined;
}

function isAllowed(path: readonly string[]): boolean {
  return path.length <= MAX_PATH_LENGTH && path.every((step) => !isDigits(step) || isIndex(step));
}

function isIndex(step: string): boolean {
  return isDigits(step) && Number(step) <= MAX_INDEX;
}

function isDigits(step: string): boolean {
  return /^\d+$/.test(step);
}

/** A map beats a scalar that claims the same place, in either order. */
function place(root: { [key: string]: AttributeValue }, path: readonly string[], value: AttributeValue): void {
  let at = root;
  for (const step of path.slice(0, -1)) {
    const next = at[step];
    if (isBranch(next)) {
      at = next;
      continue;
    }
    const branch = createAttributes();
    BRANCHES.add(branch);
    at[step] = branch;
    at = branch;
  }
  const last = path.at(-1) ?? '';
  if (!isBranch(at[last])) at[last] = value;
}

/** Maps made here; a map that is an attribute's own value is a leaf. */
const BRANCHES = new WeakSet<object>();

function isBranch(value: AttributeValue | undefined): value is { [key: string]: AttributeValue } {
  return isAttributeMap(value) && BRANCHES.has(value);
}

function close(branch: Attributes): AttributeValue {
  const keys = Object.keys(branch);
  if (keys.every(isDigits)) {
    keys.sort((one, other) => Number(one) - Number(other));
    return keys.map((key) => closeValue(branch[key] ?? null));
  }
  const closed = createAttributes();
  for (const key of keys) closed[key] = closeValue(branch[key] ?? null);
  const only = keys.length === 1 ? keys[0] : undefined;
  return only !== undefined && WRAPPERS.has(only) ? (closed[only] ?? null) : closed;
}

function closeValue(value: AttributeValue): AttributeValue {
  return isBranch(value) ? close(value) : value;
}
