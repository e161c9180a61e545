/**
 * Every library through the same cases, as programs of their own, in ESM and CommonJS, with the real package.
 *
 * `CLEW_BATTERY=all` adds the lowest versions; `npm run test:integrations` does, and prints the matrix from these
 * results, so the titles here are its columns' source.
 */
import { readChatMessages, type AttributeValue, type ChatSide } from '@clew/core';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIBRARIES, versionOf, type Library, type Version } from './libraries.ts';
import { startProviderServer, type ProviderServer } from './provider-server.ts';
import {
  runProgram,
  type CaseOutcome,
  type Format,
  type Order,
  type ProgramOutput,
  type ReportedSpan,
} from './run-program.ts';

const VERSIONS: readonly Version[] = process.env['CLEW_BATTERY'] === 'all' ? ['highest', 'lowest'] : ['highest'];
const FORMATS: readonly Format[] = ['esm', 'cjs'];
const ORDERS: readonly Order[] = ['before', 'after'];
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

let provider: ProviderServer;

beforeAll(async () => {
  if (process.env['CLEW_BUILT'] !== 'yes') execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: PACKAGE });
  provider = await startProviderServer();
});

afterAll(() => provider.close());

const RUNS = LIBRARIES.flatMap((library) =>
  VERSIONS.flatMap((version) => FORMATS.map((format) => ({ library, version, format }))),
);

