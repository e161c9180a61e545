/**
 * One call, and every supported library in the process is traced: loaded before or after, as ESM or CommonJS.
 *
 * Copies that are loaded are found through Node's caches; copies loaded later through its hooks. Each way fails by
 * itself: the others go on, and what could not be reached is told once.
 */
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INTEGRATIONS } from '../integrations/all.ts';
import type { Integration } from '../integration.ts';
import { getRuntime, type Runtime } from '../runtime.ts';
import { findPackage, isEsModule, programRoots, type FoundPackage } from './find-package.ts';
import { hookImports, type WatchedFile } from './hook-imports.ts';
import { hookRequires, loadedExports } from './hook-requires.ts';
import { probeEsModule } from './probe-esm.ts';
import { isInRange } from './version-range.ts';

export interface AutologOptions {
  /** Packages to leave alone, such as `['openai']`. Default: none. */
  readonly disable?: readonly string[];
  /**
   * Modules you have imported yourself, by package: for bundles, where nothing can be hooked.
   * `autolog({ modules: { openai: await import('openai') } })`.
   */
  readonly modules?: Readonly<Record<string, unknown>>;
  /** `false` leaves Node's module loading alone: what is loaded later is not seen. Default `true`. */
  readonly hooks?: boolean;
  /** Further folders whose `node_modules` are looked at. */
  readonly roots?: readonly string[];
}

/**
 * Traces the calls of supported libraries: `openai` for now.
 *
 * Call it once, anywhere; calling it again adds nothing. Never throws.
 *
 * @returns Puts everything back. Node 20 keeps its loader thread, which then does nothing.
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
export function autolog(options: AutologOptions = {}): () => void {
  const runtime = getRuntime();
  const observation = createObservation(runtime);
  const disabled = new Set(options.disable ?? []);
  const integrations = INTEGRATIONS.filter(({ module }) => !disabled.has(module));
  const step = (what: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      observation.tell(`Cannot ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const integration of integrations) {
    const given = options.modules?.[integration.module];
    if (given !== undefined) step(`observe ${integration.module}`, () => observation.install(integration, given));
    step(`look for loaded copies of ${integration.module}`, () => {
      for (const exports of loadedExports(suffixesOf(integration))) observation.install(integration, exports);
    });
  }
  const missing = new Set<Integration>();
  for (const integration of integrations) {
    step(`look for ES modules of ${integration.module}`, () => {
      const found = findPackage(integration.module, rootsFrom(options));
      for (const copy of found) if (probeCopy(integration, copy, observation)) missing.add(integration);
    });
  }
  if (options.hooks !== false) {
    step('watch require()', () => observation.onUndo(watchRequires(integrations, observation)));
    // Starting Node 20's loader thread takes 35 to 90 ms: only for something that can still be imported.
    if (missing.size > 0) step('watch import', () => observation.onUndo(watchImports([...missing], observation)));
  }
  return () => observation.undo();
}

interface Observation {
  /** Installs, unless these exports have been seen before. */
  install(integration: Integration, exports: unknown): void;
  onUndo(undo: () => void): void;
  undo(): void;
  /** Once per message. */
  tell(message: string): void;
}

function createObservation(runtime: Runtime): Observation {
  const undos: (() => void)[] = [];
  const told = new Set<string>();
  let isOver = false;
  const tell = (message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    runtime.warn(message);
  };
  return {
    install(integration, exports) {
      if (isOver) return;
      try {
        undos.push(integration.install(exports, runtime.tracer));
      } catch (error) {
        tell(`Cannot observe ${integration.module}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    onUndo: (undo) => void undos.push(undo),
    undo() {
      isOver = true;
      for (const undo of undos.splice(0).reverse()) undo();
    },
    tell,
  };
}

/** @returns Whether a file of this copy may still be imported. */
function probeCopy(integration: Integration, copy: FoundPackage, observation: Observation): boolean {
  const { module, versions } = integration;
  let isMissing = false;
  for (const file of integration.files) {
    const path = join(copy.folder, file);
    if (!isEsModule(path, copy)) continue;
    const result = probeEsModule(path);
    if (result.kind === 'absent') isMissing = true;
    else if (result.kind === 'loaded') observation.install(integration, result.exports);
    else void installWhenLoaded(integration, path, observation);
  }
  if (!isInRange(copy.version, versions)) {
    observation.tell(
      `${module} ${copy.version} is not among the versions tried (${versions}): its spans may lack data`,
    );
  }
  return isMissing;
}

/** It is being loaded anyway: importing it too loads nothing more. Calls made meanwhile are missed. */
async function installWhenLoaded(integration: Integration, path: string, observation: Observation): Promise<void> {
  try {
    observation.install(integration, await import(pathToFileURL(path).href));
  } catch {
    // Its own import has failed as well, and told the user.
  }
}

function watchRequires(integrations: readonly Integration[], observation: Observation): () => void {
  const byModule = new Map(integrations.map((integration) => [integration.module, integration]));
  return hookRequires([...byModule.keys()], (name, exports) => {
    const integration = byModule.get(name);
    if (integration !== undefined) observation.install(integration, exports);
  });
}

function watchImports(integrations: readonly Integration[], observation: Observation): () => void {
  const byModule = new Map(integrations.map((integration) => [integration.module, integration]));
  const files: WatchedFile[] = integrations.flatMap((integration) =>
    suffixesOf(integration).map((suffix) => ({ module: integration.module, suffix })),
  );
  const hook = hookImports(files, (name, namespace) => {
    const integration = byModule.get(name);
    if (integration !== undefined) observation.install(integration, namespace);
  });
  return () => hook.remove();
}

function suffixesOf({ module, files }: Integration): readonly string[] {
  return files.map((file) => `/node_modules/${module}/${file}`);
}

function rootsFrom({ roots = [] }: AutologOptions): readonly string[] {
  const script = process.argv[1];
  const own = programRoots(script, process.cwd(), script === undefined ? process.cwd() : dirname(script));
  return [...own, ...roots];
}
