import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCollector, type CollectedSpan, type Collector } from './collector.ts';
import { runDemo, type DemoResult } from './run-demo.ts';

let collector: Collector;
let result: DemoResult;

beforeAll(async () => {
  collector = await startCollector();
  result = await runDemo({ trackingUri: collector.url, experimentId: '7' });
});

afterAll(() => collector.close());

/** A trace as indented lines, children in the order they started. */
function draw(traceId: string): string {
  const spans = collector.spans.filter((span) => `tr-${span.traceId}` === traceId);
  const lines = (parentSpanId: string | undefined, indent: string): string[] =>
    spans
      .filter((span) => span.parentSpanId === parentSpanId)
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
      .flatMap((span) => [`${indent}${describeSpan(span)}`, ...lines(span.spanId, `${indent}  `)]);
  return lines(undefined, '').join('\n');
}

function describeSpan({ name, attributes, status }: CollectedSpan): string {
  const tokens = attributes['mlflow.chat.tokenUsage'] as { readonly total_tokens: number } | undefined;
  const parts = [attributes['mlflow.spanType'], name, attributes['mlflow.llm.provider'], tokens?.total_tokens];
  return [...parts.filter((part) => part !== undefined).map(String), ...(status.code === 2 ? ['ERROR'] : [])].join(
    ' | ',
  );
}

describe('runDemo()', () => {
  test('the travel assistant: retrieval, a tool loop, a streamed answer', () => {
    expect(draw(result.traceId)).toBe(
      [
        'AGENT | travel assistant',
        '  RETRIEVER | search notes',
        '    EMBEDDING | embeddings voyage-3-lite | voyage | 18',
        '  CHAT_MODEL | chat gpt-4o | openai | 62',
        '  TOOL | get_weather',
        '    TASK | weather service',
        '  CHAT_MODEL | chat gpt-4o | openai | 82',
        '  CHAIN | suggest next destination',
        '    CHAT_MODEL | chat gpt-4o | openai | 22',
      ].join('\n'),
    );
  });

  test('the editorial desk: two colleagues work at once, each below its tool', () => {
    expect(draw(result.traceIds[1] ?? '')).toBe(
      [
        'AGENT | editorial desk',
        '  CHAT_MODEL | chat gpt-4o | openai | 681',
        '  TOOL | delegate_work_to_coworker',
        '    AGENT | Researcher',
        '      CHAT_MODEL | chat gpt-4.1-mini | openai | 544',
        '  TOOL | ask_question_to_coworker',
        '    AGENT | Senior Writer',
        '      CHAT_MODEL | chat gpt-4.1-mini | openai | 913',
        '  CHAT_MODEL | chat gpt-4o | openai | 2311',
      ].join('\n'),
    );
  });

  test('every trace has a header with session, user and state', () => {
    const headers = collector.traces.map((trace) => [
      (trace['tags'] as Record<string, string>)['mlflow.traceName'],
      (trace['trace_metadata'] as Record<string, string>)['mlflow.trace.session'],
      (trace['trace_metadata'] as Record<string, string>)['mlflow.trace.user'],
      trace['state'],
    ]);
    expect(headers).toEqual([
      ['travel assistant', 'demo-travel', 'ada', 'OK'],
      ['travel assistant', 'demo-travel', 'ada', 'OK'],
      ['editorial desk', 'demo-editorial', 'grace', 'OK'],
      ['joke bot', 'demo-jokes', 'ada', 'ERROR'],
    ]);
  });

  test('spans go to the experiment asked for', () => {
    const ids = collector.requests
      .filter(({ path }) => path === '/v1/traces')
      .map(({ headers }) => headers['x-mlflow-experiment-id']);
    expect(new Set(ids)).toEqual(new Set(['7']));
  });
});
