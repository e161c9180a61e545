/** Monocle: numbered entities for what takes part, and events for what goes in and comes out. */
import {
  isAttributeList,
  isAttributeMap,
  toChatMessages,
  type Attributes,
  type AttributeValue,
  type ChatMessage,
  type ChatSide,
  type Span,
  type SpanMeaning,
  type SpanType,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { toConversation } from '../messages.ts';
import { decodeMap, decodePayload, identifier } from '../payload.ts';
import { toCount } from '../span-fields.ts';
import { toTokenUsage } from '../token-usage.ts';

export function readMonocle(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const type = TYPES.get(identifier(attributes['span.type']) ?? '') ?? 'UNKNOWN';
  const isModel = type === 'CHAT_MODEL';
  const input = decodePayload(eventOf(span, 'data.input')?.['input']);
  const output = decodePayload(eventOf(span, 'data.output')?.['response']);
  const metadata = eventOf(span, 'metadata');
  return meaningOf({
    type,
    inputs: isModel ? (conversation(input, 'request') ?? input) : unwrapOnly(input),
    outputs: isModel ? (conversation(output, 'response') ?? output) : output,
    model: isModel ? entityName(attributes, 'model.') : undefined,
    provider: isModel ? entityKind(attributes, 'inference.') : undefined,
    usage: toTokenUsage({
      input: toCount(metadata?.['prompt_tokens']),
      output: toCount(metadata?.['completion_tokens']),
      total: toCount(metadata?.['total_tokens']),
    }),
    sessionId: identifier(attributes['scope.agentic.session']),
  });
}

/** The client's own call below a framework's (`inference.modelapi`) repeats it without content. */
const TYPES = new Map<string, SpanType>([
  ['workflow', 'WORKFLOW'],
  ['agentic.turn', 'AGENT'],
  ['agentic.invocation', 'AGENT'],
  ['agentic.delegation', 'AGENT'],
  ['agentic.tool.invocation', 'TOOL'],
  ['agentic.mcp.invocation', 'TOOL'],
  ['inference', 'CHAT_MODEL'],
  ['inference.framework', 'CHAT_MODEL'],
  ['retrieval', 'RETRIEVER'],
  ['embedding', 'EMBEDDING'],
]);

function eventOf({ events }: Span, name: string): Attributes | undefined {
  return events.findLast((event) => event.name === name)?.attributes;
}

/** Each message is a map of one key, its role: `{"user": "Hi"}`; a call of a tool stands in place of its text. */
function conversation(value: AttributeValue | undefined, side: ChatSide): AttributeValue | undefined {
  const items = isAttributeList(value) ? value : [value];
  return toConversation(items.flatMap((item) => toMessages(decodeMap(item), side)));
}

function toMessages(item: Attributes | undefined, side: ChatSide): readonly ChatMessage[] {
  if (item === undefined) return [];
  return Object.keys(item).flatMap((role) => {
    const content = decodeMap(item[role]) ?? item[role] ?? null;
    const isCall = isAttributeMap(content) && content['type'] === 'tool_call';
    return toChatMessages(isCall ? { role, tool_calls: [content] } : { role, content }, side);
  });
}

function unwrapOnly(value: AttributeValue | undefined): AttributeValue | undefined {
  return isAttributeList(value) && value.length === 1 ? decodePayload(value[0]) : value;
}

/** Few spans name more than four entities. */
const MAX_ENTITIES = 16;

function entityName(attributes: Attributes, kind: string): string | undefined {
  for (let number = 1; number <= MAX_ENTITIES; number += 1) {
    const type = identifier(attributes[`entity.${number}.type`]);
    if (type?.startsWith(kind) === true) return identifier(attributes[`entity.${number}.name`]);
  }
  return undefined;
}

function entityKind(attributes: Attributes, kind: string): string | undefined {
  for (let number = 1; number <= MAX_ENTITIES; number += 1) {
    const type = identifier(attributes[`entity.${number}.type`]);
    if (type?.startsWith(kind) === true) return type.slice(kind.length);
  }
  return undefined;
}
