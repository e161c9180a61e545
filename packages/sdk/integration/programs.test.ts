/** Programs as users write them, as processes of their own, with the built package. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  startCollector,
  startReplayServer,
  type CollectedSpan,
  type Collector,
  type ReplayServer,
} from '@clew/examples';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MINUTES = 60_000;
/** The programs run on this Node: `CLEW_TEST_NODE=/path/to/node npx vitest run packages/sdk/integration`. */
const NODE = process.env['CLEW_TEST_NODE'] ?? process.execPath;

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

function run(
  command: string,
  args: readonly string[],
  folder: string,
  environment: Record<string, string> = {},
): Promise<Run> {
  const env = { ...process.env, NODE_OPTIONS: '', ...environment };
  return new Promise((resolve) => {
    execFile(command, args, { cwd: folder, env, timeout: MINUTES }, (error, stdout, stderr) => {
      resolve({
        stdout: stdout.trim(),
        stderr: stderr.trim(),
        exitCode: error === null ? 0 : Number(error.code ?? 1),
      });
    });
  });
}

let replay: ReplayServer;
/** Stops in the middle of each stream. */
let stalling: ReplayServer;

beforeAll(async () => {
  replay = await startReplayServer();
  stalling = await startReplayServer({ stallAfterEvents: 2 });
  const built = await run(process.execPath, ['scripts/build.mjs'], PACKAGE);
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
}, 3 * MINUTES);

afterAll(() => Promise.all([replay.close(), stalling.close()]));

async function collect<T>(
  use: (collector: Collector) => Promise<T>,
): Promise<{ result: T; spans: readonly CollectedSpan[] }> {
  const collector = await startCollector();
  try {
    return { result: await use(collector), spans: collector.spans };
  } finally {
    await collector.close();
  }
}

function runProgram(program: string, scenario: string): Promise<{ result: Run; spans: readonly CollectedSpan[] }> {
  return collect(({ url }) => {
    const { url: replayUrl } = scenario === 'abort' ? stalling : replay;
    const environment = { CLEW_TRACKING_URI: url, REPLAY_URL: replayUrl, SCENARIO: scenario };
    return run(NODE, [`programs/${program}`], HERE, environment);
  });
}

const PROGRAMS = [
  'esm-import-before.mjs',
  'esm-import-after.mjs',
  'esm-instrument-first.mjs',
  'cjs-require-before.cjs',
  'cjs-require-after.cjs',
];

describe.each(PROGRAMS)('%s', (program) => {
  test('a stream: one span with the whole answer, delivered without a flush', async () => {
    const { result, spans } = await runProgram(program, 'stream');
    expect(result).toEqual({ stdout: 'The capital of Mexico is Mexico City.', stderr: '', exitCode: 0 });
    expect(spans).toMatchObject([
      {
        name: 'chat gpt-4o',
        status: { code: 1 },
        attributes: {
          'mlflow.spanInputs': {
            messages: [{ role: 'user', content: 'What is the capital of Mexico?' }],
            stream: true,
          },
          'mlflow.spanOutputs': { choices: [{ message: { content: 'The capital of Mexico is Mexico City.' } }] },
          'mlflow.chat.tokenUsage': { input_tokens: 14, output_tokens: 8, total_tokens: 22 },
          'mlflow.llm.model': 'gpt-4o-2024-08-06',
        },
      },
    ]);
  });

  test('an aborted stream: one span in error, with what had arrived', async () => {
    const { result, spans } = await runProgram(program, 'abort');
    expect(result).toMatchObject({ stdout: 'The', exitCode: 0 });
    expect(spans).toMatchObject([
      {
        status: { code: 2, message: 'The stream was aborted' },
        attributes: { 'mlflow.spanOutputs': { choices: [{ message: { content: 'The' } }] } },
      },
    ]);
  });

  test('a 429: one span in error, and the user’s own error class', async () => {
    const { result, spans } = await runProgram(program, 'refused');
    expect(result).toMatchObject({ stdout: 'RateLimitError 429', exitCode: 0 });
    expect(spans).toMatchObject([
      { status: { code: 2 }, attributes: { 'http.response.status_code': 429 }, events: [{ name: 'exception' }] },
    ]);
  });
});

