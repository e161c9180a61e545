/** Mozilla's any-agent: GenAI attributes, with answers and arguments under names of its own. */
import {
  isAttributeList,
  isAttributeMap,
  toChatMessages,
  type AttributeValue,
  type Span,
  type SpanMeaning,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessages, toConversation } from '../messages.ts';
import { decodePayload } from '../payload.ts';
import { operationType, readGenAiContent } from './gen-ai.ts';

export function readAnyAgent(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const type = attributes['gen_ai.operation.name'] === 'call_llm' ? 'LLM' : operationType(attributes);
  const standard = readGenAiContent(span, type);
  const output = attributes['gen_ai.output'];
  return meaningOf({
    type,
    inputs: standard.inputs ?? (type === 'TOOL' ? decodePayload(attributes['gen_ai.tool.args']) : undefined),
    outputs: standard.outputs ?? (type === 'LLM' ? readAnswer(output) : decodePayload(output)),
  });
}

/** A model's answer is text, or a list of `{"tool.name", "tool.args"}`. */
function readAnswer(value: AttributeValue | undefined): AttributeValue | undefined {
  const decoded = decodePayload(value);
  if (!isAttributeList(decoded) || !decoded.every(isToolRequest)) return readMessages(value, 'response');
  const calls = decoded.map((call) =>
    isAttributeMap(call) ? { name: call['tool.name'] ?? null, arguments: call['tool.args'] ?? null } : call,
  );
  return toConversation(toChatMessages({ role: 'assistant', tool_calls: calls }, 'response'));
}

function isToolRequest(item: AttributeValue): boolean {
  return isAttributeMap(item) && typeof item['tool.name'] === 'string';
}
