/** The line a trace list shows for what went in and what came out. */
import {
  isAttributeList,
  isAttributeMap,
  writePlainJson,
  type Attributes,
  type AttributeValue,
  type ChatSide,
} from '@clew/core';
import { toWellFormed } from './well-formed.ts';

/** MLflow's limit, in UTF-16 code units; longer text ends in `...` within it. */
const MAX_LENGTH = 1000;
const ELLIPSIS = '...';
/** `{request: {request: …}}` is followed this far. */
const MAX_DEPTH = 8;

/**
 * The last user message of a request, the last assistant message of a response, or the JSON text of a value that is
 * no conversation: a plain string keeps its quotes.
 *
 * @returns At most 1,000 characters; `undefined` for null.
 */
export function previewOf(value: AttributeValue, side: ChatSide): string | undefined {
  if (value === null) return undefined;
  const text = isAttributeMap(value) || isAttributeList(value) ? lastMessageText(value, side, 0) : undefined;
  return toWellFormed(cut(text ?? writeStart(value)));
}

function lastMessageText(value: AttributeValue | undefined, side: ChatSide, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const messages = messagesOf(value);
  if (messages === undefined) {
    return isAttributeMap(value) ? lastMessageText(value['request'], side, depth + 1) : undefined;
  }
  const role = side === 'request' ? 'user' : 'assistant';
  const message = messages.findLast((item) => item['role'] === role) ?? messages.at(-1);
  return message === undefined ? undefined : messageText(message);
}

/** MLflow looks for `messages`, `choices[0].message`, `input` and `output` in this order; a bare list is ours. */
function messagesOf(value: AttributeValue | undefined): readonly Attributes[] | undefined {
  if (isAttributeList(value)) return toMessages(value);
  if (!isAttributeMap(value)) return undefined;
  const { messages, choices, input, output } = value;
  const choice = isAttributeList(choices) ? choices[0] : undefined;
  const answer = isAttributeMap(choice) ? choice['message'] : undefined;
  return (
    toMessages(messages) ??
    toMessages(answer === undefined ? answer : [answer]) ??
    toMessages(input) ??
    toMessages(output)
  );
}

function toMessages(value: AttributeValue | undefined): readonly Attributes[] | undefined {
  if (!isAttributeList(value)) return undefined;
  const messages = value.filter((item): item is Attributes => isAttributeMap(item) && isMessage(item));
  return messages.length === 0 ? undefined : messages;
}

function isMessage(item: Attributes): boolean {
  return item['role'] !== undefined && item['content'] !== undefined;
}

/** `undefined` when the message says nothing, so that the whole value is shown instead. */
function messageText({ content, tool_calls: calls }: Attributes): string | undefined {
  const text = isAttributeList(content) ? content.map(partText).find((part) => part !== undefined) : content;
  if (typeof text === 'string' && text !== '') return text;
  // MLflow shows raw JSON for an answer that only calls tools.
  const called = isAttributeList(calls) ? calls.flatMap(callText) : [];
  return called.length === 0 ? undefined : called.join(', ');
}

function callText(call: AttributeValue): readonly string[] {
  const called = isAttributeMap(call) ? call['function'] : undefined;
  if (!isAttributeMap(called) || typeof called['name'] !== 'string') return [];
  const { name, arguments: given } = called;
  return [`${name}(${typeof given === 'string' ? given : ''})`];
}

function partText(part: AttributeValue): string | undefined {
  if (typeof part === 'string') return part;
  if (!isAttributeMap(part)) return undefined;
  const { type, text } = part;
  return (type === 'text' || type === 'output_text') && typeof text === 'string' ? text : undefined;
}

/** A long string is cut before it is quoted: escaping a megabyte to show a line is waste. */
function writeStart(value: AttributeValue): string {
  const start = typeof value === 'string' && value.length > MAX_LENGTH ? value.slice(0, MAX_LENGTH) : value;
  return writePlainJson(start, 'spaced');
}

function cut(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const end = MAX_LENGTH - ELLIPSIS.length;
  // Not between the two halves of a character outside the basic plane.
  const isHalf = /[\uD800-\uDBFF]/.test(text[end - 1] ?? '');
  return text.slice(0, isHalf ? end - 1 : end) + ELLIPSIS;
}
