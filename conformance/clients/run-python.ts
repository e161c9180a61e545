import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../support/run-server.ts';
import type { Json } from '../mlflow/api.ts';

const MILLIS = 240_000;

/** Runs a program of this folder, or one given after `-c`, and reads the JSON object of its last line. */
export async function runPython(
  python: string,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Json> {
  const child = spawn(
    python,
    [...(program === '-c' ? ['-c'] : [join(root, 'conformance/clients', program)]), ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: MILLIS,
      // A client that retries for minutes would hide what the server answered.
      env: { ...process.env, MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0', ...environment },
    },
  );
  let [output, errors] = ['', ''];
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const line = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !line.startsWith('{'))
    throw new Error(`${program} ended with ${String(code)}: ${errors.slice(-1500)}`);
  return JSON.parse(line) as Json;
}
