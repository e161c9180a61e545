/** The server as its users start it: a process of its own, on a port the system chooses, in an empty folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../packages/server/bin/clew.cjs', import.meta.url));
/** `/proc` counts processor time in hundredths of a second. */
const MICROS_A_TICK = 10_000;

export interface ServerProcess {
  readonly url: string;
  /** From the start of the process to the line that says it listens. */
  readonly readyMillis: number;
  /** Processor time of all its threads so far. */
  cpuMicros(): number;
  /** Resident memory. */
  rssBytes(): number;
  stop(): Promise<void>;
}

export async function startServerProcess(folder: string): Promise<ServerProcess> {
  const began = performance.now();
  const child = spawn(process.execPath, [ENTRY, 'server', '--port', '0', '--data', folder, '--no-demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CLEW_LOG_LEVEL: 'warn' },
  });
  const url = await listeningUrl(child.stdout);
  const readyMillis = performance.now() - began;
  const file = (name: string): string => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    url,
    readyMillis,
    cpuMicros() {
      // After the name in parentheses, which may hold anything, come the state and then numbers.
      const fields = file('stat').split(') ').at(-1)?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * MICROS_A_TICK;
    },
    rssBytes: () => Number(/^VmRSS:\s+(\d+)/m.exec(file('status'))?.[1] ?? 0) * 1024,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function listeningUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /listens on (http\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    // What is printed later is nobody's, and must not fill the pipe.
    output.resume();
    return url;
  }
  throw new Error('The server ended before it listened');
}
