import { replaceMethod, type Method } from './replace-method.ts';

/** Marks a method that is observed already, by this copy of the package or by another one in the process. */
const OBSERVED = Symbol.for('clew.observed');

/** {@link replaceMethod}, once per method however often it is called. */
export function observeMethod(target: object, name: string, make: (original: Method) => Method): () => void {
  const current: unknown = Reflect.get(target, name);
  if (typeof current !== 'function' || OBSERVED in current) return () => {};
  const undo = replaceMethod(target, name, make);
  Object.defineProperty(Reflect.get(target, name), OBSERVED, { value: true });
  return undo;
}
