/** One message of a conversation in OpenAI's shape, read from any vendor's. */
import { isAttributeList, isAttributeMap, type Attributes, type AttributeValue } from './attributes.ts';
import {
  firstText,
  firstValue,
  sortBlocks,
  toResultText,
  toToolCall,
  type ChatPart,
  type ChatToolCall,
  type SortedBlocks,
} from './chat-blocks.ts';
import { parseJsonText } from './json-text.ts';
import { writePlainJson } from './plain-json.ts';

/** Which half of an exchange: it decides the role of a message that names none. */
export type ChatSide = 'request' | 'response';

export type ChatMessage = {
  /** `system`, `user`, `assistant` or `tool`; an emitter's own word when it is none of these. */
  readonly role: string;
  readonly content: string | null | readonly ChatPart[];
  readonly name?: string;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly ChatToolCall[];
  readonly reasoning?: string;
  /** `stop`, `length`, `tool_calls`, `content_filter`, `error`, or the emitter's word in lower case. */
  readonly finish_reason?: string;
};

/**
 * Converts a list of messages, one message, or text.
 *
 * A message that carries tool results becomes several: each result is a message of role `tool`.
 */
export function toChatMessages(value: AttributeValue, side: ChatSide): readonly ChatMessage[] {
  const messages: ChatMessage[] = [];
  for (const item of isAttributeList(value) ? value : [value]) {
    // LangChain sends a list of conversations.
    if (isAttributeList(item)) messages.push(...item.flatMap((inner) => convert(inner, side)));
    else messages.push(...convert(item, side));
  }
  return messages;
}

/** The one word for a finish reason that vendors spell in many ways. */
export function normaliseFinishReason(reason: string): string {
  const word = reason.toLowerCase();
  return FINISH_REASONS.get(word) ?? word;
}

/** The text of a system prompt: text, a list of parts or messages, or a Gemini content; `undefined` when there is none. */
export function systemPromptOf(value: AttributeValue | undefined): ChatMessage | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const parts = isAttributeMap(value) && value['parts'] !== undefined ? value['parts'] : value;
  if (typeof parts === 'string') return { role: 'system', content: parts };
  const items = isAttributeList(parts) ? parts : [parts];
  const blocks = sortBlocks(items.flatMap((item) => messageContent(item)));
  const content = contentOf(blocks);
  return content === null ? undefined : { role: 'system', content };
}

/** `HumanMessage` of `{lc: 1, id: [… "HumanMessage"], kwargs: {content …}}`, as LangChain serialises its objects. */
export function langChainClass(item: Attributes): string | undefined {
  const { kwargs, id } = item;
  const last = isAttributeMap(kwargs) && isAttributeList(id) ? id.at(-1) : undefined;
  return typeof last === 'string' ? last : undefined;
}

const ROLES = new Map([
  ['model', 'assistant'],
  ['ai', 'assistant'],
  ['bot', 'assistant'],
  ['chatbot', 'assistant'],
  ['human', 'user'],
  ['developer', 'system'],
  ['function', 'tool'],
]);

/** LangChain's class names, in its constructor JSON. */
const LANGCHAIN_ROLES = new Map([
  ['SystemMessage', 'system'],
  ['HumanMessage', 'user'],
  ['AIMessage', 'assistant'],
  ['AIMessageChunk', 'assistant'],
  ['ToolMessage', 'tool'],
  ['FunctionMessage', 'tool'],
]);

const LANGCHAIN_TYPES = new Set(['human', 'ai', 'system', 'tool', 'function']);

