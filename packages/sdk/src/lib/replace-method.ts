/** A method as seen from outside: whatever `this` and arguments are, they are passed on. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Replaces a method of one object or prototype by what `make` builds around the original.
 *
 * Name, length and enumerability stay. Nothing happens where there is no such method.
 *
 * @returns Puts the original back. If somebody else has wrapped ours since, theirs stays and ours only passes calls on.
 */
export function replaceMethod(target: object, name: PropertyKey, make: (original: Method) => Method): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') return () => {};
  const inner = original as Method;
  const outer = make(inner);
  let isActive = true;
  function replaced(this: unknown, ...args: unknown[]): unknown {
    return (isActive ? outer : inner).apply(this, args);
  }
  Object.defineProperty(replaced, 'name', { value: inner.name, configurable: true });
  Object.defineProperty(replaced, 'length', { value: inner.length, configurable: true });
  if (own?.set !== undefined) return setMethod(target, name, inner, replaced, () => (isActive = false));
  const isEnumerable = own?.enumerable ?? false;
  Object.defineProperty(target, name, {
    value: replaced,
    configurable: true,
    writable: true,
    enumerable: isEnumerable,
  });

  return () => {
    isActive = false;
    if (Reflect.get(target, name) !== replaced) return;
    if (own === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, own);
  };
}

/** A property that stands for something else, such as a module's own binding, is set and not redefined. */
function setMethod(
  target: object,
  name: PropertyKey,
  original: Method,
  replaced: Method,
  deactivate: () => void,
): () => void {
  Reflect.set(target, name, replaced);
  return () => {
    deactivate();
    if (Reflect.get(target, name) === replaced) Reflect.set(target, name, original);
  };
}
