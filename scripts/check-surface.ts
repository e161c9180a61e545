/**
 * The public surface is text under review: what each package's entries export stands in `scripts/surface/`, and
 * adding or removing a name changes a file. `npm run check -- --update` is not offered: run this with `--update`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'scripts', 'surface');

/** Entries of the packages people install. */
const ENTRIES: Readonly<Record<string, string>> = {
  core: 'packages/core/src/index.ts',
  'core-api': 'packages/core/src/api.ts',
  'core-wire': 'packages/core/src/wire.ts',
  sdk: 'packages/sdk/src/index.ts',
  server: 'packages/server/src/index.ts',
};

/** Exported names of an entry, types marked, one a line. Entries list names one by one, so reading them is enough. */
export function listExports(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const names: string[] = [];
  for (const match of code.matchAll(/export\s+(type\s+)?\{([^}]*)\}/g)) {
    for (const part of (match[2] ?? '').split(',')) {
      const words = part
        .trim()
        .split(/\s+/)
        .filter((word) => word !== '');
      const isType = match[1] !== undefined || words[0] === 'type';
      const name = words.at(-1);
      if (name !== undefined) names.push(isType ? `type ${name}` : name);
    }
  }
  for (const match of code.matchAll(
    /export\s+(?:declare\s+)?(interface|type|const|function|class|async function)\s+(\w+)/g,
  )) {
    const isType = match[1] === 'interface' || match[1] === 'type';
    names.push(isType ? `type ${match[2]}` : (match[2] ?? ''));
  }
  if (/export\s+\*/.test(code)) names.push('*');
  return [...new Set(names)].sort();
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const faults: string[] = [];
  mkdirSync(folder, { recursive: true });
  for (const [name, entry] of Object.entries(ENTRIES)) {
    const exports = listExports(readFileSync(join(root, entry), 'utf8'));
    if (exports.includes('*')) faults.push(`${entry} re-exports everything: list the names`);
    const text = `${exports.join('\n')}\n`;
    const file = join(folder, `${name}.txt`);
    if (argv.includes('--update')) writeFileSync(file, text);
    else if (readIfThere(file) !== text)
      faults.push(`The surface of ${entry} changed: review it, then run "npx tsx scripts/check-surface.ts --update"`);
  }
  for (const fault of faults) console.error(fault);
  console.log(`public surface: ${Object.keys(ENTRIES).length} entries, ${faults.length} faults`);
  exit(faults.length === 0 ? 0 : 1);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
