/** Conversations as the inputs and outputs of a span: `{messages: […]}` in OpenAI's shape. */
import {
  isAttributeList,
  isAttributeMap,
  normaliseFinishReason,
  readChatMessages,
  toChatMessages,
  type AttributeValue,
  type ChatMessage,
  type ChatSide,
} from '@clew/core';
import { decodePayload, identifier, isTruncatedJson } from './payload.ts';

/** `undefined` for no messages. */
export function toConversation(messages: readonly ChatMessage[]): AttributeValue | undefined {
  return messages.length === 0 ? undefined : { messages };
}

/**
 * An attribute that holds messages: a list of them, one of them, or a body with messages in it.
 *
 * Plain text is one message. JSON that was cut off, and maps without messages, come back as they are.
 */
export function readMessages(value: AttributeValue | undefined, side: ChatSide): AttributeValue | undefined {
  const decoded = decodePayload(value);
  if (decoded === undefined) return undefined;
  if (typeof decoded === 'string') {
    return isTruncatedJson(decoded) ? decoded : toConversation(toChatMessages(decoded, side));
  }
  if (isAttributeList(decoded)) return toConversation(toChatMessages(decoded, side)) ?? decoded;
  const messages = readChatMessages(decoded, side);
  return messages === undefined ? decoded : toConversation(messages);
}

/** As {@link readMessages}, but plain text and values without messages stay what they are. */
export function readMessagesOrValue(value: AttributeValue | undefined, side: ChatSide): AttributeValue | undefined {
  const decoded = decodePayload(value);
  if (decoded === undefined || typeof decoded === 'string') return decoded;
  const messages = readChatMessages(decoded, side);
  return messages === undefined ? decoded : toConversation(messages);
}

/** The messages of a conversation made here; `undefined` for any other value. */
export function conversationOf(value: AttributeValue | undefined): readonly AttributeValue[] | undefined {
  if (!isAttributeMap(value)) return undefined;
  const { messages } = value;
  return isAttributeList(messages) && Object.keys(value).length === 1 ? messages : undefined;
}

export function roleOf(message: AttributeValue): string | undefined {
  const role = isAttributeMap(message) ? message['role'] : undefined;
  return typeof role === 'string' ? role : undefined;
}

/** Puts a system prompt first, unless the conversation begins with one. */
export function withSystem(
  value: AttributeValue | undefined,
  system: ChatMessage | undefined,
): AttributeValue | undefined {
  if (system === undefined) return value;
  if (value === undefined) return { messages: [system] };
  const messages = conversationOf(value);
  if (messages === undefined || roleOf(messages[0] ?? null) === 'system') return value;
  return { messages: [system, ...messages] };
}

/** Why the model stopped, on the last message of the assistant; what the message itself says wins. */
export function withFinishReason(
  value: AttributeValue | undefined,
  reasons: AttributeValue | undefined,
): AttributeValue | undefined {
  const messages = conversationOf(value);
  const reason = messages === undefined ? undefined : firstReason(reasons);
  if (messages === undefined || reason === undefined) return value;
  const at = messages.findLastIndex((message) => roleOf(message) === 'assistant');
  const last = messages[at];
  if (!isAttributeMap(last) || last['finish_reason'] !== undefined) return value;
  return { messages: messages.with(at, { ...last, finish_reason: normaliseFinishReason(reason) }) };
}

function firstReason(reasons: AttributeValue | undefined): string | undefined {
  const decoded = decodePayload(reasons);
  return identifier(isAttributeList(decoded) ? decoded[0] : decoded);
}
