/** LiteLLM's callback: GenAI attributes, and the kind of span in its name. */
import type { Span, SpanMeaning, SpanType } from '@clew/core';
import { identifier } from '../payload.ts';
import { operationType, readGenAiContent } from './gen-ai.ts';

export function readLitellm(span: Span): Partial<SpanMeaning> {
  const type = typeOf(span);
  return { type, ...readGenAiContent(span, type) };
}

const REQUEST_TYPES = new Map<string, SpanType>([
  ['acompletion', 'CHAT_MODEL'],
  ['chat', 'CHAT_MODEL'],
  ['completion', 'LLM'],
  ['embedding', 'EMBEDDING'],
  ['aembedding', 'EMBEDDING'],
  ['rerank', 'RERANKER'],
  ['arerank', 'RERANKER'],
]);

function typeOf({ name, attributes }: Span): SpanType {
  if (name === 'Received Proxy Server Request') return 'CHAIN';
  if (name === 'raw_gen_ai_request') return 'UNKNOWN';
  if (attributes['guardrail_name'] !== undefined || attributes['litellm.guardrail.name'] !== undefined) {
    return 'GUARDRAIL';
  }
  const request = REQUEST_TYPES.get(identifier(attributes['llm.request.type']) ?? '');
  return operationType(attributes) ?? request ?? 'LLM';
}
