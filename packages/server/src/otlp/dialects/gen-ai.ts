/** OpenTelemetry's GenAI conventions, every generation: attributes, a details event, and one event per message. */
import {
  createAttributes,
  isAttributeList,
  isAttributeMap,
  normaliseFinishReason,
  systemPromptOf,
  toChatMessages,
  type Attributes,
  type AttributeValue,
  type ChatMessage,
  type ChatSide,
  type Span,
  type SpanEvent,
  type SpanMeaning,
  type SpanType,
} from '@clew/core';
import { keysOf } from '../attribute-keys.ts';
import { readMessages, toConversation, withFinishReason, withSystem } from '../messages.ts';
import { decodePayload, identifier } from '../payload.ts';

export function readGenAi(span: Span): Partial<SpanMeaning> {
  const type = operationType(span.attributes) ?? guessedType(span.attributes);
  const content = readGenAiContent(span, type);
  return { ...(type === undefined ? {} : { type }), ...content };
}

/** Inputs and outputs by what the span does: a tool's arguments, a retriever's query, everybody else's messages. */
export function readGenAiContent(span: Span, type: SpanType | undefined): Pick<SpanMeaning, 'inputs' | 'outputs'> {
  const inputs = type === 'TOOL' ? toolInputs(span) : type === 'RETRIEVER' ? retrieval(span, 'query.text') : undefined;
  const outputs = type === 'TOOL' ? toolOutputs(span) : type === 'RETRIEVER' ? retrieval(span, 'documents') : undefined;
  if (type === 'TOOL') return content(inputs, outputs);
  return content(inputs ?? genAiInputs(span), outputs ?? genAiOutputs(span));
}

/** The messages that went in, from the newest generation that has any. */
export function genAiInputs(span: Span): AttributeValue | undefined {
  const { attributes } = span;
  const details = detailsOf(span);
  const system = systemPromptOf(
    decodePayload(attributes['gen_ai.system_instructions'] ?? details['gen_ai.system_instructions']),
  );
  const messages =
    readMessages(attributes['gen_ai.input.messages'], 'request') ??
    readMessages(details['gen_ai.input.messages'], 'request') ??
    eventInputs(span) ??
    promptContent(span, 'prompt', 'request');
  return withSystem(messages, system);
}

/** The messages that came out, with the reason the model stopped. */
export function genAiOutputs(span: Span): AttributeValue | undefined {
  const { attributes } = span;
  const details = detailsOf(span);
  const messages =
    readMessages(attributes['gen_ai.output.messages'], 'response') ??
    readMessages(details['gen_ai.output.messages'], 'response') ??
    eventOutputs(span) ??
    promptContent(span, 'completion', 'response');
  return withFinishReason(messages, attributes['gen_ai.response.finish_reasons']);
}

/** What `gen_ai.operation.name` says, with the words emitters put there beside the specified ones. */
export function operationType(attributes: Attributes): SpanType | undefined {
  const operation = identifier(attributes['gen_ai.operation.name']);
  if (operation === undefined) return undefined;
  return OPERATIONS.get(operation) ?? (/memor/.test(operation) ? 'MEMORY' : undefined);
}

const OPERATIONS = new Map<string, SpanType>([
  ['chat', 'CHAT_MODEL'],
  ['chat.completions', 'CHAT_MODEL'],
  ['acompletion', 'CHAT_MODEL'],
  ['responses', 'CHAT_MODEL'],
  ['aresponses', 'CHAT_MODEL'],
  ['anthropic_messages', 'CHAT_MODEL'],
  ['generate_content', 'LLM'],
  ['text_completion', 'LLM'],
  ['text.completions', 'LLM'],
  ['atext_completion', 'LLM'],
  ['completion', 'LLM'],
  ['response', 'LLM'],
  ['fetch_response', 'LLM'],
  ['image_generation', 'LLM'],
  ['llm_call', 'LLM'],
  ['embeddings', 'EMBEDDING'],
  ['embedding', 'EMBEDDING'],
  ['aembedding', 'EMBEDDING'],
  ['retrieval', 'RETRIEVER'],
  ['rerank', 'RERANKER'],
  ['execute_tool', 'TOOL'],
  ['call_mcp_tool', 'TOOL'],
  ['tool_call', 'TOOL'],
  ['invoke_agent', 'AGENT'],
  ['create_agent', 'AGENT'],
  ['agent_call', 'AGENT'],
  ['invoke_workflow', 'WORKFLOW'],
  ['plan', 'TASK'],
  ['agent_step', 'CHAIN'],
  ['chain', 'CHAIN'],
  ['framework', 'CHAIN'],
  ['guard', 'GUARDRAIL'],
  ['guardrail.run', 'GUARDRAIL'],
  ['execute_guardrail', 'GUARDRAIL'],
]);

/** Spans of older emitters name no operation. */
function guessedType(attributes: Attributes): SpanType | undefined {
  if (attributes['gen_ai.tool.name'] !== undefined) return 'TOOL';
  if (attributes['gen_ai.request.model'] !== undefined) return 'LLM';
  for (const key of keysOf(attributes)) {
    if (key.startsWith('gen_ai.usage.') || key.startsWith('gen_ai.prompt')) return 'LLM';
  }
  return undefined;
}