// `%s`, not `$title`: that cuts long titles, which the matrix reads.
describe.each(RUNS.map((run) => [titleOf(run), run] as const))('%s', (_title, { library, version, format }) => {
  let before: ProgramOutput;
  let after: ProgramOutput;

  beforeAll(async () => {
    const run = (order: Order): Promise<ProgramOutput> =>
      runProgram({ library, version, format, order, providerUrl: provider.url });
    [before, after] = await Promise.all([run('before'), run('after')]);
  });

  /** A library of plain functions that was imported first: nothing is observed, and that is told. */
  const isMissed = (order: Order): boolean => order === 'before' && library.missesLoaded?.includes(format) === true;

  function outcomesOf(name: string): readonly CaseOutcome[] {
    return ORDERS.filter((order) => !isMissed(order)).map((order) => {
      const outcome = (order === 'before' ? before : after).on[name];
      if (outcome === undefined) throw new Error(`No case ${name}`);
      return outcome;
    });
  }

  test('the user sees the same with tracing on and off', () => {
    for (const [name, { result }] of Object.entries(before.off)) {
      expect({ [name]: before.on[name]?.result }).toEqual({ [name]: result });
      expect({ [name]: after.on[name]?.result }).toEqual({ [name]: result });
    }
    expect(Object.values(before.off).flatMap(({ spans }) => spans)).toEqual([]);
  });

  test('plain: request, answer, tokens, model, provider', () => {
    for (const name of ['plain', 'subclass', 'huge']) {
      for (const { spans } of outcomesOf(name)) expectCall(onlySpan(spans), library, 'plain');
    }
  });

  test('streaming: the whole answer, tokens, time to first token', () => {
    for (const { spans } of outcomesOf('stream')) {
      const span = onlySpan(spans);
      expectCall(span, library, 'stream');
      expect(span.attributes['clew.time_to_first_token']).toBeGreaterThan(0);
    }
  });

  test('streaming: left early, the span ends once', () => {
    for (const { spans } of outcomesOf('leave')) {
      expect(onlySpan(spans)).toMatchObject({
        status: { code: 'ok' },
        attributes: { 'clew.stream.abandoned': true, 'clew.stream.items': expect.any(Number) as unknown },
      });
    }
  });

  test('streaming: aborted, cut off', () => {
    const aborted = library.hidesAbort === true ? {} : { 'error.type': 'aborted' };
    for (const { spans } of outcomesOf('abort')) {
      expect(onlySpan(spans)).toMatchObject({ status: { code: 'error' }, attributes: aborted });
    }
    for (const { spans } of outcomesOf('cut')) {
      const { status, attributes } = onlySpan(spans);
      expect(status.code).toBe('error');
      expect(attributes['error.type']).not.toBe('aborted');
    }
  });

  test('errors: status, body, one span, also when nobody handles them', () => {
    for (const { spans } of outcomesOf('refused')) expectFailure(onlySpan(spans), library.refusal);
    for (const name of ['broken', 'unhandled']) {
      for (const { spans } of outcomesOf(name)) expectFailure(onlySpan(spans), 500);
    }
    for (const { spans } of outcomesOf('unreachable')) expect(onlySpan(spans).status.code).toBe('error');
    if (before.off['timeout'] === undefined) return;
    for (const { spans } of outcomesOf('timeout')) {
      const { status, attributes } = onlySpan(spans);
      expect(status.code).toBe('error');
      if (library.hidesTimeout !== true) expect(attributes['error.type']).not.toBe('aborted');
    }
  });

  test('parallel: each call under its own parent', () => {
    for (const { spans } of outcomesOf('parallel')) {
      const parents = new Map(spans.filter(({ name }) => name.startsWith('parent')).map((span) => [span.spanId, span]));
      const calls = spans.filter(({ spanId }) => !parents.has(spanId));
      expect([parents.size, calls.length]).toEqual([5, 5]);
      expect(new Set(calls.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(parents.keys()));
      for (const { parentSpanId, traceId } of calls) expect(parents.get(parentSpanId ?? '')?.traceId).toBe(traceId);
    }
  });

  if (library.tools !== undefined) {
    test('tools: definitions, calls, and a loop in one tree', () => {
      for (const { spans } of outcomesOf('tools')) {
        const span = onlySpan(spans);
        expect(span.attributes['mlflow.chat.tools']).toMatchObject({
          0: { function: { name: expect.any(String) as unknown } },
        });
        expect(toolCallsOf(span)).toEqual(library.tools);
      }
      for (const { spans } of outcomesOf('loop')) {
        const root = spans.find(({ name }) => name === 'agent');
        const children = spans.filter((span) => span !== root);
        expect(children.map(({ parentSpanId }) => parentSpanId)).toEqual(
          [root, root, root].map((span) => span?.spanId),
        );
        expect(children[1]?.name).toBe('tool');
      }
    });
  }

  if (library.streamedTools !== undefined) {
    test('tools: calls streamed in pieces', () => {
      for (const { spans } of outcomesOf('streamedTools'))
        expect(toolCallsOf(onlySpan(spans))).toEqual(library.streamedTools);
    });
  }

  test('payloads: pictures, and prompts of megabytes cut with a mark', () => {
    if (before.off['media'] !== undefined && !hasThrown(before.off['media'])) {
      for (const { spans } of outcomesOf('media')) expect(onlySpan(spans).status.code).toBe('ok');
    }
    for (const { spans } of outcomesOf('huge')) {
      const text = JSON.stringify(onlySpan(spans).attributes['mlflow.spanInputs']);
      expect(text).toContain('[Truncated:');
      expect(text.length).toBeLessThan(1_200_000);
    }
  });

  test.each(Object.entries(library.more))('its own: %s', (name, attributes) => {
    // Older versions lack some methods, or do not notice an error, with tracing off as well.
    if (hasThrown(before.off[name]) || ('error.type' in attributes && !hasFailed(before.off[name]))) return;
    for (const { spans } of outcomesOf(name)) {
      expect(spans.length).toBe(library.spans?.[name] ?? 1);
      expect(spans.at(-1)?.attributes).toMatchObject(attributes);
    }
  });

  test('undo: nothing is traced, the methods are the originals', () => {
    expect([before.undone.spans, after.undone.spans]).toEqual([0, 0]);
    expect(before.undone.isOriginal).toBe(true);
    expect(before.shape).toEqual({ name: true, length: true });
  });

  test('clients made before autolog(), and what is told', () => {
    const isCovered = library.missesExisting?.includes(version) !== true && !isMissed('before');
    expect(before.existing?.spans.length).toBe(isCovered ? 1 : 0);
    const problems = before.report.flatMap((report) => (report.library === library.name ? report.problems : []));
    expect(problems).toEqual(
      isMissed('before') ? [expect.stringContaining('--import @clew/sdk/register') as unknown] : [],
    );
  });
});

function titleOf({ library, version, format }: { library: Library; version: Version; format: Format }): string {
  return `${library.name} ${versionOf(library, version)} ${format}`;
}

function onlySpan(spans: readonly ReportedSpan[]): ReportedSpan {
  const [span, ...others] = spans;
  if (span === undefined || others.length > 0) throw new Error(`Expected one span, got ${spans.length}`);
  return span;
}

function expectCall(span: ReportedSpan, library: Library, kind: 'plain' | 'stream'): void {
  const { attributes, text } = library[kind];
  expect(span).toMatchObject({
    name: `chat ${String(span.attributes['gen_ai.request.model'])}`,
    kind: 'client',
    status: { code: 'ok' },
    hasDuration: true,
    attributes: {
      'mlflow.spanType': 'CHAT_MODEL',
      'mlflow.llm.provider': library.provider,
      'gen_ai.provider.name': library.provider,
      'gen_ai.request.model': expect.any(String) as unknown,
      ...(library.hasResponseId === false ? {} : { 'gen_ai.response.id': expect.any(String) as unknown }),
      ...attributes,
    },
  });
  const question = messagesOf(span, 'mlflow.spanInputs', 'request');
  const answer = messagesOf(span, 'mlflow.spanOutputs', 'response');
  expect(question.map(({ role }) => role)).toContain('user');
  expect(JSON.stringify(answer.at(-1)?.content)).toContain(JSON.stringify(text).slice(1, -1));
}

function expectFailure(span: ReportedSpan, status: number): void {
  expect(span).toMatchObject({
    status: { code: 'error' },
    events: ['exception'],
    attributes: { 'http.response.status_code': status, 'error.type': expect.any(String) as unknown },
  });
}

function messagesOf(span: ReportedSpan, key: string, side: ChatSide): NonNullable<ReturnType<typeof readChatMessages>> {
  return readChatMessages(span.attributes[key] as AttributeValue, side) ?? [];
}

function toolCallsOf(span: ReportedSpan): readonly string[] {
  const answer = messagesOf(span, 'mlflow.spanOutputs', 'response');
  return answer.flatMap(({ tool_calls: calls = [] }) => calls.map((call) => call.function.name));
}

function hasThrown(outcome: CaseOutcome | undefined): boolean {
  return typeof outcome?.result === 'object' && outcome.result !== null && 'thrown' in outcome.result;
}

function hasFailed(outcome: CaseOutcome | undefined): boolean {
  return typeof outcome?.result === 'object' && outcome.result !== null && 'error' in outcome.result;
}
