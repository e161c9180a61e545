/** Starts `clew server` and listens to what it says, also when it never comes to work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../support/run-server.ts';

export interface StartingClew {
  /** The first line of either output that matches, sooner or later; its first group if it has one. */
  line(pattern: RegExp): Promise<string>;
  readonly ended: Promise<number | null>;
  kill(): Promise<void>;
}

export function startClew(dataFolder: string, ...flags: readonly string[]): StartingClew {
  const main = join(root, 'packages/server/bin/clew.cjs');
  const child = spawn(process.execPath, [main, 'server', '--port', '0', '--data', dataFolder, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CLEW_LOG_LEVEL: 'fatal' },
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener();
    });
  }
  return {
    async line(pattern) {
      const found = new Promise<string>((resolve) => {
        const look = (): void => {
          const match = lines.map((line) => pattern.exec(line)).find((one) => one !== null);
          if (match === undefined || match === null) return;
          listeners.delete(look);
          resolve(match[1] ?? match[0]);
        };
        listeners.add(look);
        look();
      });
      const unheard = ended.then(() => Promise.reject(new Error(`clew server ended and said: ${lines.join('\n')}`)));
      return Promise.race([found, unheard]);
    },
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
