import { createAttributes, encodeJsonText, type AttributeValue, type StringMap } from '@clew/core';
import type { SpanFact, SpanWrite } from './span-store.ts';

const TRACE_TAG_PREFIX = 'mlflow.traceTag.';

/** Reduces a span to what a trace header is derived from. Every store answers `readSources` with exactly this. */
export function toSpanFact(write: SpanWrite): SpanFact {
  const { span, experimentId, requestPreview, responsePreview } = write;
  const { summary } = span;
  return {
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    type: summary.type,
    status: span.status.code,
    start: span.start,
    ...(span.end === undefined ? {} : { end: span.end }),
    ...(summary.model === undefined ? {} : { model: summary.model }),
    ...(summary.usage === undefined ? {} : { totalTokens: summary.usage.totalTokens }),
    hasException: span.events.some((event) => event.name === 'exception'),
    experimentId,
    dialect: summary.dialect,
    ...(requestPreview === undefined ? {} : { requestPreview }),
    ...(responsePreview === undefined ? {} : { responsePreview }),
    ...(summary.usage === undefined ? {} : { usage: summary.usage }),
    ...(summary.cost === undefined ? {} : { cost: summary.cost }),
    ...(summary.sessionId === undefined ? {} : { sessionId: summary.sessionId }),
    ...(summary.userId === undefined ? {} : { userId: summary.userId }),
    traceTags: traceTags(write),
  };
}

/** A root's `mlflow.traceTag.*` beat its resource's attributes; what the OpenTelemetry SDK says of itself is no tag. */
function traceTags({ span }: SpanWrite): StringMap {
  const tags = createAttributes() as { [key: string]: string };
  if (span.parentSpanId !== undefined) return tags;
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
