/** Laminar: `lmnr.span.*` beside GenAI usage and model. */
import type { Span, SpanMeaning, SpanType } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessagesOrValue } from '../messages.ts';
import { decodePayload, identifier } from '../payload.ts';

export function readLaminar({ attributes }: Span): Partial<SpanMeaning> {
  const type = TYPES.get(identifier(attributes['lmnr.span.type']) ?? '') ?? 'UNKNOWN';
  const read = type === 'LLM' ? readMessagesOrValue : decodePayload;
  return meaningOf({
    type,
    inputs: read(attributes['lmnr.span.input'], 'request'),
    outputs: read(attributes['lmnr.span.output'], 'response'),
  });
}

const TYPES = new Map<string, SpanType>([
  ['LLM', 'LLM'],
  ['CACHED', 'LLM'],
  ['TOOL', 'TOOL'],
  ['EVALUATOR', 'EVALUATOR'],
  ['HUMAN_EVALUATOR', 'EVALUATOR'],
]);
