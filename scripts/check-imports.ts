/**
 * Who may import whom (decisions/001). Each room lists what it may reach; type-only imports count.
 * A debt gets a line of its own in DEBTS, with the reason.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

interface Room {
  /** Folder or file the rule is about; the longest match wins. */
  readonly path: string;
  /** Folders and files it may import, beside itself. */
  readonly may: readonly string[];
  /** Packages it may import; `node:` stands for every built-in module. */
  readonly packages: readonly string[];
}

const CORE = ['@clew/core', '@clew/core/wire', '@clew/core/api'];
const S = 'packages/server/src';
const U = 'packages/ui/src';

/** The storage port: what any store promises, in words of the domain. */
const PORT = ['span-store.ts', 'document-store.ts', 'aggregate-plan.ts', 'session-plan.ts', 'storage-figures.ts'].map(
  (name) => `${S}/storage/${name}`,
);

const ROOMS: readonly Room[] = [
  { path: 'packages/core/src', may: [], packages: [] },
  {
    path: 'packages/sdk/src',
    may: ['packages/sdk/src/lib/integrations'],
    packages: ['@clew/core', '@opentelemetry/api', 'node:'],
  },
  {
    path: 'packages/sdk/src/lib/integrations',
    may: ['packages/sdk/src/lib'],
    packages: ['@clew/core', '@opentelemetry/api', 'node:'],
  },
  ...PORT.map((path): Room => ({ path, may: PORT, packages: CORE })),
  { path: `${S}/storage`, may: PORT, packages: [...CORE, 'vitest', 'fast-check'] },
  { path: `${S}/storage/clickhouse`, may: [`${S}/storage`], packages: [...CORE, '@clickhouse/client', 'node:'] },
  {
    path: `${S}/storage/clickhouse/connect-chdb.ts`,
    may: [`${S}/storage`],
    packages: [...CORE, '@clickhouse/client', 'chdb', 'node:'],
  },
  { path: `${S}/otlp`, may: [], packages: [...CORE, 'pbf'] },
  { path: `${S}/search`, may: PORT, packages: CORE },
  { path: `${S}/tracking`, may: [...PORT, `${S}/ingest`], packages: CORE },
  {
    path: `${S}/ingest`,
    may: [...PORT, `${S}/storage/start-key.ts`, `${S}/storage/version.ts`, `${S}/otlp`],
    packages: CORE,
  },
  {
    path: `${S}/http`,
    may: [...PORT, `${S}/ingest`, `${S}/search`, `${S}/tracking`, `${S}/otlp`],
    packages: [...CORE, 'hono', 'pbf', 'node:'],
  },
  { path: S, may: [S], packages: [...CORE, 'hono', '@hono/node-server', 'commander', 'pino', 'node:'] },
  // Benches measure what is installed, and so import what was built.
  { path: 'packages/server/dist', may: [], packages: [] },
  { path: `${U}/trace`, may: [], packages: CORE },
  { path: `${U}/state`, may: [`${U}/trace`], packages: [...CORE, 'zustand'] },
  {
    path: `${U}/widgets`,
    may: [`${U}/trace`, `${U}/state`],
    packages: [...CORE, 'react', 'react-dom', 'lucide', 'radix-ui', 'zustand'],
  },
  { path: U, may: [U], packages: ['*'] },
  { path: 'conformance', may: [], packages: ['*'] },
  // The store over HTTP keeps the port's promises, too: its battery needs a server of ours beside it.
  { path: 'conformance/clickhouse', may: ['conformance', `${S}/storage`], packages: ['*'] },
  { path: 'bench', may: ['packages'], packages: ['*'] },
  { path: 'examples', may: [], packages: ['*'] },
];

/** Imports that break a rule and are known to. */
const DEBTS: readonly { readonly from: string; readonly to: string; readonly because: string }[] = [];

/** Test files may use the test tools and anything of their own package. */
const TEST_PACKAGES = [
  'vitest',
  'fast-check',
  'node:',
  'happy-dom',
  '@testing-library/react',
  'playwright-core',
  'chdb',
  'pbf',
  'openai',
  'hono',
];

const IMPORT =
  /(?:^|[\s;])(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Every import of a file, as written. */
export function listImports(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Why an import is not allowed, or `undefined`. Paths are relative to the root. */
export function judgeImport(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return undefined;
  if (DEBTS.some((debt) => debt.from === file && debt.to === specifier)) return undefined;
  return specifier.startsWith('.') ? judgeRelative(file, specifier, room) : judgePackage(file, specifier, room);
}

function judgeRelative(file: string, specifier: string, room: Room): string | undefined {
  const target = relative('.', join(dirname(file), specifier));
  const reach = isTest(file) ? [packageOf(file), ...room.may] : [room.path, ...room.may];
  if (!isTest(file) && isTest(target)) return `${file} imports the test ${target}`;
  if (
    reach.some((path) => isInside(target, path) && roomOf(target) !== undefined && mayReach(room, target, isTest(file)))
  )
    return undefined;
  return `${file} may not import ${target}: ${room.path} may import ${[room.path, ...room.may].join(', ')}`;
}

/** A rule for a folder does not open the stricter rooms inside it. */
function mayReach(room: Room, target: string, fromTest: boolean): boolean {
  if (fromTest || room.path === S || room.path === U) return true;
  const inner = roomOf(target);
  return (
    inner === undefined ||
    inner === room ||
    room.may.some((path) => isInside(target, path)) ||
    isInside(room.path, inner.path)
  );
}

function judgePackage(file: string, specifier: string, room: Room): string | undefined {
  const isBuiltIn = specifier.startsWith('node:') || builtinModules.includes(specifier);
  const allowed = [...room.packages, ...(isTest(file) ? [...TEST_PACKAGES, ...CORE, 'clew', '@clew/sdk'] : [])];
  if (allowed.includes('*')) return undefined;
  const fits = allowed.some((name) =>
    name === 'node:'
      ? isBuiltIn
      : specifier === name || (!name.startsWith('@clew') && specifier.startsWith(`${name}/`)),
  );
  return fits
    ? undefined
    : `${file} may not import "${specifier}": ${room.path} may import ${room.packages.join(', ') || 'no package'}`;
}

function roomOf(file: string): Room | undefined {
  return ROOMS.filter((room) => isInside(file, room.path)).toSorted((a, b) => b.path.length - a.path.length)[0];
}

function isInside(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

function isTest(file: string): boolean {
  return /\.(test|spec)\.tsx?$/.test(file) || /\/(contract|test-[\w-]+|[\w-]+\.test-data)\.ts$/.test(file);
}

function packageOf(file: string): string {
  return file.startsWith('packages/') ? file.split('/').slice(0, 2).join('/') : (file.split('/')[0] ?? '');
}

function listSources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
    .map((name) => join(folder, name));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const files = ['packages', 'conformance', 'bench', 'examples'].flatMap(listSources);
  const faults = files.flatMap((file) =>
    listImports(readFileSync(join(root, file), 'utf8')).flatMap((specifier) => judgeImport(file, specifier) ?? []),
  );
  for (const fault of faults) console.error(fault);
  console.log(`imports: ${files.length} files, ${faults.length} faults`);
  exit(faults.length === 0 ? 0 : 1);
}
