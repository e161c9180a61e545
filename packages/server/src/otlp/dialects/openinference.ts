/** OpenInference (Arize): `openinference.span.kind`, indexed messages, `input.value` and `output.value`. */
import {
  isAttributeList,
  isAttributeMap,
  systemPromptOf,
  toChatMessages,
  type Attributes,
  type AttributeValue,
  type ChatSide,
  type Span,
  type SpanMeaning,
  type SpanType,
} from '@clew/core';
import { documentFamily } from '../documents.ts';
import { meaningOf } from '../meaning-of.ts';
import { conversationOf, roleOf, toConversation, withFinishReason, withSystem } from '../messages.ts';
import { decodeJsonPayload, decodeMap, decodePayload, identifier } from '../payload.ts';
import { unflattenList } from '../unflatten.ts';

export function readOpenInference(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const type = typeOf(attributes);
  return meaningOf({ type, inputs: inputsOf(attributes, type), outputs: outputsOf(attributes, type) });
}

/** `input.value` or `output.value`, decoded as its media type says. */
export function readIoValue(attributes: Attributes, side: 'input' | 'output'): AttributeValue | undefined {
  const value = attributes[`${side}.value`];
  const isJson = attributes[`${side}.mime_type`] === 'application/json';
  return isJson ? decodeJsonPayload(value) : decodePayload(value);
}

function typeOf(attributes: Attributes): SpanType | undefined {
  const kind = identifier(attributes['openinference.span.kind'])?.toUpperCase();
  return kind === 'PROMPT' ? 'CHAIN' : kind;
}

function inputsOf(attributes: Attributes, type: SpanType | undefined): AttributeValue | undefined {
  const messages = familyMessages(attributes, 'llm.input_messages', 'request') ?? prompts(attributes);
  if (messages !== undefined) return withHiddenSystem(messages, attributes);
  const raw = readIoValue(attributes, 'input');
  if (raw !== undefined) return raw;
  if (type === 'EMBEDDING') return embeddingField(attributes, 'text');
  if (type === 'RERANKER') return decodePayload(attributes['reranker.query']);
  return type === 'TOOL' ? decodePayload(attributes['tool.parameters']) : undefined;
}

function outputsOf(attributes: Attributes, type: SpanType | undefined): AttributeValue | undefined {
  const messages = familyMessages(attributes, 'llm.output_messages', 'response') ?? choices(attributes);
  if (messages !== undefined) {
    return withFinishReason(messages, attributes['llm.finish_reason'] ?? attributes['gen_ai.response.finish_reasons']);
  }
  const raw = readIoValue(attributes, 'output');
  if (raw !== undefined) return raw;
  if (type === 'EMBEDDING') return embeddingField(attributes, 'vector');
  return type === 'RETRIEVER' || type === 'RERANKER' ? documentFamily(attributes) : undefined;
}

function familyMessages(attributes: Attributes, family: string, side: ChatSide): AttributeValue | undefined {
  const items = unflattenList(attributes, family);
  return items === undefined ? undefined : toConversation(toChatMessages(items.map(toPlainMessage), side));
}

function toPlainMessage(item: AttributeValue): AttributeValue {
  if (!isAttributeMap(item)) return item;
  const { contents, function_call_name: name, function_call_arguments_json: input } = item;
  const content = isAttributeList(contents) ? contents.map(toPlainBlock) : item['content'];
  return {
    ...item,
    ...(content === undefined ? {} : { content }),
    ...(name === undefined ? {} : { function_call: { name, ...(input === undefined ? {} : { arguments: input }) } }),
  };
}

/** Anthropic's calls stand beside their content: `{message_content: {type: "tool_use"}, tool_call: {…}}`. */
function toPlainBlock(block: AttributeValue): AttributeValue {
  if (!isAttributeMap(block)) return block;
  if (isAttributeMap(block['tool_call'])) return { ...block['tool_call'], type: 'tool_use' };
  return isAttributeMap(block['function']) && block['type'] === undefined ? { ...block, type: 'tool_use' } : block;
}

/** The Anthropic instrumentation leaves the system prompt in the raw request only. */
function withHiddenSystem(messages: AttributeValue, attributes: Attributes): AttributeValue | undefined {
  const raw = attributes['input.value'];
  const hasSystem = conversationOf(messages)?.some((message) => roleOf(message) === 'system') === true;
  if (hasSystem || typeof raw !== 'string' || !/"system"\s*:/.test(raw)) return messages;
  return withSystem(messages, systemPromptOf(decodeMap(raw)?.['system']));
}

/** The completions API. */
function prompts(attributes: Attributes): AttributeValue | undefined {
  const items = unflattenList(attributes, 'llm.prompts');
  return items === undefined ? undefined : toConversation(toChatMessages(items.flatMap(textOf), 'request'));
}

function choices(attributes: Attributes): AttributeValue | undefined {
  const items = unflattenList(attributes, 'llm.choices');
  return items === undefined ? undefined : toConversation(toChatMessages(items.flatMap(textOf), 'response'));
}

function textOf(item: AttributeValue): readonly string[] {
  const text = isAttributeMap(item) ? item['text'] : item;
  return typeof text === 'string' ? [text] : [];
}

function embeddingField(attributes: Attributes, field: 'text' | 'vector'): AttributeValue | undefined {
  const items = unflattenList(attributes, 'embedding.embeddings') ?? [];
  const values = items.flatMap((item) => {
    const value = isAttributeMap(item) ? item[field] : undefined;
    return value === undefined ? [] : [value];
  });
  return values.length === 0 ? undefined : values;
}
