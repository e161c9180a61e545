import { describe, expect, test } from 'vitest';
import type { DurationNanos, ExperimentId, SpanId, TraceId, TraceStart, UnixNanos } from '@clew/core';
import type { SpanFact } from '../storage/span-store.ts';
import { deriveTrace, type TraceFacts } from './derive-trace.ts';

const TRACE = 'ab'.repeat(16) as TraceId;
const locate = (id: ExperimentId): string => `mlflow-artifacts:/${id}`;

function fact(id: string, change: Partial<SpanFact> = {}): SpanFact {
  return {
    spanId: id as SpanId,
    name: `span ${id}`,
    type: 'CHAIN',
    status: 'ok',
    start: 1_000_000_000n as UnixNanos,
    end: 2_000_000_000n as UnixNanos,
    hasException: false,
    experimentId: '7' as ExperimentId,
    dialect: '',
    traceTags: {},
    ...change,
  };
}

function running(id: string): SpanFact {
  const { end: _, ...rest } = fact(id);
  return rest;
}

function child(id: string, parent: string, change: Partial<SpanFact> = {}): SpanFact {
  return fact(id, { parentSpanId: parent as SpanId, ...change });
}

function started(change: Partial<TraceStart> = {}): TraceStart {
  return {
    traceId: TRACE,
    experimentId: '9' as ExperimentId,
    start: 500_000_000n as UnixNanos,
    duration: 4_000_000_000n as DurationNanos,
    state: 'OK',
    metadata: {},
    ...change,
  };
}

function derive({
  start,
  ...facts
}: Partial<TraceFacts> & { readonly start?: TraceStart }): NonNullable<ReturnType<typeof deriveTrace>> {
  const starts = start === undefined ? [] : [start];
  const header = deriveTrace(TRACE, { spans: [], tags: [], starts, ...facts }, locate);
  if (header === undefined) throw new Error('no header');
  return header;
}

describe('deriveTrace() from spans', () => {
  test('time runs from the first start to the last end', () => {
    const spans = [
      child('b', 'a', { end: 5_000_000_000n as UnixNanos }),
      fact('a'),
      child('c', 'a', { start: 400_000_000n as UnixNanos }),
    ];
    expect(derive({ spans })).toMatchObject({ start: 400_000_000n, duration: 4_600_000_000n, spanCount: 3 });
  });

  test.each([
    { why: 'no root yet', spans: [child('b', 'a')], state: 'IN_PROGRESS' },
    { why: 'the root still runs', spans: [running('a')], state: 'IN_PROGRESS' },
    {
      why: 'the root is fine although a child failed',
      spans: [fact('a'), child('b', 'a', { status: 'error' })],
      state: 'OK',
    },
    { why: 'a root without a status is fine', spans: [fact('a', { status: 'unset' })], state: 'OK' },
    { why: 'the root failed', spans: [fact('a', { status: 'error' })], state: 'ERROR' },
  ])('state $state: $why', ({ spans, state }) => {
    expect(derive({ spans }).state).toBe(state);
  });

  test('the name is the first root’s, in the tag MLflow reads', () => {
    const late = fact('z', { name: 'second', start: 1_500_000_000n as UnixNanos });
    expect(derive({ spans: [late, fact('a', { name: 'answer' })] })).toMatchObject({
      name: 'answer',
      tags: { 'mlflow.traceName': 'answer' },
    });
  });

  test('session and user are the first anybody gives', () => {
    const spans = [
      fact('a', { sessionId: 's-9', userId: 'ada' }),
      child('b', 'a', { start: 1_100_000_000n as UnixNanos, sessionId: 's-10' }),
    ];
    expect(derive({ spans })).toMatchObject({
      sessionId: 's-9',
      userId: 'ada',
      metadata: { 'mlflow.trace.session': 's-9', 'mlflow.trace.user': 'ada' },
    });
  });

  test('a parent that repeats its children’s tokens is counted once', () => {
    const usage = (inputTokens: number, outputTokens: number) => ({
      inputTokens,
      outputTokens,
      totalTokens: inputTokens + outputTokens,
    });
    const spans = [
      fact('a', { usage: usage(30, 15) }),
      child('b', 'a', { usage: usage(10, 5) }),
      child('c', 'a', { usage: usage(20, 10) }),
    ];
    const expected = { inputTokens: 30, outputTokens: 15, totalTokens: 45 };
    expect(derive({ spans }).usage).toEqual(expected);
    expect(derive({ spans: spans.slice(1) }).usage).toEqual(expected);
    expect(derive({ spans }).metadata['mlflow.trace.tokenUsage']).toBe(
      '{"input_tokens":30,"output_tokens":15,"total_tokens":45}',
    );
  });

  test('tags say where the spans are, and the root’s own are taken over', () => {
    expect(derive({ spans: [fact('a', { traceTags: { team: 'a' } })] }).tags).toEqual({
      'mlflow.traceName': 'span a',
      team: 'a',
      'mlflow.artifactLocation': `mlflow-artifacts:/7/traces/tr-${TRACE}/artifacts`,
      'mlflow.trace.spansLocation': 'TRACKING_STORE',
    });
  });

  test('the order of arrival does not show', () => {
    const spans = [
      fact('a', { sessionId: 's' }),
      child('b', 'a', { status: 'error' }),
      child('c', 'b'),
      fact('r2', { name: 'other' }),
    ];
    expect(derive({ spans: [...spans].reverse() })).toEqual(derive({ spans }));
  });
});

