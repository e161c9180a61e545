import { basename } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, searchAll } from './support/rest.ts';
import { countFile, listAgentTraces, type Counts } from './support/agent-traces.ts';
import { root, runClew, runServer, temporaryFolder, type RunningClew } from './support/run-server.ts';

const files = listAgentTraces();
const experimentOf = (file: string): string => basename(file, '.otlp.jsonl.gz');

async function countStored(url: string, experiment: string): Promise<Counts> {
  const { body } = await call(url, 'GET', `/api/2.0/mlflow/experiments/get-by-name?experiment_name=${experiment}`);
  const { experiment_id: id } = (body as { readonly experiment: { readonly experiment_id: string } }).experiment;
  const rows = await searchAll(url, id);
  return {
    traces: new Set(rows.map((row) => row.info.trace_id)).size,
    spans: rows.reduce((sum, row) => sum + row.spanCount, 0),
    errorSpans: rows.reduce((sum, row) => sum + row.errorCount, 0),
    errorTraces: (await searchAll(url, id, "trace.status = 'ERROR'")).length,
  };
}

describe('clew import', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: RunningClew;
  const expected = new Map<string, Counts>();

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await runServer(folder.path, '--no-demo');
    for (const file of files) expected.set(file, await countFile(file));
  });

  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  async function importAll(): Promise<void> {
    for (const file of files) {
      const { code, output } = await runClew('import', file, '--experiment', experimentOf(file), '--url', server.url);
      expect(output).toContain('requests stored');
      expect(code).toBe(0);
    }
  }

  async function expectAllCounts(): Promise<void> {
    for (const file of files)
      expect([experimentOf(file), await countStored(server.url, experimentOf(file))]).toEqual([
        experimentOf(file),
        expected.get(file),
      ]);
  }

  test('counts through REST equal the counts in the files, after a kill -9 in the middle and importing again', async () => {
    const [largest = ''] = [...files].sort((a, b) => (expected.get(b)?.spans ?? 0) - (expected.get(a)?.spans ?? 0));
    const importing = spawn(
      process.execPath,
      [
        join(root, 'packages/server/bin/clew.cjs'),
        'import',
        largest,
        '--experiment',
        experimentOf(largest),
        '--url',
        server.url,
      ],
      { stdio: 'ignore' },
    );
    const ended = once(importing, 'exit');
    await untilSomeAreStored(experimentOf(largest));
    await server.kill();
    importing.kill('SIGKILL');
    await ended;

    server = await runServer(folder.path, '--no-demo');
    await importAll();
    await expectAllCounts();
  }, 600_000);

  test('importing twice changes no count', async () => {
    await importAll();
    await expectAllCounts();
  }, 600_000);

  async function untilSomeAreStored(experiment: string): Promise<void> {
    for (;;) {
      const { status } = await call(
        server.url,
        'GET',
        `/api/2.0/mlflow/experiments/get-by-name?experiment_name=${experiment}`,
      );
      if (status === 200 && (await countStored(server.url, experiment)).traces > 0) return;
    }
  }

  test.each([
    { why: 'a file that is not there', args: ['nowhere.jsonl'], says: 'nowhere.jsonl' },
    { why: 'a kind of file it cannot read', args: ['README.md'], says: 'expected .jsonl, .json or .pb' },
    { why: 'what is no OTLP, naming the line', args: [join(root, 'package.json')], says: 'package.json, line 1' },
  ])('refuses $why', async ({ args, says }) => {
    const { code, output } = await runClew('import', ...args, '--experiment', 'x', '--url', server.url);
    expect(output).toContain(says);
    expect(code).toBe(1);
  });
});
