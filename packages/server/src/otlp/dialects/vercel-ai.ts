/** The Vercel AI SDK's own attributes (`ai.*`), versions 4 to 7. Its newer form is plain GenAI. */
import {
  isAttributeList,
  isAttributeMap,
  normaliseFinishReason,
  systemPromptOf,
  textAttribute,
  toChatMessages,
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanMeaning,
  type SpanType,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessages, toConversation, withSystem } from '../messages.ts';
import { decodeList, decodeMap, decodePayload, identifier, presentValue } from '../payload.ts';

export function readVercelAi(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const operation = identifier(attributes['ai.operationId']) ?? '';
  const type = typeOf(operation);
  if (type === 'TOOL') {
    return meaningOf({
      type,
      inputs: decodePayload(attributes['ai.toolCall.args']),
      outputs: decodePayload(attributes['ai.toolCall.result']),
    });
  }
  if (type === 'EMBEDDING') {
    return meaningOf({
      type,
      inputs: decodePayload(attributes['ai.value']) ?? decodeItems(attributes['ai.values']),
      outputs: decodePayload(attributes['ai.embedding']) ?? decodeItems(attributes['ai.embeddings']),
    });
  }
  return meaningOf({ type, inputs: vercelAiInputs(attributes), outputs: outputsOf(attributes, operation) });
}

/** A child has `ai.prompt.messages`, its parent `ai.prompt` with what the user passed. */
export function vercelAiInputs(attributes: Attributes): AttributeValue | undefined {
  const messages = readMessages(attributes['ai.prompt.messages'], 'request');
  if (messages !== undefined) return messages;
  const passed = decodeMap(attributes['ai.prompt']);
  if (passed === undefined) return decodePayload(attributes['ai.prompt']);
  const content = passed['messages'] ?? passed['prompt'] ?? null;
  const conversation = toConversation(content === null ? [] : toChatMessages(content, 'request'));
  return withSystem(conversation, systemPromptOf(passed['system'])) ?? passed;
}

function typeOf(operation: string): SpanType {
  if (operation === 'ai.toolCall') return 'TOOL';
  if (operation.includes('embed')) return 'EMBEDDING';
  return operation.includes('rerank') ? 'RERANKER' : 'LLM';
}

/** A parent lists the calls of earlier steps: beside a final text they are not part of the answer. */
function outputsOf(attributes: Attributes, operation: string): AttributeValue | undefined {
  const text = answerText(attributes);
  const isParent = !operation.includes('.do');
  const listed = decodeList(attributes['ai.response.toolCalls'] ?? attributes['ai.result.toolCalls']);
  const calls = isParent && text !== undefined ? undefined : listed;
  const reasoning = reasoningText(attributes);
  if (text === undefined && calls === undefined && reasoning === undefined) return undefined;
  const finish = identifier(attributes['ai.response.finishReason'] ?? attributes['ai.finishReason']);
  return toConversation(
    toChatMessages(
      {
        role: 'assistant',
        content: text ?? null,
        ...(calls === undefined ? {} : { tool_calls: calls }),
        ...(reasoning === undefined ? {} : { reasoning }),
        ...(finish === undefined ? {} : { finish_reason: normaliseFinishReason(finish) }),
      },
      'response',
    ),
  );
}

function answerText(attributes: Attributes): string | undefined {
  for (const key of ['ai.response.text', 'ai.response.object', 'ai.result.text', 'ai.result.object']) {
    const text = textAttribute(attributes, key);
    if (text !== undefined) return text;
  }
  return undefined;
}

function reasoningText(attributes: Attributes): string | undefined {
  const reasoning = decodePayload(attributes['ai.response.reasoning']);
  if (typeof reasoning === 'string') return reasoning;
  if (!isAttributeList(reasoning)) return undefined;
  const texts = reasoning.flatMap((item) => (isAttributeMap(item) ? (textAttribute(item, 'text') ?? []) : []));
  return texts.length === 0 ? undefined : texts.join('\n');
}

/** Lists whose items are JSON text each. */
function decodeItems(value: AttributeValue | undefined): AttributeValue | undefined {
  const list = presentValue(value);
  return isAttributeList(list) ? list.map((item) => decodePayload(item) ?? item) : list;
}
