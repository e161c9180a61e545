import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a worker file in a process of its own, as the embedded engine wants it, and answers what it sends.
 *
 * @throws {Error} when it ends without.
 */
export async function runWorker<T>(file: string, args: readonly string[]): Promise<T> {
  const child = fork(file, args, {
    // As installed: compiled.
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
  });
  const answered = once(child, 'message');
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => Promise.reject(new Error(`The worker ended with code ${String(code)}`)));
  const [result] = await Promise.race([answered, failed]);
  failed.catch(() => undefined);
  await ended;
  return result as T;
}
