/** Runs the built server as a user would: a process of its own, a folder of its own, a port the system chose. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(root, 'packages/server/bin/clew.cjs');

export interface RunningClew {
  readonly url: string;
  readonly process: ChildProcess;
  /** Ends it without warning, as a crash does. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `clew server` on a data folder; further flags are passed on. */
export async function runServer(dataFolder: string, ...flags: readonly string[]): Promise<RunningClew> {
  return runServerIn({}, dataFolder, ...flags);
}

/** As {@link runServer}, with more in its environment. */
export async function runServerIn(
  environment: Readonly<Record<string, string>>,
  dataFolder: string,
  ...flags: readonly string[]
): Promise<RunningClew> {
  if (!existsSync(MAIN)) throw new Error('The server is not built: run "npm run build" first');
  const child = spawn(process.execPath, [MAIN, 'server', '--port', '0', '--data', dataFolder, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CLEW_LOG_LEVEL: 'warn', ...environment },
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const url = await Promise.race([
    readUrl(child),
    exited.then((code) => Promise.reject(new Error(`clew server ended with code ${String(code)}`))),
  ]);
  return {
    url,
    process: child,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function readUrl(child: ChildProcess): Promise<string> {
  child.stderr?.on('data', (text: Buffer) => process.stderr.write(text));
  if (child.stdout === null) throw new Error('No output to read');
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const url = /^Clew listens on (\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

/** Runs `clew` with arguments to its end. */
export async function runClew(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (text: Buffer): void => {
    output += text.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** A folder that is removed by the function beside it. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'clew-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
