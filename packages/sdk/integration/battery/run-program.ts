/** A battery program as a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { folderOf, type Library, type Version } from './libraries.ts';

export type Format = 'esm' | 'cjs';
export type Order = 'before' | 'after';

export interface ReportedSpan {
  readonly name: string;
  readonly kind: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceId: string;
  readonly status: { readonly code: string; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  readonly hasDuration: boolean;
}

export interface CaseOutcome {
  readonly result: unknown;
  readonly spans: readonly ReportedSpan[];
}

export interface ProgramOutput {
  readonly off: Readonly<Record<string, CaseOutcome>>;
  readonly on: Readonly<Record<string, CaseOutcome>>;
  readonly existing?: CaseOutcome;
  /** Whether name and length of the observed method are those of the original. */
  readonly shape?: { readonly name: boolean; readonly length: boolean };
  readonly undone: { readonly result: unknown; readonly spans: number; readonly isOriginal?: boolean };
  readonly report: readonly {
    readonly library: string;
    readonly modules: number;
    readonly problems: readonly string[];
  }[];
}

export interface ProgramRun {
  readonly library: Library;
  readonly version: Version;
  readonly format: Format;
  readonly order: Order;
  readonly providerUrl: string;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** The programs run on this Node: `CLEW_TEST_NODE=/path/to/node`. */
const NODE = process.env['CLEW_TEST_NODE'] ?? process.execPath;
const TIMEOUT_MILLIS = 60_000;
let runs = 0;

export function runProgram({ library, version, format, order, providerUrl }: ProgramRun): Promise<ProgramOutput> {
  runs += 1;
  const extension = format === 'esm' ? 'mjs' : 'cjs';
  const folder = folderOf(version);
  const environment = {
    LIBRARY: library.name,
    DRIVER: library.driver,
    ORDER: order,
    PROVIDER_URL: providerUrl,
    LOADER: `${folder}load.${extension}`,
    RUN: `${process.pid}-${runs}`,
  };
  const env = { ...process.env, NODE_OPTIONS: '', ...environment };
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env, timeout: TIMEOUT_MILLIS, maxBuffer: 256 * 1024 * 1024 };
    execFile(NODE, [`${HERE}program.${extension}`], options, (error, stdout, stderr) => {
      const line = stdout.trim().split('\n').at(-1) ?? '';
      if (error === null && line.startsWith('{')) resolve(JSON.parse(line) as ProgramOutput);
      else
        reject(new Error(`${library.name} ${version} ${format} ${order} failed: ${stderr}\n${stdout.slice(0, 2000)}`));
    });
  });
}
