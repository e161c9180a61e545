/**
 * One call, and every supported library in the process is traced: loaded before or after, as ESM or CommonJS.
 *
 * Copies that are loaded are found through Node's caches; copies loaded later through its hooks. Each way fails by
 * itself: the others go on, and what could not be reached is told once.
 */
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Integration } from '../integration.ts';
import { INTEGRATIONS } from '../integrations/all.ts';
import { getRuntime } from '../runtime.ts';
import { FRAMEWORKS } from './frameworks.ts';
import { findPackage, isEsModule, programRoots, type FoundPackage } from './find-package.ts';
import { hookImports, type WatchedFile } from './hook-imports.ts';
import { hookRequires, loadedExports } from './hook-requires.ts';
import { createObservation, type LibraryOptions, type LibraryReport, type Observation } from './observation.ts';
import { probeEsModule } from './probe-esm.ts';
import { isInRange } from './version-range.ts';

export interface AutologOptions {
  /** Packages to leave alone, such as `['openai']`. Default: those in `CLEW_AUTOLOG_DISABLE`, split at commas. */
  readonly disable?: readonly string[];
  /** Settings of single packages: `{ openai: { keepInputs: false } }`. */
  readonly libraries?: Readonly<Record<string, LibraryOptions>>;
  /** `true` tells nothing on the console; the report still has it. Default `false`. */
  readonly silent?: boolean;
  /** `false` leaves Node's module loading alone: what is loaded later is not seen. Default `true`. */
  readonly hooks?: boolean;
  /** Further folders whose `node_modules` are looked at. */
  readonly roots?: readonly string[];
}

/** Call it to put everything back. Node 20 keeps its loader thread, which then does nothing. */
export interface Autolog {
  (): void;
  /** What is observed so far, library by library, and what could not be. */
  report(): readonly LibraryReport[];
}

/**
 * Traces the calls of supported libraries; `docs/integrations.md` lists them.
 *
 * Call it once, anywhere. A second call replaces the first one's options and adds nothing. Never throws.
 *
 * @returns The way back, and a report.
 *
 * @example
 * ```ts
 * import OpenAI from 'openai';
 * import { autolog } from '@clew/sdk';
 *
 * autolog();
 * await new OpenAI().chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] });
 * ```
 */
export function autolog(options: AutologOptions = {}): Autolog {
  const runtime = getRuntime();
  runtime.autolog?.undo();
  const observation = createObservation(runtime, options);
  runtime.autolog = observation;
  const disabled = new Set(
    options.disable ?? process.env['CLEW_AUTOLOG_DISABLE']?.split(',').map((name) => name.trim()),
  );
  const integrations = INTEGRATIONS.filter(({ module }) => !disabled.has(module));
  const roots = observation.step('find node_modules', () => rootsFrom(options)) ?? [];
  const awaited = new Set<Integration>();
  for (const integration of integrations) {
    const { module } = integration;
    observation.step(`look for loaded copies of ${module}`, () => installLoaded(integration, observation));
    observation.step(`look for ES modules of ${module}`, () => {
      for (const copy of findPackage(module, roots)) {
        if (probeCopy(integration, copy, observation)) awaited.add(integration);
      }
    });
  }
  if (options.hooks !== false) {
    observation.step('watch require()', () => observation.onUndo(watchRequires(integrations, observation)));
    // Starting Node 20's loader thread takes 35 to 90 ms: only for something that can still be imported.
    if (awaited.size > 0) {
      observation.step('watch import', () => observation.onUndo(watchImports([...awaited], observation)));
    }
  }
  return Object.assign(() => observation.undo(), { report: () => observation.report() });
}

/**
 * Traces a library that was bundled into the program, where nothing can be found by itself.
 *
 * @param library - The package's name, such as `openai`.
 * @param exports - What the package exports, or the part you use: `{ OpenAI }`.
 * @returns Puts it back. Never throws: what is not supported is told on the console.
 *
 * @example
 * ```ts
 * import * as openai from 'openai';
 * instrument('openai', openai);
 * ```
 */
export function instrument(library: string, exports: unknown, options: LibraryOptions = {}): () => void {
  const observation = createObservation(getRuntime(), { libraries: { [library]: options } });
  const integration = INTEGRATIONS.find(({ module }) => module === library);
  if (integration === undefined)
    observation.tell(library, `Cannot observe ${library}: it is not among the libraries supported`);
  else observation.install(integration, exports, 'given');
  return () => observation.undo();
}

function installLoaded(integration: Integration, observation: Observation): void {
  for (const exports of loadedExports(suffixesOf(integration))) observation.install(integration, exports, 'loaded');
}

/** @returns Whether a file of this copy may still be imported. */
function probeCopy(integration: Integration, copy: FoundPackage, observation: Observation): boolean {
  const { module, versions, functions } = integration;
  if (!isInRange(copy.version, versions)) {
    observation.tell(
      module,
      `${module} ${copy.version} is not among the versions tried (${versions}): its spans may lack data`,
    );
  }
  let isAwaited = false;
  for (const file of integration.files) {
    const path = join(copy.folder, file);
    if (!isEsModule(path, copy)) continue;
    const result = probeEsModule(path);
    if (result.kind === 'absent') isAwaited = true;
    else if (functions !== undefined) {
      observation.tell(
        module,
        `Cannot observe ${module}: it was imported before autolog(). Call autolog() first, or start Node with --import @clew/sdk/register`,
      );
    } else if (result.kind === 'loaded') observation.install(integration, result.exports, 'loaded');
    else void installWhenLoaded(integration, path, observation);
  }
  return isAwaited;
}

/** It is being loaded anyway: importing it too loads nothing more. Calls made meanwhile are missed. */
async function installWhenLoaded(integration: Integration, path: string, observation: Observation): Promise<void> {
  try {
    observation.install(integration, await import(pathToFileURL(path).href), 'loaded');
  } catch {
    // Its own import has failed as well, and told the user.
  }
}

function watchRequires(integrations: readonly Integration[], observation: Observation): () => void {
  const byModule = new Map(integrations.map((integration) => [integration.module, integration]));
  return hookRequires([...byModule.keys()], (name) => {
    const integration = byModule.get(name);
    if (integration !== undefined) installLoaded(integration, observation);
  });
}

function watchImports(integrations: readonly Integration[], observation: Observation): () => void {
  const byModule = new Map(integrations.map((integration) => [integration.module, integration]));
  const files: WatchedFile[] = integrations.flatMap((integration) =>
    suffixesOf(integration).map((suffix) => ({
      module: integration.module,
      suffix,
      functions: integration.functions ?? [],
    })),
  );
  const hook = hookImports(files, (name, namespace) => {
    const integration = byModule.get(name);
    if (integration !== undefined) observation.install(integration, namespace, 'loaded');
  });
  return () => hook.remove();
}

function suffixesOf({ module, files }: Integration): readonly string[] {
  return files.map((file) => `/node_modules/${module}/${file}`);
}

/** Clients of frameworks lie below the frameworks' own folders: nested copies, and every copy where pnpm installs. */
function rootsFrom({ roots = [] }: AutologOptions): readonly string[] {
  const script = process.argv[1];
  const own = programRoots(script, process.cwd(), script === undefined ? process.cwd() : dirname(script));
  const given = [...own, ...roots];
  const frameworks = FRAMEWORKS.flatMap((name) => findPackage(name, given).map(({ folder }) => folder));
  return [...given, ...frameworks];
}
