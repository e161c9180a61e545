/** Finds the conversation in what went into or came out of a model: request and response bodies of every vendor. */
import { isAttributeList, isAttributeMap, type Attributes, type AttributeValue } from './attributes.ts';
import { langChainClass, systemPromptOf, toChatMessages, type ChatMessage, type ChatSide } from './chat-message.ts';

/** Bodies wrap bodies (`{request: {…}}`) a few times at most. */
const MAX_DEPTH = 4;

/**
 * The messages inside a value, in OpenAI's shape.
 *
 * Understands `{messages}`, lists of messages, a single message, and the request and response bodies of OpenAI (chat,
 * responses), Anthropic, Gemini, Bedrock, Ollama and LangChain.
 *
 * @param side - Decides the role of messages that name none. Default `request`.
 * @returns `undefined` when the value is no conversation.
 */
export function readChatMessages(
  value: AttributeValue | undefined,
  side: ChatSide = 'request',
): readonly ChatMessage[] | undefined {
  const messages = read(value, side, 0);
  return messages === undefined || messages.length === 0 ? undefined : messages;
}

function read(value: AttributeValue | undefined, side: ChatSide, depth: number): readonly ChatMessage[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (isAttributeList(value)) return isConversation(value) ? toChatMessages(value, side) : undefined;
  if (!isAttributeMap(value)) return undefined;
  return readRequest(value) ?? readResponse(value) ?? readWrapped(value, side, depth);
}

function readRequest(body: Attributes): readonly ChatMessage[] | undefined {
  const { messages, contents, input } = body;
  const system = systemPromptOf(body['system'] ?? body['instructions'] ?? geminiInstruction(body));
  if (isAttributeList(messages) && isConversation(messages)) return join(system, toChatMessages(messages, 'request'));
  if (isAttributeList(contents) && isConversation(contents)) return join(system, toChatMessages(contents, 'request'));
  if (isAttributeList(input) && isConversation(input)) return join(system, toChatMessages(input, 'request'));
  if (typeof input === 'string' && typeof body['model'] === 'string') {
    return join(system, [{ role: 'user', content: input }]);
  }
  if (typeof contents === 'string') return join(system, [{ role: 'user', content: contents }]);
  return undefined;
}

function readResponse(body: Attributes): readonly ChatMessage[] | undefined {
  const { choices, output, candidates, generations, content, message } = body;
  if (isAttributeList(choices)) return fromEach(choices, readChoice);
  if (isAttributeList(output) && isConversation(output)) return mergeItems(toChatMessages(output, 'response'));
  if (isAttributeMap(output) && isAttributeMap(output['message'])) {
    return toChatMessages(withFinish(output['message'], body['stopReason']), 'response');
  }
  if (isAttributeList(candidates)) return fromEach(candidates, readCandidate);
  if (isAttributeList(generations)) return fromEach(generations.flat(), readGeneration);
  if (isMessage(body) && (content !== undefined || body['parts'] !== undefined || body['tool_calls'] !== undefined)) {
    return toChatMessages(body, 'response');
  }
  if (isAttributeMap(message) && isMessage(message)) {
    return toChatMessages(withFinish(message, body['done_reason'] ?? body['finishReason']), 'response');
  }
  return undefined;
}

function readWrapped(body: Attributes, side: ChatSide, depth: number): readonly ChatMessage[] | undefined {
  for (const key of ['request', 'response', 'kwargs', 'body']) {
    const found = isAttributeMap(body[key]) ? read(body[key], side, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function readChoice(choice: Attributes): readonly ChatMessage[] {
  const message = choice['message'] ?? choice['delta'];
  const finish = choice['finish_reason'] ?? choice['finishReason'];
  if (isAttributeMap(message)) return toChatMessages(withFinish(message, finish), 'response');
  return typeof choice['text'] === 'string' ? [{ role: 'assistant', content: choice['text'] }] : [];
}

function readCandidate(candidate: Attributes): readonly ChatMessage[] {
  const { content } = candidate;
  if (!isAttributeMap(content)) return [];
  return toChatMessages(withFinish(content, candidate['finishReason']), 'response');
}

function readGeneration(generation: Attributes): readonly ChatMessage[] {
  if (isAttributeMap(generation['message'])) return toChatMessages(generation['message'], 'response');
  return typeof generation['text'] === 'string' ? [{ role: 'assistant', content: generation['text'] }] : [];
}

function fromEach(
  items: readonly AttributeValue[],
  readItem: (item: Attributes) => readonly ChatMessage[],
): readonly ChatMessage[] | undefined {
  const messages = items.flatMap((item) => (isAttributeMap(item) ? readItem(item) : []));
  return messages.length === 0 ? undefined : messages;
}

/** OpenAI's responses list reasoning, calls and text one by one; they are one message of the assistant. */
function mergeItems(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const merged: ChatMessage[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (
      last?.role !== 'assistant' ||
      message.role !== 'assistant' ||
      (last.content !== null && message.content !== null)
    ) {
      merged.push(message);
      continue;
    }
    const calls = [...(last.tool_calls ?? []), ...(message.tool_calls ?? [])];
    const reasoning = [last.reasoning, message.reasoning].filter((text) => text !== undefined).join('\n');
    merged[merged.length - 1] = {
      ...last,
      ...message,
      content: message.content ?? last.content,
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(reasoning === '' ? {} : { reasoning }),
    };
  }
  return merged;
}

function withFinish(message: Attributes, finish: AttributeValue | undefined): Attributes {
  return typeof finish === 'string' && finish !== '' ? { ...message, finish_reason: finish } : message;
}

function join(system: ChatMessage | undefined, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return system === undefined || messages[0]?.role === 'system' ? messages : [system, ...messages];
}

function geminiInstruction(body: Attributes): AttributeValue | undefined {
  const { config } = body;
  const own = body['systemInstruction'] ?? body['system_instruction'];
  if (own !== undefined || !isAttributeMap(config)) return own;
  return config['systemInstruction'] ?? config['system_instruction'];
}

function isConversation(items: readonly AttributeValue[]): boolean {
  const [first] = items;
  if (isAttributeList(first)) return items.length === 1 && isConversation(first);
  return items.length > 0 && items.every((item) => isAttributeMap(item) && isMessage(item));
}

const ITEM_TYPES = new Set([
  'message',
  'function_call',
  'function_call_output',
  'reasoning',
  'human',
  'ai',
  'system',
  'tool',
]);

function isMessage(item: Attributes): boolean {
  const { role, type } = item;
  if (typeof role === 'string') return true;
  if (typeof type === 'string' && ITEM_TYPES.has(type)) return true;
  return langChainClass(item)?.includes('Message') === true;
}
