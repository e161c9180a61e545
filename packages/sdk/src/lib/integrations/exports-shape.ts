/** Finding classes in a module's exports, whatever its format. */

/** The value at the end of a path of properties; `undefined` as soon as one is missing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(propertyOf, value);
}

/** The prototype of the class at the end of a path. */
export function prototypeAt(exports: unknown, ...path: readonly string[]): unknown {
  return valueAt(exports, ...path, 'prototype');
}

/** A named export; in CommonJS it may hang on the function that is exported, or on `default`. */
export function exportOf(exports: unknown, name: string): unknown {
  return valueAt(exports, name) ?? valueAt(exports, 'default', name);
}

function propertyOf(value: unknown, name: string): unknown {
  const hasProperties = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return hasProperties ? (Reflect.get(value, name) as unknown) : undefined;
}