describe('deriveTrace() with a trace start', () => {
  test('its experiment, times and state win, and previews when sent', () => {
    const spans = [fact('a', { status: 'error', requestPreview: 'from the span', responsePreview: 'too' })];
    expect(derive({ spans, start: started({ requestPreview: 'from the client' }) })).toMatchObject({
      experimentId: '9',
      start: 500_000_000n,
      duration: 4_000_000_000n,
      state: 'OK',
      requestPreview: 'from the client',
      responsePreview: 'too',
      isFinalized: true,
      metadata: { 'mlflow.trace.infoFinalized': 'true' },
    });
  });

  test.each(['IN_PROGRESS', 'STATE_UNSPECIFIED'] as const)('state %s leaves the word to the root', (state) => {
    expect(derive({ spans: [fact('a', { status: 'error' })], start: started({ state }) }).state).toBe('ERROR');
  });

  test('a client’s token usage is kept, whatever the spans say', () => {
    const metadata = { 'mlflow.trace.tokenUsage': '{"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}' };
    const spans = [fact('a', { usage: { inputTokens: 100, outputTokens: 100, totalTokens: 200 } })];
    expect(derive({ spans, start: started({ metadata }) }).usage).toEqual({
      inputTokens: 1,
      outputTokens: 2,
      totalTokens: 3,
    });
  });

  test('without spans it says nothing of where they are', () => {
    expect(derive({ start: started() }).tags).not.toHaveProperty('mlflow.trace.spansLocation');
  });
});

describe('deriveTrace() with tags', () => {
  test('a tag set later wins, and one taken away is gone', () => {
    const tags = [
      { traceId: TRACE, key: 'team', value: 'b' },
      { traceId: TRACE, key: 'env', value: undefined },
      { traceId: TRACE, key: 'mlflow.traceName', value: 'renamed' },
    ];
    const header = derive({ spans: [fact('a', { traceTags: { team: 'a', env: 'prod' } })], tags });
    expect(header.tags).toMatchObject({ team: 'b', 'mlflow.traceName': 'renamed' });
    expect(header.tags).not.toHaveProperty('env');
    expect(header.name).toBe('renamed');
  });

  test('alone they make no trace', () => {
    expect(
      deriveTrace(TRACE, { spans: [], starts: [], tags: [{ traceId: TRACE, key: 'a', value: 'b' }] }, locate),
    ).toBeUndefined();
  });
});
