/** The demo agent, in a process of its own: it is a user's program, traced by the SDK like any other. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CLEW_API, type ExperimentsAnswer } from '@clew/core/api';

const PROGRAM = fileURLToPath(new URL('../../../../examples/dist/agent/main.js', import.meta.url));

/** Runs the demo when no experiment has a trace, and passes its output on line by line. */
export async function runDemoOnEmptyStore(serverUrl: string, write: (line: string) => void): Promise<void> {
  if (!existsSync(PROGRAM) || !(await isEmpty(serverUrl))) return;
  const child = spawn(process.execPath, [PROGRAM, '--tracking-uri', serverUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) write(line);
  const [code] = await exited;
  if (code !== 0) write(`The demo agent failed with code ${String(code)}; the server goes on`);
}

async function isEmpty(serverUrl: string): Promise<boolean> {
  const response = await fetch(`${serverUrl}${CLEW_API}/experiments`);
  const { experiments } = (await response.json()) as ExperimentsAnswer;
  return experiments.every((summary) => summary.traceCount === 0);
}
