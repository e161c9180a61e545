/** Hears of CommonJS modules: those in the cache, and those required from now on. */
import Module from 'node:module';

type Load = (this: unknown, request: string, parent: unknown, isMain: boolean) => unknown;

interface ModuleInternals {
  readonly _cache?: Readonly<Record<string, { readonly exports?: unknown; readonly loaded?: boolean } | undefined>>;
  _load: Load;
}

const internals = Module as unknown as ModuleInternals;

/** Exports of every loaded file whose path ends in one of `suffixes`, all copies, nested ones too. */
export function loadedExports(suffixes: readonly string[]): readonly unknown[] {
  const exports: unknown[] = [];
  for (const [path, module] of Object.entries(internals._cache ?? {})) {
    if (module?.loaded !== true) continue;
    const portable = path.replaceAll('\\', '/');
    if (suffixes.some((suffix) => portable.endsWith(suffix))) exports.push(module.exports);
  }
  return exports;
}

/**
 * Calls `onLoaded` after a `require` of one of the packages named has loaded something new.
 *
 * @returns Stops listening. If somebody else has wrapped `require` since, our part only passes calls on.
 */
export function hookRequires(packages: readonly string[], onLoaded: (packageName: string) => void): () => void {
  const original = internals._load;
  const heard = new WeakSet<object>();
  let isActive = true;
  const load: Load = function load(request, parent, isMain) {
    const exports = original.call(this, request, parent, isMain);
    if (!isActive) return exports;
    const name = packages.find((candidate) => names(request, candidate));
    if (name === undefined || !isObject(exports) || heard.has(exports)) return exports;
    heard.add(exports);
    onLoaded(name);
    return exports;
  };
  internals._load = load;
  return () => {
    isActive = false;
    if (internals._load === load) internals._load = original;
  };
}

/** `openai`, `openai/azure`, or an absolute path into the package. */
function names(request: string, packageName: string): boolean {
  if (request === packageName || request.startsWith(`${packageName}/`)) return true;
  return request.includes('node_modules') && request.replaceAll('\\', '/').includes(`/node_modules/${packageName}/`);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
