/**
 * `npm run conformance:clients [-- --url URL]`: real MLflow clients, and frameworks under its autologging against
 * replayed provider answers. Without a URL a server of our own is started. The last line counts.
 */
import { parseArgs } from 'node:util';
import { createApi, randomHex, type Api, type Json } from '../mlflow/api.ts';
import { equal } from '../mlflow/assertions.ts';
import { runServer, temporaryFolder } from '../support/run-server.ts';
import { checkAnnotations, checkSearch, checkTrace, CLIENT_CASES, FLOWS, runFlow } from './client-cases.ts';
import { readDocsProgram } from './docs-program.ts';
import { findPython } from './python-environments.ts';
import { replayAnyChat } from './replay-any.ts';
import { runPython } from './run-python.ts';

const FRAMEWORKS = ['openai', 'litellm', 'langchain', 'pydantic_ai', 'llama_index', 'dspy'];

const { values } = parseArgs({ options: { url: { type: 'string' } } });
const counts = { passed: 0, failed: 0, skipped: 0 };

async function check(title: string, run: () => Promise<string | void>): Promise<void> {
  try {
    const excuse = await run();
    counts[excuse === undefined ? 'passed' : 'skipped'] += 1;
    process.stdout.write(excuse === undefined ? `ok   ${title}\n` : `skip ${title}: ${excuse}\n`);
  } catch (error) {
    counts.failed += 1;
    process.stdout.write(`FAIL ${title}\n${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function runAll(api: Api): Promise<void> {
  for (const flow of FLOWS) {
    await check(`mlflow ${flow.environment}, ${flow.mode} export`, async () => {
      const result = await runFlow(api, flow);
      if (typeof result === 'string') return result;
      process.stdout.write(`     mlflow ${String(result['version'])}\n`);
      await checkTrace(api, result);
      await checkSearch(result);
      await checkAnnotations(api, result);
    });
  }
  await check('the snippets of docs/mlflow.md', async () => {
    const python = findPython('newest');
    if (python.kind === 'missing') return python.why;
    await runPython(python.path, '-c', [readDocsProgram(api.url)]);
  });
  await check('files and figures of runs, models of traces, attachments', () => checkFiles(api));
  const provider = await replayAnyChat();
  for (const framework of FRAMEWORKS)
    await check(`autolog of ${framework}`, () => runAutolog(api, provider.url, framework));
  provider.close();
  for (const one of CLIENT_CASES.filter(({ number }) => number >= 108)) await check(one.statement, () => one.run(api));
}

async function checkFiles(api: Api): Promise<string | void> {
  // With the frameworks come the libraries that models need.
  const python = findPython('autolog');
  if (python.kind === 'missing') return python.why;
  const {
    trace_id: id,
    reference,
    ...seen
  } = await runPython(python.path, 'files.py', [api.url, `files ${randomHex(8)}`]);
  equal(seen, {
    listed: [['folder', true]],
    text: 'hällo',
    run: [{ score: 1.5 }, { size: 'large' }, 'FINISHED'],
    history: [1.5],
    has_model: true,
    found_by_model: 1,
  });
  const attachment = new URL(String(reference)).hostname;
  const path = `/ajax-api/3.0/mlflow/get-trace-artifact?request_id=${String(id)}&path=${attachment}`;
  const bytes = await (await fetch(api.url + path)).arrayBuffer();
  equal([...new Uint8Array(bytes)], [0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);
}

async function runAutolog(api: Api, provider: string, framework: string): Promise<string | void> {
  const python = findPython(framework === 'llama_index' ? framework : 'autolog');
  if (python.kind === 'missing') return python.why;
  const args = [api.url, provider, `autolog ${framework} ${randomHex(8)}`, framework];
  const { trace_id: id } = await runPython(python.path, 'autolog.py', args);
  const answer = await api.get3(`traces/get?trace_id=${String(id)}`);
  const spans = (answer.at('trace.spans') ?? []) as readonly Json[];
  const text = JSON.stringify(spans);
  for (const expected of ['mlflow.spanInputs', 'mlflow.spanOutputs', 'Count from 1 to 3'])
    if (!text.includes(expected))
      throw new Error(`No "${expected}" in ${spans.length} spans: ${answer.text.slice(0, 500)}`);
  const info = await api.info(String(id));
  process.stdout.write(
    `     ${spans.length} spans, ${(info['trace_metadata'] as Record<string, string>)['mlflow.trace.tokenUsage'] ?? 'no usage'}\n`,
  );
}

if (values.url === undefined) {
  const folder = await temporaryFolder();
  const server = await runServer(folder.path, '--no-demo');
  await runAll(createApi(server.url));
  await server.kill();
  await folder.remove();
} else await runAll(createApi(values.url.replace(/\/$/, '')));

process.stdout.write(
  `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`,
);
process.exitCode = counts.failed === 0 ? 0 : 1;
