import type { Attributes } from '@clew/core';

/**
 * The keys of a span's attributes, listed once for all who look through them.
 *
 * Listing the keys of a map without prototype takes about a microsecond, and a dozen readers ask one after the other;
 * the last answer is remembered. Attributes never change once they are decoded.
 */
export function keysOf(attributes: Attributes): readonly string[] {
  if (attributes !== lastAttributes) {
    lastAttributes = attributes;
    lastKeys = Object.keys(attributes);
  }
  return lastKeys;
}

let lastAttributes: Attributes | undefined;
let lastKeys: readonly string[] = [];
