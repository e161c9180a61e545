import type { TokenUsage } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { totalCost, totalUsage, type UsageSpan } from './usage.ts';

describe('totalUsage()', () => {
  test.each([
    { why: 'nobody reports', spans: [span('a'), span('b', 'a')], total: undefined },
    { why: 'siblings add up', spans: [span('a'), llm('b', 'a', 10, 5), llm('c', 'a', 20, 10)], total: [30, 15] },
    {
      why: 'a parent that repeats the sum of its children',
      spans: [agent('a', undefined, 30, 15), llm('b', 'a', 10, 5), llm('c', 'a', 20, 10)],
      total: [30, 15],
    },
    {
      why: 'a parent that repeats its last child only',
      spans: [agent('a', undefined, 20, 10), llm('b', 'a', 10, 5), llm('c', 'a', 20, 10)],
      total: [30, 15],
    },
    {
      why: 'a parent that knows more than its children',
      spans: [agent('a', undefined, 100, 10), llm('b', 'a', 10, 5)],
      total: [100, 10],
    },
    {
      why: 'two instrumentations of one call',
      spans: [llm('a', undefined, 1021, 33), llm('b', 'a', 1021, 33)],
      total: [1021, 33],
    },
    {
      why: 'a model call inside a tool is work of its own',
      spans: [llm('a', undefined, 100, 10), span('t', 'a', 'TOOL'), llm('b', 't', 50, 5)],
      total: [150, 15],
    },
    {
      why: 'embeddings below a model call are not the same call',
      spans: [llm('a', undefined, 100, 10), { ...span('b', 'a', 'EMBEDDING'), usage: usage(7, 0) }],
      total: [107, 10],
    },
    { why: 'several roots', spans: [llm('a', undefined, 1, 1), llm('b', undefined, 2, 2)], total: [3, 3] },
    { why: 'an orphan counts as a root', spans: [llm('a', 'gone', 1, 1), llm('b', undefined, 2, 2)], total: [3, 3] },
    {
      why: 'children before their parent',
      spans: [llm('b', 'a', 10, 5), agent('a', undefined, 10, 5)],
      total: [10, 5],
    },
    { why: 'a span that is its own parent', spans: [llm('a', 'a', 1, 2)], total: [1, 2] },
    { why: 'a cycle', spans: [llm('a', 'b', 1, 2), llm('b', 'a', 1, 2)], total: [1, 2] },
    {
      why: 'a Strands agent counts its whole life, not this trace',
      spans: [{ ...agent('a', undefined, 4900, 300), dialect: 'strands' }, llm('b', 'a', 400, 100)],
      total: [400, 100],
    },
  ])('$why', ({ spans, total }) => {
    const expected = total === undefined ? undefined : usage(total[0] ?? 0, total[1] ?? 0);
    expect(totalUsage(spans)).toEqual(expected);
    expect(totalUsage([...spans].reverse())).toEqual(expected);
  });

  test('cache counts add up where there are any', () => {
    const cached = { ...usage(10, 5), cacheReadInputTokens: 4 };
    const written = { ...usage(20, 10), cacheReadInputTokens: 1, cacheCreationInputTokens: 3 };
    const spans = [
      { ...span('a', undefined, 'LLM'), usage: cached },
      { ...span('b', undefined, 'LLM'), usage: written },
    ];
    expect(totalUsage(spans)).toEqual({ ...usage(30, 15), cacheReadInputTokens: 5, cacheCreationInputTokens: 3 });
  });

  test('a chain of 100,000 spans does not overflow the stack', () => {
    const chain = Array.from({ length: 100_000 }, (_, at) => span(String(at), at === 0 ? undefined : String(at - 1)));
    expect(totalUsage([...chain, llm('end', '99999', 1, 2)])).toEqual(usage(1, 2));
  });

  test('100,000 children of one parent are counted once each', () => {
    const children = Array.from({ length: 100_000 }, (_, at) => llm(String(at), 'root', 1, 0));
    expect(totalUsage([span('root'), ...children])).toEqual(usage(100_000, 0));
  });
});

describe('totalCost()', () => {
  test('is counted like tokens, from the spans that have a cost', () => {
    const spans = [
      agent('a', undefined, 30, 15),
      { ...llm('b', 'a', 10, 5), cost: { inputCost: 1, outputCost: 2, totalCost: 3 } },
      { ...llm('c', 'a', 20, 10), cost: { totalCost: 4 } },
    ];
    expect(totalCost(spans)).toEqual({ inputCost: 1, outputCost: 2, totalCost: 7 });
  });

  test('is unknown when nobody reports one', () => {
    expect(totalCost([llm('a', undefined, 1, 1)])).toBeUndefined();
  });
});

function usage(inputTokens: number, outputTokens: number): TokenUsage {
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

function span(spanId: string, parentSpanId?: string, type = 'CHAIN'): UsageSpan {
  return { spanId, type, ...(parentSpanId === undefined ? {} : { parentSpanId }) };
}

function llm(spanId: string, parentSpanId: string | undefined, input: number, output: number): UsageSpan {
  return { ...span(spanId, parentSpanId, 'CHAT_MODEL'), usage: usage(input, output) };
}

function agent(spanId: string, parentSpanId: string | undefined, input: number, output: number): UsageSpan {
  return { ...span(spanId, parentSpanId, 'AGENT'), usage: usage(input, output) };
}
