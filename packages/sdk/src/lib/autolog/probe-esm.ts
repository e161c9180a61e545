/**
 * Asks Node, synchronously and without loading anything, whether an ES module is loaded already.
 *
 * Node's `Module.prototype._compile(text, file, 'module')` looks into its ES module registry first. We give it text
 * that cannot be parsed: if the module is there, `exports` is its live namespace; if not, parsing fails, nothing is
 * cached, and a later import works as ever. `_compile` is not documented: where it is missing or answers otherwise,
 * the module counts as absent and only the load hooks are left.
 */
import Module from 'node:module';
import { dirname } from 'node:path';

export type ProbeResult =
  | { readonly kind: 'loaded'; readonly exports: unknown }
  | { readonly kind: 'absent' }
  /** Loaded or on its way, but not to be had synchronously. */
  | { readonly kind: 'loading' };

interface CompilableModule {
  filename: string;
  paths: readonly string[];
  readonly exports: unknown;
  _compile?(text: string, file: string, format: 'module'): void;
}

/** Never valid, in any version of the language. */
const NOT_A_PROGRAM = '}{ this module is not loaded';

/** @param file - Absolute real path of a file that Node takes for an ES module. */
export function probeEsModule(file: string): ProbeResult {
  const probe = new Module(file) as CompilableModule;
  if (typeof probe._compile !== 'function') return { kind: 'absent' };
  probe.filename = file;
  probe.paths = nodeModulePaths(dirname(file));
  try {
    probe._compile(NOT_A_PROGRAM, file, 'module');
    return { kind: 'loaded', exports: probe.exports };
  } catch (error) {
    // Other errors come from Node's loader: a graph with top-level await, or one that is being evaluated.
    return { kind: error instanceof SyntaxError ? 'absent' : 'loading' };
  }
}

function nodeModulePaths(folder: string): readonly string[] {
  const paths: unknown = (Module as { readonly _nodeModulePaths?: (folder: string) => unknown })._nodeModulePaths?.(
    folder,
  );
  return Array.isArray(paths) ? (paths as readonly string[]) : [];
}
