/** Logfire's own OpenAI and Anthropic integrations: whole requests and responses as JSON. */
import { isAttributeMap, type Attributes, type AttributeValue, type Span, type SpanMeaning } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessages } from '../messages.ts';
import { decodeMap, identifier } from '../payload.ts';
import { operationType, readGenAiContent } from './gen-ai.ts';

export function readLogfire(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const type = operationType(attributes) ?? 'LLM';
  const standard = readGenAiContent(span, type);
  const request = decodeMap(attributes['request_data']);
  return meaningOf({
    type,
    inputs: standard.inputs ?? readMessages(request, 'request'),
    outputs: standard.outputs ?? answerOf(decodeMap(attributes['response_data'])),
    model:
      identifier(attributes['gen_ai.response.model'] ?? attributes['gen_ai.request.model']) ??
      identifier(request?.['model']),
    provider: span.scope.name.replace('logfire.', ''),
  });
}

/** A streamed answer has its text only. */
function answerOf(response: Attributes | undefined): AttributeValue | undefined {
  if (response === undefined) return undefined;
  const { message, combined_chunk_content: text } = response;
  if (isAttributeMap(message)) return readMessages({ role: 'assistant', ...message }, 'response');
  return readMessages(text ?? response, 'response');
}
