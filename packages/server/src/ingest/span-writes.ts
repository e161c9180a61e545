import type { ExperimentId, Span, TracedSpan } from '@clew/core';
import { normaliseSpans, toStoredSpan } from '../otlp/normalise.ts';
import { previewOf } from '../otlp/previews.ts';
import type { SpanWrite } from '../storage/span-store.ts';

/** What a request brought, read and made ready to be stored; copies that are not worth keeping are left out. */
export function toSpanWrites(experimentId: ExperimentId, spans: readonly Span[]): readonly SpanWrite[] {
  return normaliseSpans(spans).map((span) => toSpanWrite(experimentId, span));
}

function toSpanWrite(experimentId: ExperimentId, span: TracedSpan): SpanWrite {
  const write = { span: toStoredSpan(span), experimentId };
  if (span.parentSpanId !== undefined) return write;
  const { inputs, outputs } = span.meaning;
  const requestPreview = inputs === undefined ? undefined : previewOf(inputs, 'request');
  const responsePreview = outputs === undefined ? undefined : previewOf(outputs, 'response');
  return {
    ...write,
    ...(requestPreview === undefined ? {} : { requestPreview }),
    ...(responsePreview === undefined ? {} : { responsePreview }),
  };
}
