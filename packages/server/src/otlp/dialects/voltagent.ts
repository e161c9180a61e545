/** VoltAgent: `span.type`, because children inherit `entity.type` from their agent. */
import {
  toChatMessages,
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanMeaning,
  type SpanType,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessages, toConversation } from '../messages.ts';
import { decodePayload, identifier } from '../payload.ts';

export function readVoltagent({ attributes }: Span): Partial<SpanMeaning> {
  const word = identifier(attributes['span.type'] ?? attributes['entity.type']) ?? '';
  const type = TYPES.get(word) ?? 'UNKNOWN';
  const isModel = type === 'LLM' || type === 'AGENT';
  return meaningOf({
    type,
    inputs: (isModel ? messagesOf(attributes) : undefined) ?? decodePayload(attributes['input']),
    outputs: isModel ? answer(attributes['output']) : decodePayload(attributes['output']),
  });
}

const TYPES = new Map<string, SpanType>([
  ['llm', 'LLM'],
  ['tool', 'TOOL'],
  ['memory', 'MEMORY'],
  ['agent', 'AGENT'],
  ['retriever', 'RETRIEVER'],
  ['embedding', 'EMBEDDING'],
  ['guardrail', 'GUARDRAIL'],
  ['workflow', 'WORKFLOW'],
]);

function messagesOf(attributes: Attributes): AttributeValue | undefined {
  return readMessages(attributes['llm.messages'] ?? attributes['agent.messages'], 'request');
}

function answer(value: AttributeValue | undefined): AttributeValue | undefined {
  const decoded = decodePayload(value);
  return typeof decoded === 'string' ? toConversation(toChatMessages(decoded, 'response')) : decoded;
}