const FINISH_REASONS = new Map([
  ['end_turn', 'stop'],
  ['endturn', 'stop'],
  ['stop_sequence', 'stop'],
  ['complete', 'stop'],
  ['max_tokens', 'length'],
  ['tool-calls', 'tool_calls'],
  ['tool_call', 'tool_calls'],
  ['tool_use', 'tool_calls'],
  ['tooluse', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['content-filter', 'content_filter'],
  ['safety', 'content_filter'],
  ['refusal', 'content_filter'],
]);

function convert(item: AttributeValue, side: ChatSide): readonly ChatMessage[] {
  if (typeof item === 'string') return [{ role: defaultRole(side), content: item }];
  if (!isAttributeMap(item)) return [];
  const message = unwrapLangChain(item);
  const role = roleOf(message, side);
  const blocks = sortBlocks(contentField(message));
  const calls = toolCallsOf(message, blocks);
  const results = blocks.results.map(({ id, name, content }) => ({
    role: 'tool',
    content,
    ...(id === undefined ? {} : { tool_call_id: id }),
    ...(name === undefined ? {} : { name }),
  }));
  if (role === 'tool') return results.length > 0 ? results : [toolMessage(message, blocks)];
  const own = ownMessage(message, role, blocks, calls);
  const isCarrierOnly = results.length > 0 && own.content === null && calls.length === 0 && own.reasoning === undefined;
  if (isCarrierOnly) return results;
  return role === 'assistant' ? [own, ...results] : [...results, own];
}

function ownMessage(
  message: Attributes,
  role: string,
  blocks: SortedBlocks,
  calls: readonly ChatToolCall[],
): ChatMessage {
  const name = firstText(message, ['name']);
  const reasoning = reasoningOf(message, blocks);
  const finish = firstText(message, ['finish_reason', 'finishReason', 'stop_reason']);
  const content = contentOf(blocks);
  const isEmptyBesideCalls = content === '' && calls.length > 0;
  return {
    role,
    content: isEmptyBesideCalls ? null : (content ?? firstText(message, ['refusal']) ?? null),
    ...(name === undefined || isBlock(message) ? {} : { name }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(finish === undefined ? {} : { finish_reason: normaliseFinishReason(finish) }),
  };
}

function toolMessage(message: Attributes, blocks: SortedBlocks): ChatMessage {
  const id = firstText(message, ['tool_call_id', 'toolCallId', 'id']);
  const name = firstText(message, ['name', 'tool_name']);
  return {
    role: 'tool',
    content: toolContent(message, blocks),
    ...(id === undefined ? {} : { tool_call_id: id }),
    ...(name === undefined ? {} : { name }),
  };
}

function toolContent(message: Attributes, blocks: SortedBlocks): string {
  const texts = blocks.parts.map((part) => (part['type'] === 'text' ? part['text'] : undefined));
  if (texts.every((text) => typeof text === 'string')) return toResultText(texts.join('\n'));
  const content = contentField(message);
  return isAttributeMap(content) ? toResultText(content) : writePlainJson(blocks.parts);
}

/** One text alone is that text; nothing is null. */
function contentOf({ parts }: SortedBlocks): string | null | readonly ChatPart[] {
  const [first] = parts;
  if (first === undefined) return null;
  const text = first['text'];
  return parts.length === 1 && first['type'] === 'text' && typeof text === 'string' ? text : parts;
}

function contentField(message: Attributes): AttributeValue | undefined {
  const parts = firstValue(message, ['parts', 'content', 'contents']);
  if (isAttributeMap(parts) && isAttributeList(parts['parts'])) return parts['parts'];
  if (parts === undefined && isBlock(message)) return [message];
  return isBlock(message) && message['role'] === undefined ? [message] : parts;
}

function messageContent(item: AttributeValue): AttributeValue {
  if (!isAttributeMap(item) || typeof item['role'] !== 'string') return item;
  return contentField(item) ?? [];
}

/** A part that stands where a message belongs: OpenAI's responses list calls and results beside messages. */
function isBlock(item: Attributes): boolean {
  const type = item['type'];
  if (typeof type === 'string') return type !== 'message' && !LANGCHAIN_TYPES.has(type);
  return item['role'] === undefined && item['content'] === undefined && item['parts'] === undefined;
}

function toolCallsOf(message: Attributes, blocks: SortedBlocks): readonly ChatToolCall[] {
  const listed = listOf(firstValue(message, ['tool_calls', 'toolCalls']));
  const calls = listed.flatMap((call) => (isAttributeMap(call) ? (toToolCall(call) ?? []) : []));
  if (calls.length > 0) return calls;
  const legacy = message['function_call'];
  const call = isAttributeMap(legacy) ? toToolCall(legacy) : undefined;
  return call === undefined ? blocks.calls : [call];
}

function reasoningOf(message: Attributes, blocks: SortedBlocks): string | undefined {
  const own = isBlock(message) ? undefined : firstText(message, ['reasoning', 'reasoning_content', 'thinking']);
  const all = own === undefined ? blocks.reasoning : [own, ...blocks.reasoning];
  return all.length === 0 ? undefined : all.join('\n');
}

function roleOf(message: Attributes, side: ChatSide): string {
  const type = firstText(message, ['type']);
  if (type !== undefined && /(?:_call_output|^tool[_-]result)$/.test(type)) return 'tool';
  if (type !== undefined && /^(?:reasoning|compaction|mcp_\w+|\w+_(?:call|output))$/.test(type)) return 'assistant';
  const word = firstText(message, ['role']) ?? (LANGCHAIN_TYPES.has(type ?? '') ? type : undefined);
  if (word === undefined) return defaultRole(side);
  const role = word.toLowerCase();
  return ROLES.get(role) ?? role;
}

function defaultRole(side: ChatSide): string {
  return side === 'request' ? 'user' : 'assistant';
}

function unwrapLangChain(item: Attributes): Attributes {
  const role = LANGCHAIN_ROLES.get(langChainClass(item) ?? '');
  return role === undefined || !isAttributeMap(item['kwargs']) ? item : { ...item['kwargs'], role };
}

function listOf(value: AttributeValue | undefined): readonly AttributeValue[] {
  const list = typeof value === 'string' ? parseJsonText(value) : value;
  return isAttributeList(list) ? list : [];
}
