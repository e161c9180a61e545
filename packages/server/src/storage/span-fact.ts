import { createAttributes, encodeJsonText, type AttributeValue, type StringMap } from '@clew/core';
import type { SpanFact, SpanWrite } from './span-store.ts';

const TRACE_TAG_PREFIX = 'mlflow.traceTag.';

/** Reduces a span to what a trace header is derived from. Every store answers `readSources` with exactly this. */
export function toSpanFact(write: SpanWrite): SpanFact {
  const { span, experimentId, requestPreview, responsePreview } = write;
  const { summary } = span;
  // Every span passes here: assignments are several times faster than spreading.
  const fact: { -readonly [key in keyof SpanFact]: SpanFact[key] } = {
    spanId: span.spanId,
    name: span.name,
    type: summary.type,
    status: span.status.code,
    start: span.start,
    hasException: span.events.some((event) => event.name === 'exception'),
    experimentId,
    dialect: summary.dialect,
    traceTags: span.parentSpanId === undefined ? traceTags(write) : NO_TAGS,
  };
  if (span.parentSpanId !== undefined) fact.parentSpanId = span.parentSpanId;
  if (span.end !== undefined) fact.end = span.end;
  if (summary.model !== undefined) fact.model = summary.model;
  if (summary.usage !== undefined) {
    fact.usage = summary.usage;
    fact.totalTokens = summary.usage.totalTokens;
  }
  if (requestPreview !== undefined) fact.requestPreview = requestPreview;
  if (responsePreview !== undefined) fact.responsePreview = responsePreview;
  if (summary.cost !== undefined) fact.cost = summary.cost;
  if (summary.sessionId !== undefined) fact.sessionId = summary.sessionId;
  if (summary.userId !== undefined) fact.userId = summary.userId;
  return fact;
}

const NO_TAGS: StringMap = Object.freeze(createAttributes() as StringMap);

/** A root's `mlflow.traceTag.*` beat its resource's attributes; what the OpenTelemetry SDK says of itself is no tag. */
function traceTags({ span }: SpanWrite): StringMap {
  const tags = createAttributes() as { [key: string]: string };
  for (const [key, value] of Object.entries(span.resource)) {
    if (!key.startsWith('telemetry.sdk.') && !key.startsWith('mlflow.')) tags[key] = toTagText(value);
  }
  for (const [key, value] of Object.entries(span.attributes)) {
    if (key.startsWith(TRACE_TAG_PREFIX)) tags[key.slice(TRACE_TAG_PREFIX.length)] = toTagText(value);
  }
  return tags;
}

function toTagText(value: AttributeValue): string {
  return typeof value === 'string' ? value : encodeJsonText(value);
}
