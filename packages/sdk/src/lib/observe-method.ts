import { replaceMethod, type Method } from './replace-method.ts';

/** Marks a method that is observed already, by this copy of the package or by another one in the process. */
const OBSERVED = Symbol.for('clew.observed');

/**
 * {@link replaceMethod}, once per method however often it is called.
 *
 * @returns Puts the original back; `undefined` where there is no such method.
 */
export function observeMethod(
  target: unknown,
  name: string,
  make: (original: Method) => Method,
): (() => void) | undefined {
  if ((typeof target !== 'object' && typeof target !== 'function') || target === null) return undefined;
  const current: unknown = Reflect.get(target, name);
  if (typeof current !== 'function') return undefined;
  if (OBSERVED in current) return () => {};
  const undo = replaceMethod(target, name, make);
  Object.defineProperty(Reflect.get(target, name), OBSERVED, { value: true });
  return undo;
}
