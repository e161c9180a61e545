/** Finds the copies of a package that a program could load, without loading or resolving anything through Node. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';

export interface FoundPackage {
  /** Real path of the package's folder. */
  readonly folder: string;
  readonly version: string;
  /** Its `.js` files are ES modules. */
  readonly isModule: boolean;
}

/** Looks in `node_modules` of every root and of the folders above it. Each copy once. */
export function findPackage(name: string, roots: readonly string[]): readonly FoundPackage[] {
  const found = new Map<string, FoundPackage>();
  for (const root of roots) {
    for (const folder of upwards(root)) {
      const candidate = readPackage(join(folder, 'node_modules', ...name.split('/')));
      if (candidate === undefined) continue;
      found.set(candidate.folder, candidate);
      // Node stops at the first one too.
      break;
    }
  }
  return [...found.values()];
}

/** Whether Node takes the file for an ES module. */
export function isEsModule(file: string, { isModule }: FoundPackage): boolean {
  return extname(file) === '.mjs' || (extname(file) === '.js' && isModule);
}

/** Where a program's packages are looked for: beside its script, its working folder and this package. */
export function programRoots(script: string | undefined, workingFolder: string, here: string): readonly string[] {
  const roots = [script === undefined ? undefined : dirname(realPath(script)), workingFolder, here];
  return [...new Set(roots.filter((root) => root !== undefined))];
}

function* upwards(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    if (!at.endsWith(`${sep}node_modules`)) yield at;
    if (dirname(at) === at) return;
  }
}

function readPackage(folder: string): FoundPackage | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  try {
    const text: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { version, type } = text as { readonly version?: unknown; readonly type?: unknown };
    const isModule = type === 'module';
    return { folder: realpathSync(folder), version: typeof version === 'string' ? version : '', isModule };
  } catch {
    return undefined;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
