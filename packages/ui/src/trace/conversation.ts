/**
 * Reads `{messages: […]}` in OpenAI's shape into what the conversation view draws. Trace content is hostile and often
 * half right: whatever does not fit is kept as `other` and shown as JSON, never dropped and never a reason to give up.
 */

import { fromPlain, readChatMessages, type ChatSide } from '@clew/core';

export type MessageRole = 'system' | 'user' | 'assistant' | 'tool' | 'other';

export interface ChatMessage {
  readonly role: MessageRole;
  /** The role as it was written. */
  readonly roleText: string;
  readonly name?: string;
  readonly toolCallId?: string;
  readonly reasoning?: string;
  readonly finishReason?: string;
  readonly parts: readonly ChatPart[];
  readonly toolCalls: readonly ChatToolCall[];
}

export type ChatPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'media'; readonly media: ChatMedia }
  | { readonly kind: 'other'; readonly value: unknown };

export interface ChatMedia {
  /** `image`, `audio`, `file`. */
  readonly what: string;
  /** Mime type, host or file name: what may be shown without loading anything. */
  readonly label: string;
  /** Decoded size of inline data, in bytes. */
  readonly bytes?: number;
  /** An inline picture of a type that is safe to show. */
  readonly dataUrl?: string;
}

export interface ChatToolCall {
  readonly id?: string;
  readonly name: string;
  /** Parsed where it is JSON, the text otherwise. */
  readonly arguments: unknown;
}

/**
 * The conversation in a payload: `{messages: […]}`, or any vendor's request or response body that `@clew/core` reads.
 * `undefined` when there is none.
 */
export function readConversation(value: unknown, side: ChatSide): readonly ChatMessage[] | undefined {
  const list = isRecord(value) ? value['messages'] : undefined;
  if (Array.isArray(list) && list.length > 0 && list.every(isMessage)) return list.map(readMessage);
  return readVendorBody(value, side)?.map((message) => readMessage({ ...message }));
}

/** What stands beside the messages: tools, temperature and whatever else was sent. */
export function readParameters(value: unknown): { readonly [key: string]: unknown } {
  if (!isRecord(value)) return {};
  const isCanonical = value['messages'] !== undefined;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => key !== 'messages' && (isCanonical || !SPOKEN.has(key))),
  );
}

/** Keys of vendors' bodies that hold what was said. */
const SPOKEN: ReadonlySet<string> = new Set(
  'choices contents candidates generations input output message content role system instructions prompt response text'.split(
    ' ',
  ),
);

function readVendorBody(value: unknown, side: ChatSide): ReturnType<typeof readChatMessages> {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return readChatMessages(fromPlain(value), side);
  } catch (error) {
    // It nests deeper than any conversation does.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type JsonRecord = { readonly [key: string]: unknown };

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMessage(value: unknown): value is JsonRecord {
  return isRecord(value) && typeof value['role'] === 'string';
}

function readMessage(message: JsonRecord): ChatMessage {
  const roleText = text(message['role']) ?? '';
  const [name, toolCallId] = [text(message['name']), text(message['tool_call_id'])];
  const [reasoning, finishReason] = [text(message['reasoning']), text(message['finish_reason'])];
  const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'].map(readToolCall) : [];
  return {
    role: readRole(roleText),
    roleText,
    ...(name === undefined ? {} : { name }),
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(finishReason === undefined ? {} : { finishReason }),
    parts: readContent(message['content']),
    toolCalls: calls,
  };
}

function readRole(role: string): MessageRole {
  return role === 'system' || role === 'user' || role === 'assistant' || role === 'tool' ? role : 'other';
}

function readContent(content: unknown): readonly ChatPart[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (Array.isArray(content)) return content.map(readPart);
  return [{ kind: 'other', value: content }];
}

function readPart(part: unknown): ChatPart {
  if (typeof part === 'string') return { kind: 'text', text: part };
  if (!isRecord(part)) return { kind: 'other', value: part };
  const words = text(part['text']);
  if (words !== undefined && (part['type'] === undefined || text(part['type'])?.endsWith('text') === true)) {
    return { kind: 'text', text: words };
  }
  const media = readMedia(part);
  return media === undefined ? { kind: 'other', value: part } : { kind: 'media', media };
}

function readMedia(part: JsonRecord): ChatMedia | undefined {
  if (part['type'] === 'image_url') {
    const image = part['image_url'];
    const url = isRecord(image) ? text(image['url']) : text(image);
    return url === undefined ? undefined : describeUrl('image', url);
  }
  if (part['type'] === 'file' && isRecord(part['file'])) {
    const file = part['file'];
    const data = text(file['file_data']);
    const name = text(file['filename']) ?? text(file['file_id']);
    if (data?.startsWith('data:') === true) {
      const described = describeUrl('file', data);
      return name === undefined ? described : { ...described, label: `${name} · ${described.label}` };
    }
    return { what: 'file', label: name ?? 'without a name' };
  }
  if (part['type'] === 'input_audio') return { what: 'audio', label: 'inline' };
  return undefined;
}

/** Types a browser decodes without running anything; SVG can hold scripts and is not among them. */
const SAFE_PICTURE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]+$/;
/** Larger pictures stay placeholders: decoding them would stall the page. */
const LARGEST_PICTURE_CHARACTERS = 2_000_000;

function describeUrl(what: string, url: string): ChatMedia {
  const inline = /^data:([^;,]*)[^,]*,/.exec(url);
  if (inline === null) return { what, label: hostOf(url) };
  const bytes = Math.floor(((url.length - inline[0].length) * 3) / 4);
  const isSafe = what === 'image' && url.length <= LARGEST_PICTURE_CHARACTERS && SAFE_PICTURE.test(url);
  return { what, label: inline[1] ?? '', bytes, ...(isSafe ? { dataUrl: url } : {}) };
}

function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url.slice(0, 60);
}

function readToolCall(call: unknown): ChatToolCall {
  const record = isRecord(call) ? call : {};
  const target = isRecord(record['function']) ? record['function'] : record;
  const id = text(record['id']);
  return {
    ...(id === undefined ? {} : { id }),
    name: text(target['name']) ?? 'unnamed tool',
    arguments: readArguments(target['arguments']),
  };
}

function readArguments(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? parsed : value;
  } catch {
    // Models write broken JSON; the reader wants to see it as it came.
    return value;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
