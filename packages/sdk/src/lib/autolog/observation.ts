/** What one call of `autolog()` has put in place: how to take it away, and what to say of it. */
import type { Integration, Undo } from '../integration.ts';
import type { Tracer } from '../tracer.ts';

/** What may be written into a library's spans. */
export interface LibraryOptions {
  /** Prompts, arguments and tool definitions. Default `true`. */
  readonly keepInputs?: boolean;
  /** Answers, and the bodies of refusals. Default `true`. */
  readonly keepOutputs?: boolean;
}

export interface LibraryReport {
  /** The package's name. */
  readonly library: string;
  /** Modules of it that are observed: ESM and CommonJS, and several modules, count apart. */
  readonly modules: number;
  /** What could not be done, and what to do about it. */
  readonly problems: readonly string[];
}

export interface Observation {
  /**
   * Installs, unless these exports have been seen before.
   *
   * @param found - `given` by the user: then it must lead to something.
   */
  install(integration: Integration, exports: unknown, found: 'loaded' | 'given'): void;
  /** Runs a step; what it throws is told. */
  step<T>(what: string, run: () => T): T | undefined;
  onUndo(undo: Undo): void;
  undo(): void;
  /** Once per message. */
  tell(library: string, message: string): void;
  report(): readonly LibraryReport[];
}

export interface ObservationHost {
  readonly tracer: Tracer;
  warn(message: string): void;
}

export interface ObservationOptions {
  readonly silent?: boolean;
  readonly libraries?: Readonly<Record<string, LibraryOptions>>;
}

export function createObservation(
  host: ObservationHost,
  { silent = false, libraries = {} }: ObservationOptions,
): Observation {
  const undos: Undo[] = [];
  const seen = new WeakSet<object>();
  const modules = new Map<string, number>();
  const problems = new Map<string, Set<string>>();
  let isOver = false;

  function tell(library: string, message: string): void {
    const known = problems.get(library) ?? new Set();
    problems.set(library, known);
    if (known.has(message)) return;
    known.add(message);
    if (!silent) host.warn(message);
  }

  function describe(library: string, error: unknown): void {
    tell(library, `Cannot observe ${library}: ${error instanceof Error ? error.message : String(error)}`);
  }

  return {
    install(integration, exports, found) {
      const { module } = integration;
      if (isOver || !isObject(exports) || seen.has(exports)) return;
      seen.add(exports);
      const { keepInputs = true, keepOutputs = true } = libraries[module] ?? {};
      try {
        const undo = integration.install(exports, {
          tracer: host.tracer,
          keepsInputs: keepInputs,
          keepsOutputs: keepOutputs,
        });
        if (undo !== undefined) {
          undos.push(undo);
          modules.set(module, (modules.get(module) ?? 0) + 1);
        } else if (found === 'given' || (modules.get(module) ?? 0) === 0) {
          tell(module, `Cannot observe ${module}: nothing known among its exports. Is there a newer @clew/sdk?`);
        }
      } catch (error) {
        describe(module, error);
      }
    },
    step(what, run) {
      try {
        return run();
      } catch (error) {
        tell('autolog', `Cannot ${what}: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    },
    onUndo: (undo) => void undos.push(undo),
    undo() {
      isOver = true;
      for (const undo of undos.splice(0).reverse()) undo();
    },
    tell,
    report() {
      const names = new Set([...modules.keys(), ...problems.keys()]);
      return [...names].map((library) => ({
        library,
        modules: modules.get(library) ?? 0,
        problems: [...(problems.get(library) ?? [])],
      }));
    },
  };
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
