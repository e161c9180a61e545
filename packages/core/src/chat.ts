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
  if (isAttributeList(input) && isConversation(input))
    return join(system, mergeItems(toChatMessages(input, 'request')));
  const prompt = promptOf(body);
  return prompt === undefined ? undefined : join(system, prompt);
}

/** Text prompts: of OpenAI's responses and completions, Gemini, Ollama, Bedrock and Cohere. */
function promptOf(body: Attributes): readonly ChatMessage[] | undefined {
  const { contents, input, prompt, message } = body;
  if (typeof contents === 'string') return toChatMessages(contents, 'request');
  // A key called `input` or `prompt` says little by itself; beside a model's settings it is what the model gets.
  if (!MODEL_SETTINGS.some((key) => body[key] !== undefined)) return undefined;
  const history = body['chat_history'];
  if (typeof message === 'string') {
    const before = isAttributeList(history) ? history.map(fromCohere) : [];
    return [...toChatMessages(before, 'request'), ...toChatMessages(message, 'request')];
  }
  for (const text of [input, prompt]) {
    if (typeof text === 'string') return toChatMessages(text, 'request');
    if (isAttributeList(text) && text.length > 0 && text.every((item) => typeof item === 'string')) {
      return toChatMessages(text, 'request');
    }
  }
  return undefined;
}

const MODEL_SETTINGS = ['model', 'max_tokens', 'temperature', 'stream', 'chat_history'];

function fromCohere(item: AttributeValue): AttributeValue {
  return isAttributeMap(item) && typeof item['message'] === 'string' ? { ...item, content: item['message'] } : item;
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
    const finish = body['done_reason'] ?? body['finishReason'] ?? body['finish_reason'];
    return toChatMessages(withFinish(message, finish), 'response');
  }
  return readTextAnswer(body);
}

/** Ollama's `{response, done}`, Cohere's `{text, generation_id}`, Mistral's `{outputs: [{text}]}` on Bedrock. */
function readTextAnswer(body: Attributes): readonly ChatMessage[] | undefined {
  const { response, text, outputs } = body;
  if (typeof response === 'string' && body['done'] !== undefined) return answer(response, body['done_reason']);
  if (typeof text === 'string' && body['generation_id'] !== undefined) return answer(text, body['finish_reason']);
  const [first] = isAttributeList(outputs) ? outputs : [];
  if (!isAttributeMap(first) || typeof first['text'] !== 'string') return undefined;
  return answer(first['text'], first['stop_reason']);
}

function answer(content: string, finish: AttributeValue | undefined): readonly ChatMessage[] {
  return toChatMessages(withFinish({ role: 'assistant', content }, finish), 'response');
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
    if (isEmptyAnswer(message)) continue;
    if (last === undefined || !isContinued(last, message)) {
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

function isContinued(last: ChatMessage, next: ChatMessage): boolean {
  if (last.role !== 'assistant' || next.role !== 'assistant') return false;
  return last.content === null || next.content === null;
}

/** Reasoning that is encrypted. */
function isEmptyAnswer(message: ChatMessage): boolean {
  const { role, content, tool_calls: calls, reasoning } = message;
  return role === 'assistant' && content === null && calls === undefined && reasoning === undefined;
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

/** What OpenAI's responses and LangChain put in a list of messages; built-in tools have `…_call` and `…_output`. */
const ITEM_TYPE = /^(?:message|reasoning|compaction|human|ai|system|tool|mcp_\w+|\w+_(?:call|output))$/;

function isMessage(item: Attributes): boolean {
  const { role, type } = item;
  if (typeof role === 'string') return true;
  if (typeof type === 'string' && ITEM_TYPE.test(type)) return true;
  return langChainClass(item)?.includes('Message') === true;
}
