/**
 * Hears of ES modules that are loaded from now on.
 *
 * A load hook appends one line to matched files; when such a module has been evaluated, the line hands its namespace
 * to a global function. In-thread hooks where Node has them (22.15, 24), a loader thread before (20).
 */
import Module, { register } from 'node:module';

export interface ImportHook {
  /** Whether hooks are in place. */
  readonly isInstalled: boolean;
  /** Stops listening. Node 20 cannot take its loader thread back: it stays and does nothing more. */
  remove(): void;
}

export interface WatchedFile {
  /** The integration's package. */
  readonly module: string;
  /** How the file's URL ends, such as `/node_modules/openai/index.mjs`. */
  readonly suffix: string;
  /** Functions of the file to hand over in place of its exports: ES exports follow what they are set to. */
  readonly functions: readonly string[];
}

/** Called by the appended line; the number changes with its parameters. */
const ANNOUNCE = Symbol.for('clew.autolog.announce.1');

type Announce = (module: string, namespace: unknown) => void;
type AnnounceGlobal = { [ANNOUNCE]?: Announce | undefined };

/** What the loader thread runs. It sees nothing of this file, hence text. */
const LOADER = `
let watched = [];
export function initialize(files) { watched = files; }
export async function load(url, context, nextLoad) {
  const result = await nextLoad(url, context);
  const file = watched.find(({ suffix }) => url.endsWith(suffix));
  if (file === undefined || result.format !== 'module' || result.source == null) return result;
  const text = typeof result.source === 'string' ? result.source : new TextDecoder().decode(result.source);
  if (text.includes('clew.autolog.announce')) return result;
  return { ...result, source: text + file.tail.replace('URL', () => JSON.stringify(url)) };
}
`;

export function hookImports(files: readonly WatchedFile[], onLoaded: Announce): ImportHook {
  const stopListening = listen(onLoaded);
  const withTails = files.map((file) => ({ ...file, tail: tailFor(file) }));
  const { registerHooks } = Module as unknown as { readonly registerHooks?: RegisterHooks };
  if (registerHooks !== undefined) {
    const hooks = registerHooks({ load: (url, context, next) => loadWithTail(url, context, next, withTails) });
    return {
      isInstalled: true,
      remove() {
        hooks.deregister();
        stopListening();
      },
    };
  }
  register(`data:text/javascript,${encodeURIComponent(LOADER)}`, { data: withTails });
  return { isInstalled: true, remove: stopListening };
}

/** Several calls of `autolog()` may listen at once. */
function listen(onLoaded: Announce): () => void {
  const shared = globalThis as AnnounceGlobal;
  const former = shared[ANNOUNCE];
  let isListening = true;
  shared[ANNOUNCE] = (module, namespace) => {
    former?.(module, namespace);
    if (isListening) onLoaded(module, namespace);
  };
  return () => {
    isListening = false;
  };
}

/** One line, so that line numbers and source maps of the package stay right; never able to break it. */
function tailFor({ module, functions }: WatchedFile): string {
  const announce = (value: string): string =>
    `try{globalThis[Symbol.for('clew.autolog.announce.1')]?.(${JSON.stringify(module)}, ${value})}catch{}`;
  if (functions.length === 0) return `\n;import * as __clewSelf from URL;${announce('__clewSelf')}`;
  const bindings = functions.map(
    (name) => `get ${name}(){return typeof ${name}==='function'?${name}:undefined},set ${name}(value){${name}=value}`,
  );
  return `\n;${announce(`{${bindings.join(',')}}`)}`;
}

interface LoadResult {
  readonly format?: string | null;
  readonly source?: string | ArrayBuffer | Uint8Array | null;
}
type NextLoad = (url: string, context: unknown) => LoadResult;
type RegisterHooks = (hooks: { load(url: string, context: unknown, next: NextLoad): LoadResult }) => {
  deregister(): void;
};

function loadWithTail(
  url: string,
  context: unknown,
  next: NextLoad,
  files: readonly { readonly suffix: string; readonly tail: string }[],
): LoadResult {
  const result = next(url, context);
  const file = files.find(({ suffix }) => url.endsWith(suffix));
  // Results of other formats are given back untouched: rebuilding one of a CommonJS file breaks it.
  if (file === undefined || result.format !== 'module' || result.source == null) return result;
  const text = typeof result.source === 'string' ? result.source : new TextDecoder().decode(result.source);
  // Two calls of `autolog()` make two hooks; two tails would be a syntax error.
  if (text.includes('clew.autolog.announce')) return result;
  return { ...result, source: text + file.tail.replace('URL', () => JSON.stringify(url)) };
}
