/** Real clients: statements 105 to 109. What cannot be installed here is skipped with the reason. */
import { randomHex, type Api, type Json } from '../mlflow/api.ts';
import { contains, equal, holds, sameSet, succeeded } from '../mlflow/assertions.ts';
import type { Case } from '../mlflow/case.ts';
import { sendByOpenTelemetry } from './otel-javascript.ts';
import { findPython, type Environment } from './python-environments.ts';
import { runPython } from './run-python.ts';

export interface Flow {
  readonly environment: Environment;
  readonly mode: 'sync' | 'async';
}

/** Each release in each way it can export. */
export const FLOWS: readonly Flow[] = [
  { environment: 'oldest', mode: 'sync' },
  { environment: 'early', mode: 'sync' },
  { environment: 'middle', mode: 'sync' },
  { environment: 'middle', mode: 'async' },
  { environment: 'newest', mode: 'sync' },
  { environment: 'newest', mode: 'async' },
];

/** What a client says of itself. */
const OWN_WARNINGS = /'_async_queue'|Connection pool is full/;

const seen = new Map<string, Promise<Json>>();

/** What a client saw, run once per server; a text says why it could not run. */
export async function runFlow(api: Api, { environment, mode }: Flow): Promise<Json | string> {
  const python = findPython(environment);
  if (python.kind === 'missing') return python.why;
  const key = `${api.url} ${environment} ${mode}`;
  const running =
    seen.get(key) ??
    runPython(python.path, 'flow.py', [api.url, `client ${environment} ${mode} ${randomHex(8)}`, mode], {
      MLFLOW_ENABLE_ASYNC_TRACE_LOGGING: String(mode === 'async'),
    });
  seen.set(key, running);
  return running;
}

/** What a client sees of a trace, and what REST says of it. */
export async function checkTrace(api: Api, flow: Json): Promise<void> {
  equal(
    (flow['spans'] as readonly Json[]).map(({ name, type }) => [name, type]),
    [
      ['answer', 'CHAIN'],
      ['retrieve', 'RETRIEVER'],
      ['llm', 'CHAT_MODEL'],
    ],
  );
  contains((flow['spans'] as readonly Json[])[2], {
    inputs: { messages: [{ role: 'user', content: 'hi ü' }] },
    outputs: { choices: [{ message: { role: 'assistant', content: 'hällo' } }] },
  });
  equal(flow['failed'], [['exception']]);
  const id = String(flow['trace_id']);
  contains(await api.info(id), { state: 'OK', tags: { env: 'prod', 'mlflow.traceName': 'answer' } });
  const answer = succeeded(await api.get3(`traces/batchGet?trace_ids=${id}`));
  equal((answer.at('traces.0.spans') as readonly unknown[]).length, 3);
  // A client that warns has met something it did not expect.
  equal(
    (flow['warnings'] as readonly string[]).filter((line) => !OWN_WARNINGS.test(line)),
    [],
  );
}

export async function checkSearch(flow: Json): Promise<void> {
  equal([flow['found'], flow['found_with_spans'], flow['run_traces']], [13, 13, true]);
}

export async function checkAnnotations(api: Api, flow: Json): Promise<void> {
  const judges = flow['judging'] === undefined;
  if (judges)
    contains(flow, {
      expectation: { answer: 42 },
      overridden_valid: false,
      updated: { answer: 43 },
      valid_again: true,
      assessments: ['expected', 'helpful'],
    });
  contains(flow, {
    tag: 'v',
    tag_gone: true,
    deleted: 1,
    gone: true,
  });
  const info = await api.info(String(flow['trace_id']));
  const names = (info['assessments'] as readonly Json[]).map((one) => String(one['assessment_name']));
  sameSet(names, judges ? ['expected', 'helpful'] : []);
  equal((info['tags'] as Json)['k'], undefined);
}

async function withFlows(api: Api, check: (flow: Json) => Promise<void>): Promise<string | void> {
  const reasons: string[] = [];
  for (const flow of FLOWS) {
    const result = await runFlow(api, flow);
    if (typeof result === 'string') reasons.push(result);
    else await check(result);
  }
  if (reasons.length > 0) return [...new Set(reasons)].join('; ');
}

export const CLIENT_CASES: readonly Case[] = [
  {
    number: 105,
    statement: 'Python clients read back all spans of what they traced',
    run: (api) => withFlows(api, (flow) => checkTrace(api, flow)),
  },
  {
    number: 106,
    statement: 'Python clients search more than ten traces with their spans',
    run: (api) => withFlows(api, checkSearch),
  },
  {
    number: 107,
    statement: 'Python clients judge, override, update, tag and delete',
    run: (api) => withFlows(api, (flow) => checkAnnotations(api, flow)),
  },
  {
    number: 108,
    statement: "MLflow's TypeScript client reads back its spans, and Python reads them too",
    async run() {
      await Promise.resolve();
      return 'the npm registry at hand has no MLflow client; cases 65 to 67 send what it sends';
    },
  },
  {
    number: 109,
    statement: "OpenTelemetry's SDKs export with endpoint and header alone: protobuf and JSON, compressed",
    async run(api) {
      const experiment = await api.newExperiment();
      const traces = [
        await sendByOpenTelemetry(api.url, experiment, 'protobuf'),
        await sendByOpenTelemetry(api.url, experiment, 'json'),
      ];
      const python = findPython('newest');
      if (python.kind === 'ready') {
        const sent = await runPython(python.path, 'otel.py', [api.url, experiment]);
        holds(sent['ok'] === true, 'the exporter reports success');
        traces.push(String(sent['trace_id']));
      }
      for (const trace of traces)
        contains(await api.info(`tr-${trace}`), { state: 'OK', tags: { 'mlflow.traceName': 'chat' } });
      return python.kind === 'missing' ? `JavaScript passed; ${python.why}` : undefined;
    },
  },
];
