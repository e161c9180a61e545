/** Google's Agent Development Kit: whole Gemini requests and responses as JSON. Python writes snake_case keys. */
import {
  firstValue,
  isAttributeMap,
  type Attributes,
  type Span,
  type SpanMeaning,
  type SpanType,
  type TokenUsage,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessages, withFinishReason } from '../messages.ts';
import { decodeMap, decodePayload } from '../payload.ts';
import { toCount } from '../span-fields.ts';
import { toTokenUsage } from '../token-usage.ts';
import { operationType, readGenAiContent } from './gen-ai.ts';

export function readGoogleAdk(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const type = typeOf(span);
  if (type === 'TOOL') {
    const standard = readGenAiContent(span, type);
    return meaningOf({
      type,
      inputs: decodePayload(attributes['gcp.vertex.agent.tool_call_args']) ?? standard.inputs,
      outputs: decodePayload(attributes['gcp.vertex.agent.tool_response']) ?? standard.outputs,
    });
  }
  const response = decodeMap(attributes['gcp.vertex.agent.llm_response']);
  return meaningOf({
    type,
    inputs:
      readMessages(attributes['gcp.vertex.agent.llm_request'], 'request') ??
      decodePayload(attributes['gcp.vertex.agent.data']),
    outputs: response === undefined ? undefined : outputsOf(response),
    usage: readUsage(response),
  });
}

function typeOf({ attributes, name }: Span): SpanType | undefined {
  const operation = operationType(attributes);
  if (operation !== undefined) return operation;
  if (name === 'call_llm' || decodeMap(attributes['gcp.vertex.agent.llm_request']) !== undefined) return 'LLM';
  return name === 'invocation' ? 'WORKFLOW' : undefined;
}

function outputsOf(response: Attributes): SpanMeaning['outputs'] {
  const { content } = response;
  if (!isAttributeMap(content)) return response;
  const messages = readMessages({ role: 'model', ...content }, 'response');
  return withFinishReason(messages, firstValue(response, ['finishReason', 'finish_reason']));
}

/** The candidates' count leaves out thoughts. */
function readUsage(response: Attributes | undefined): TokenUsage | undefined {
  const usage = response === undefined ? undefined : firstValue(response, ['usageMetadata', 'usage_metadata']);
  if (!isAttributeMap(usage)) return undefined;
  const count = (camel: string, snake: string): number | undefined => toCount(firstValue(usage, [camel, snake]));
  const candidates = count('candidatesTokenCount', 'candidates_token_count');
  const thoughts = count('thoughtsTokenCount', 'thoughts_token_count');
  return toTokenUsage({
    input: count('promptTokenCount', 'prompt_token_count'),
    output: candidates === undefined ? thoughts : candidates + (thoughts ?? 0),
    total: count('totalTokenCount', 'total_token_count'),
    cacheRead: count('cachedContentTokenCount', 'cached_content_token_count'),
  });
}