describe('@clew/sdk/register', () => {
  test.each([
    { flag: '--import', program: 'esm-calls-at-once.mjs' },
    { flag: '--require', program: 'cjs-calls-at-once.cjs' },
  ])('$flag traces a program that knows nothing of it', async ({ flag, program }) => {
    const { result, spans } = await collect(({ url }) => {
      const environment = { CLEW_TRACKING_URI: url, REPLAY_URL: replay.url, SCENARIO: 'stream' };
      return run(NODE, [flag, '@clew/sdk/register', `programs/${program}`], HERE, environment);
    });
    expect(result).toEqual({ stdout: 'The capital of Mexico is Mexico City.', stderr: '', exitCode: 0 });
    expect(spans.map(({ name }) => name)).toEqual(['chat gpt-4o']);
  });

  test('CLEW_AUTOLOG_DISABLE leaves packages alone', async () => {
    const { result, spans } = await collect(({ url }) => {
      const environment = { CLEW_TRACKING_URI: url, REPLAY_URL: replay.url, SCENARIO: 'stream' };
      return run(NODE, ['--import', '@clew/sdk/register', 'programs/esm-calls-at-once.mjs'], HERE, {
        ...environment,
        CLEW_AUTOLOG_DISABLE: 'ollama, openai',
      });
    });
    expect([result.exitCode, spans]).toEqual([0, []]);
  });
});

describe('instrument()', () => {
  test('traces a library inside a bundle, until it is undone', async () => {
    const bundle = fileURLToPath(new URL('../node_modules/.cache/bundled.mjs', import.meta.url));
    await build({
      entryPoints: [fileURLToPath(new URL('programs/bundled.mjs', import.meta.url))],
      outfile: bundle,
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['@clew/sdk'],
      logLevel: 'error',
    });
    const { result, spans } = await collect(({ url }) =>
      run(NODE, [bundle], HERE, { CLEW_TRACKING_URI: url, REPLAY_URL: replay.url, SCENARIO: 'stream' }),
    );
    const answer = 'The capital of Mexico is Mexico City.';
    expect(result).toEqual({ stdout: `${answer}\n${answer}`, stderr: '', exitCode: 0 });
    expect(spans.map(({ name }) => name)).toEqual(['chat gpt-4o']);
  });
});

describe('the package', () => {
  test('its ESM and its CommonJS copy share one trace, and wrap nothing twice', async () => {
    const { result, spans } = await runProgram('both-copies.mjs', 'stream');
    expect(result).toMatchObject({ stderr: '', exitCode: 0 });
    const [root] = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(spans.map(({ name }) => name).sort()).toEqual(['chat gpt-4o', 'chat gpt-4o', 'cjs', 'esm']);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([root?.traceId]));
  });

  test('without a server a program ends soon, with one warning', async () => {
    const environment = { CLEW_TRACKING_URI: 'http://127.0.0.1:9', REPLAY_URL: replay.url, SCENARIO: 'stream' };
    const result = await run(NODE, ['programs/esm-import-before.mjs'], HERE, environment);
    expect(result).toMatchObject({ stdout: 'The capital of Mexico is Mexico City.', exitCode: 0 });
    expect(result.stderr).toMatch(/^\[clew\] Cannot deliver 1 spans: unreachable: .*$/);
  });

  test('types of both forms compile; standard decorators work as tsc emits them', async () => {
    const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace('package.json', 'bin/tsc');
    expect(await run(process.execPath, [tsc, '-p', 'consumers'], HERE)).toEqual({
      stdout: '',
      stderr: '',
      exitCode: 0,
    });
    const decorated = await run(NODE, ['consumers/dist/decorated.mjs'], HERE);
    expect(JSON.parse(decorated.stdout)).toEqual({
      opened: 'corner shop is open',
      spans: [
        {
          name: 'find',
          type: 'UNKNOWN',
          inputs: { args: ['corner shop'] },
          outputs: { name: 'corner shop' },
          functionName: 'find',
        },
        { name: 'open', type: 'UNKNOWN', inputs: {}, outputs: 'corner shop is open', functionName: 'open' },
        { name: 'sell', type: 'TOOL', inputs: { item: 'tea', count: 2 }, outputs: 6, functionName: 'sell' },
      ],
    });
    const required = await run(NODE, ['consumers/dist/required.cjs'], HERE);
    expect(JSON.parse(required.stdout)).toEqual({ result: 42, sent: 1, names: ['work'] });
  });
});
