/** Spring AI: its own kinds of span around plain GenAI model spans; numbers and lists are text. */
import type { Span, SpanMeaning, SpanType } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { decodePayload, identifier } from '../payload.ts';

export function readSpringAi({ attributes }: Span): Partial<SpanMeaning> {
  return meaningOf({
    type: TYPES.get(identifier(attributes['spring.ai.kind']) ?? ''),
    inputs:
      decodePayload(attributes['spring.ai.tool.call.arguments']) ??
      decodePayload(attributes['db.vector.query.content']),
    outputs:
      decodePayload(attributes['spring.ai.tool.call.result']) ??
      decodePayload(attributes['db.vector.query.response.documents']),
  });
}

const TYPES = new Map<string, SpanType>([
  ['chat_client', 'CHAIN'],
  ['advisor', 'CHAIN'],
  ['tool_call', 'TOOL'],
  ['vector_store', 'RETRIEVER'],
]);