/**
 * Strands puts arguments in `gen_ai.tool.message` and the result in `gen_ai.choice`; where there is a
 * `gen_ai.tool.input` event, the message is the result. A Gemini CLI tool has its arguments where messages belong.
 */
function toolInputs({ attributes, events }: Span): AttributeValue | undefined {
  return (
    decodePayload(attributes['gen_ai.tool.call.arguments']) ??
    decodePayload((findEvent(events, 'gen_ai.tool.input') ?? findEvent(events, 'gen_ai.tool.message'))?.['content']) ??
    decodePayload(attributes['gen_ai.input.messages'])
  );
}

function toolOutputs({ attributes, events }: Span): AttributeValue | undefined {
  const hasInputEvent = findEvent(events, 'gen_ai.tool.input') !== undefined;
  return (
    decodePayload(attributes['gen_ai.tool.call.result']) ??
    decodePayload(findEvent(events, 'gen_ai.choice')?.['message']) ??
    (hasInputEvent ? decodePayload(findEvent(events, 'gen_ai.tool.message')?.['content']) : undefined) ??
    decodePayload(attributes['gen_ai.output.messages'])
  );
}

function findEvent(events: readonly SpanEvent[], name: string): Attributes | undefined {
  return events.find((event) => event.name === name)?.attributes;
}

function retrieval({ attributes }: Span, field: 'query.text' | 'documents'): AttributeValue | undefined {
  return decodePayload(attributes[`gen_ai.retrieval.${field}`]);
}

/** Several details events on one span are parts of one. */
function detailsOf({ events }: Span): Attributes {
  const details = events.filter((event) => event.name === 'gen_ai.client.inference.operation.details');
  if (details.length <= 1) return details[0]?.attributes ?? NO_DETAILS;
  const merged = createAttributes();
  for (const { attributes } of details) {
    for (const key in attributes) merged[key] = attributes[key] ?? null;
  }
  return merged;
}

const NO_DETAILS: Attributes = createAttributes();

const EVENT_ROLES = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
]);

function eventInputs({ events }: Span): AttributeValue | undefined {
  return toConversation(events.flatMap(({ name, attributes }) => messageEvent(name, attributes)));
}

function eventOutputs({ events }: Span): AttributeValue | undefined {
  return toConversation(events.flatMap(({ name, attributes }) => choiceEvent(name, attributes)));
}

/** One `gen_ai.<role>.message` event; none for events of other names. */
export function messageEvent(name: string, event: Attributes): readonly ChatMessage[] {
  const role = EVENT_ROLES.get(name);
  if (role === undefined) return [];
  return toChatMessages({ ...payloadOf(event), role: identifier(event['role']) ?? role }, 'request');
}

/** One `gen_ai.choice` event: its `message` is an object, a list of blocks, or text. */
export function choiceEvent(name: string, event: Attributes): readonly ChatMessage[] {
  if (name !== 'gen_ai.choice') return [];
  const message = decodePayload(event['message']);
  const finish = identifier(event['finish_reason']);
  const body = isAttributeMap(message)
    ? message
    : { ...payloadOf(event), ...(message === undefined ? {} : { content: message }) };
  return toChatMessages({ ...body, role: 'assistant' }, 'response').map((one) =>
    finish === undefined || one.role !== 'assistant' || one.finish_reason !== undefined
      ? one
      : { ...one, finish_reason: normaliseFinishReason(finish) },
  );
}

/** Semantic Kernel puts the whole message under one attribute. */
function payloadOf(event: Attributes): Attributes {
  const whole = decodePayload(event['gen_ai.event.content']);
  if (isAttributeMap(whole)) return whole;
  const { content: own, tool_calls: calls, id } = event;
  const content = own ?? event['gen_ai.event.content'];
  return {
    ...(content === undefined ? {} : { content: decodeBlocks(content) }),
    ...(calls === undefined ? {} : { tool_calls: calls }),
    ...(id === undefined ? {} : { id }),
  };
}

/** Content that is a list of blocks as JSON; any other text, JSON or not, is what was said. */
function decodeBlocks(content: AttributeValue): AttributeValue {
  if (typeof content !== 'string' || !content.startsWith('[')) return content;
  const decoded = decodePayload(content);
  return isAttributeList(decoded) && decoded.every(isAttributeMap) ? decoded : content;
}

/** The oldest generation: whole prompts and completions, in an event or on the span. */
function promptContent(span: Span, kind: 'prompt' | 'completion', side: ChatSide): AttributeValue | undefined {
  const event = span.events.find(({ name }) => name === `gen_ai.content.${kind}`);
  const value = event?.attributes[`gen_ai.${kind}`] ?? span.attributes[`gen_ai.${kind}`];
  return readMessages(value, side);
}

function content(
  inputs: AttributeValue | undefined,
  outputs: AttributeValue | undefined,
): Pick<SpanMeaning, 'inputs' | 'outputs'> {
  return { ...(inputs === undefined ? {} : { inputs }), ...(outputs === undefined ? {} : { outputs }) };
}
