/** OpenLLMetry (Traceloop): `traceloop.*` around functions, and indexed `gen_ai.prompt.N.*` on older model spans. */
import {
  isAttributeList,
  isAttributeMap,
  toChatMessages,
  type Attributes,
  type AttributeValue,
  type ChatSide,
  type Span,
  type SpanMeaning,
  type SpanType,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { toConversation, withFinishReason } from '../messages.ts';
import { decodePayload, identifier, presentValue } from '../payload.ts';
import { unflattenList } from '../unflatten.ts';
import { genAiInputs, genAiOutputs, operationType } from './gen-ai.ts';

export function readOpenllmetry(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const isEntity = attributes['traceloop.span.kind'] !== undefined;
  return meaningOf({
    type: typeOf(attributes),
    inputs: (isEntity ? entityInput(attributes) : undefined) ?? genAiInputs(span) ?? indexedInputs(attributes),
    outputs: (isEntity ? entityOutput(attributes) : undefined) ?? genAiOutputs(span) ?? indexedOutputs(attributes),
  });
}

export function indexedInputs(attributes: Attributes): AttributeValue | undefined {
  return familyMessages(attributes, ['gen_ai.prompt', 'llm.prompts'], 'request');
}

export function indexedOutputs(attributes: Attributes): AttributeValue | undefined {
  const messages = familyMessages(attributes, ['gen_ai.completion', 'llm.completions'], 'response');
  return withFinishReason(messages, attributes['gen_ai.response.finish_reasons']);
}

const KINDS = new Map<string, SpanType>([
  ['workflow', 'WORKFLOW'],
  ['task', 'TASK'],
  ['agent', 'AGENT'],
  ['tool', 'TOOL'],
]);

const REQUEST_TYPES = new Map<string, SpanType>([
  ['chat', 'CHAT_MODEL'],
  ['acompletion', 'CHAT_MODEL'],
  ['completion', 'LLM'],
  ['embedding', 'EMBEDDING'],
  ['rerank', 'RERANKER'],
]);

function typeOf(attributes: Attributes): SpanType {
  const kind = identifier(attributes['traceloop.span.kind'])?.toLowerCase();
  if (kind !== undefined) return KINDS.get(kind) ?? 'UNKNOWN';
  const request = identifier(attributes['llm.request.type'])?.toLowerCase() ?? '';
  return REQUEST_TYPES.get(request) ?? operationType(attributes) ?? 'LLM';
}

/** `{args, kwargs}` is how a function was called: one positional argument is that value. */
function entityInput(attributes: Attributes): AttributeValue | undefined {
  const decoded = decodePayload(attributes['traceloop.entity.input']);
  if (!isAttributeMap(decoded)) return decoded;
  const { args, kwargs } = decoded;
  const isCall = Object.keys(decoded).every((key) => key === 'args' || key === 'kwargs');
  if (!isCall || !(args === undefined || isAttributeList(args))) return decoded;
  const list = args ?? [];
  const named = presentValue(kwargs);
  if (list.length === 0) return named;
  if (named !== undefined) return decoded;
  return list.length === 1 ? presentValue(list[0]) : list;
}

function entityOutput(attributes: Attributes): AttributeValue | undefined {
  return decodePayload(attributes['traceloop.entity.output']);
}

function familyMessages(
  attributes: Attributes,
  families: readonly string[],
  side: ChatSide,
): AttributeValue | undefined {
  for (const family of families) {
    const items = unflattenList(attributes, family);
    if (items !== undefined) return toConversation(toChatMessages(items.map(withDecodedContent), side));
  }
  return undefined;
}

/** Content may be the text `null`, or Anthropic's blocks as JSON; a tool's answer stays the text it is. */
function withDecodedContent(message: AttributeValue): AttributeValue {
  if (!isAttributeMap(message)) return message;
  const { content, role } = message;
  if (content === 'null') return { ...message, content: null };
  if (typeof content !== 'string' || !content.startsWith('[') || role === 'tool') return message;
  const blocks = decodePayload(content);
  return isAttributeList(blocks) && blocks.every(isBlock) ? { ...message, content: blocks } : message;
}

function isBlock(block: AttributeValue): boolean {
  return isAttributeMap(block) && (typeof block['type'] === 'string' || typeof block['text'] === 'string');
}
