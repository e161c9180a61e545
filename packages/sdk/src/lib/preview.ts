/** The short text lists show for a trace's request and response (MLflow contract, section 2.3). */
import type { AttributeValue } from '@clew/core';

const MAX_LENGTH = 1000;
/** Deeper `request` wrappers are not followed. */
const MAX_WRAPPERS = 4;

type Role = 'user' | 'assistant';
type ValueMap = { readonly [key: string]: AttributeValue };

/** The last user message of a chat request, or the JSON text of anything else. */
export function requestPreview(inputs: AttributeValue | undefined): string | undefined {
  return inputs === undefined ? undefined : shorten(chatText(inputs, 'user', 0) ?? toJson(inputs));
}

/** The last assistant message of a chat response, or the JSON text of anything else. */
export function responsePreview(outputs: AttributeValue | undefined): string | undefined {
  return outputs === undefined ? undefined : shorten(chatText(outputs, 'assistant', 0) ?? toJson(outputs));
}

function chatText(value: AttributeValue, role: Role, depth: number): string | undefined {
  if (!isMap(value) || depth > MAX_WRAPPERS) return undefined;
  const choice = isList(value['choices']) ? value['choices'][0] : undefined;
  const lists = [
    value['messages'],
    isMap(choice) ? [choice['message'] ?? null] : undefined,
    value['input'],
    value['output'],
  ];
  for (const list of lists) {
    const text = isList(list) ? lastText(list, role) : undefined;
    if (text !== undefined) return text;
  }
  return value['request'] === undefined ? undefined : chatText(value['request'], role, depth + 1);
}

function lastText(list: readonly AttributeValue[], role: Role): string | undefined {
  const messages = list.filter(isMessage);
  const message = messages.findLast((one) => one['role'] === role) ?? messages.at(-1);
  const text = message === undefined ? undefined : contentText(message['content']);
  return text === '' ? undefined : text;
}

function isMessage(value: AttributeValue): value is ValueMap {
  return isMap(value) && value['role'] !== undefined && value['content'] !== undefined;
}

function contentText(content: AttributeValue | undefined): string | undefined {
  if (typeof content === 'string') return content;
  if (!isList(content)) return undefined;
  for (const part of content) {
    if (typeof part === 'string') return part;
    if (isMap(part) && typeof part['text'] === 'string') return part['text'];
  }
  return undefined;
}

/** Text is cut to 997 characters and `...`, never inside a surrogate pair. */
function shorten(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const end = /[\uD800-\uDBFF]/.test(text[MAX_LENGTH - 4] ?? '') ? MAX_LENGTH - 4 : MAX_LENGTH - 3;
  return `${text.slice(0, end)}...`;
}

function toJson(value: AttributeValue): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item));
}

function isMap(value: AttributeValue | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function isList(value: AttributeValue | undefined): value is readonly AttributeValue[] {
  return Array.isArray(value);
}
