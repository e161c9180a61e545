/** Pydantic AI, formats 1 to 6 of its instrumentation: GenAI on model spans, its own words on agents and tools. */
import {
  isAttributeMap,
  systemPromptOf,
  textAttribute,
  type Attributes,
  type AttributeValue,
  type ChatMessage,
  type Span,
  type SpanMeaning,
  type SpanType,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { conversationOf, readMessages, roleOf, toConversation, withSystem } from '../messages.ts';
import { decodeList, decodePayload, identifier } from '../payload.ts';
import { choiceEvent, messageEvent, operationType, readGenAiContent } from './gen-ai.ts';

export function readPydanticAi(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const type = typeOf(span);
  if (type === 'AGENT') return readAgent(span);
  const standard = readGenAiContent(span, type);
  if (type === 'TOOL') {
    return meaningOf({
      type,
      inputs: standard.inputs ?? decodePayload(attributes['tool_arguments']),
      outputs: standard.outputs ?? decodePayload(attributes['tool_response']),
    });
  }
  const events = decodeList(attributes['events']) ?? [];
  return meaningOf({
    type,
    inputs: standard.inputs ?? toConversation(events.flatMap((event) => listedEvent(event, messageEvent))),
    outputs: standard.outputs ?? toConversation(events.flatMap((event) => listedEvent(event, choiceEvent))),
  });
}

function typeOf({ attributes, name }: Span): SpanType | undefined {
  const operation = operationType(attributes);
  if (operation !== undefined) return operation;
  if (name === 'agent run') return 'AGENT';
  if (/^running \d+ tools?$/.test(name)) return 'CHAIN';
  return name.startsWith('running tool') ? 'TOOL' : undefined;
}

/** An agent records the whole conversation: what came before its first answer is the input. */
function readAgent(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const all =
    conversationOf(readMessages(attributes['pydantic_ai.all_messages'], 'request')) ??
    (decodeList(attributes['all_messages_events']) ?? []).flatMap((event) => listedEvent(event, messageEvent));
  const answerAt = all.findIndex((message) => roleOf(message) === 'assistant');
  const asked = answerAt === -1 ? all : all.slice(0, answerAt);
  const answer = all.findLast((message) => roleOf(message) === 'assistant');
  const system = systemPromptOf(decodePayload(attributes['gen_ai.system_instructions']));
  const standard = readGenAiContent(span, 'AGENT');
  return meaningOf({
    type: 'AGENT',
    inputs: asked.length === 0 ? standard.inputs : withSystem({ messages: asked }, system),
    outputs:
      decodePayload(attributes['final_result']) ??
      standard.outputs ??
      (answer === undefined ? undefined : { messages: [answer] }),
    model: identifier(attributes['gen_ai.request.model'] ?? attributes['model_name']),
  });
}

/** Format 1 keeps the events of the conventions in a list, each with its name inside. */
function listedEvent(
  event: AttributeValue,
  read: (name: string, attributes: Attributes) => readonly ChatMessage[],
): readonly ChatMessage[] {
  if (!isAttributeMap(event)) return [];
  return read(textAttribute(event, 'event.name') ?? '', event);
}
