import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AttributeValue, Cost, TokenUsage, TracedSpan } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { decodeOtlpJson } from './decode-json.ts';
import { readDocuments } from './documents.ts';
import { normaliseSpans } from './normalise.ts';
import { readTools } from './tools.ts';
import { totalUsage } from './usage.ts';

/**
 * What emitters really send, and what it means: every `<name>.json` is an OTLP request, `<name>.expected.json` what
 * must come of it. A few stand beside this file; the whole set is used where it is at hand.
 */
const OWN = fileURLToPath(new URL('./fixtures/', import.meta.url));
const ALL = fileURLToPath(new URL('../../../../../shared/fixtures/otlp/', import.meta.url));

describe('fixtures beside the code', () => {
  test.each(namesIn(OWN))('%s', (name) => {
    expect(normalised(OWN, name)).toEqual(expected(OWN, name));
  });
});

describe.skipIf(!existsSync(ALL))(`every recorded emitter (needs ${ALL})`, () => {
  test.each(existsSync(ALL) ? namesIn(ALL) : [])('%s', (name) => {
    expect(normalised(ALL, name)).toEqual(expected(ALL, name));
  });
});

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.expected.json'))
    .map((file) => file.replace('.expected.json', ''));
}

interface ExpectedFile {
  readonly spans: readonly Readonly<Record<string, unknown>>[];
  readonly traces: readonly Readonly<Record<string, unknown>>[];
}

/** `convention` is a label for people; ours are other words. */
function expected(folder: string, name: string): ExpectedFile {
  const file = JSON.parse(readFileSync(`${folder}${name}.expected.json`, 'utf8')) as ExpectedFile;
  return {
    spans: file.spans.map((span) => Object.fromEntries(Object.entries(span).filter(([key]) => key !== 'convention'))),
    traces: file.traces,
  };
}

function normalised(folder: string, name: string): ExpectedFile {
  const decoded = decodeOtlpJson(readFileSync(`${folder}${name}.json`));
  if (!decoded.ok) throw new Error(decoded.error.message);
  expect(decoded.value.rejected).toEqual([]);
  const spans = normaliseSpans(decoded.value.spans);
  const traceIds = [...new Set(spans.map((span) => span.traceId))];
  return {
    spans: spans.map(toExpectedSpan),
    traces: traceIds.map((traceId) => toExpectedTrace(spans.filter((span) => span.traceId === traceId))),
  };
}

function toExpectedSpan(span: TracedSpan): Readonly<Record<string, unknown>> {
  const { meaning } = span;
  const tools = readTools(span);
  const documents = readDocuments(span);
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? null,
    spanType: meaning.type,
    name: span.name,
    inputs: toPlain(meaning.inputs ?? null),
    outputs: toPlain(meaning.outputs ?? null),
    model: meaning.model ?? null,
    provider: meaning.provider ?? null,
    tokenUsage: toUsageJson(meaning.usage),
    ...(meaning.sessionId === undefined ? {} : { sessionId: meaning.sessionId }),
    ...(meaning.userId === undefined ? {} : { userId: meaning.userId }),
    ...(tools === undefined ? {} : { tools: tools.map(toPlain) }),
    status: span.status.code.toUpperCase(),
    ...(documents === undefined ? {} : { documents: documents.map(toPlain) }),
    ...(meaning.cost === undefined ? {} : { cost: toCostJson(meaning.cost) }),
  };
}

function toExpectedTrace(spans: readonly TracedSpan[]): Readonly<Record<string, unknown>> {
  const roots = spans.filter((span) => span.parentSpanId === undefined);
  const orphans = spans.filter(
    ({ parentSpanId }) => parentSpanId !== undefined && !spans.some((span) => span.spanId === parentSpanId),
  );
  const inOrder = [...spans].sort((one, other) => Number(one.start - other.start));
  const first = [...roots, ...inOrder];
  const sessionId = first.find((span) => span.meaning.sessionId !== undefined)?.meaning.sessionId;
  const userId = first.find((span) => span.meaning.userId !== undefined)?.meaning.userId;
  return {
    traceId: spans[0]?.traceId,
    rootSpanIds: [...roots, ...orphans].map((span) => span.spanId),
    status: traceStatus(roots),
    tokenUsage: toUsageJson(
      totalUsage(
        spans.map(({ spanId, parentSpanId, meaning: { type, usage, dialect } }) => ({
          spanId,
          type,
          dialect,
          ...(parentSpanId === undefined ? {} : { parentSpanId }),
          ...(usage === undefined ? {} : { usage }),
        })),
      ),
    ),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
  };
}

function traceStatus(roots: readonly TracedSpan[]): string {
  if (roots.length === 0) return 'IN_PROGRESS';
  return roots.some((span) => span.status.code === 'error') ? 'ERROR' : 'OK';
}

function toUsageJson(usage: TokenUsage | undefined): unknown {
  if (usage === undefined) return null;
  const { cacheReadInputTokens: read, cacheCreationInputTokens: written } = usage;
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    ...(read === undefined ? {} : { cache_read_input_tokens: read }),
    ...(written === undefined ? {} : { cache_creation_input_tokens: written }),
  };
}

function toCostJson(cost: Cost): unknown {
  return {
    ...(cost.inputCost === undefined ? {} : { input_cost: cost.inputCost }),
    ...(cost.outputCost === undefined ? {} : { output_cost: cost.outputCost }),
    total_cost: cost.totalCost,
  };
}

/** Expected files are plain JSON: 64-bit integers are numbers there. */
function toPlain(value: AttributeValue): unknown {
  return JSON.parse(JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)));
}
