/** The pieces a message's content is made of, in every vendor's shape, sorted into text, media, calls and results. */
import { isAttributeList, isAttributeMap, textAttribute, type Attributes, type AttributeValue } from './attributes.ts';
import { parseJsonText, toBase64 } from './json-text.ts';
import { writePlainJson } from './plain-json.ts';

/** `{type: "text", text}`, `{type: "image_url", image_url: {url}}`, or the emitter's own object. */
export type ChatPart = { readonly [key: string]: AttributeValue };

export type ChatToolCall = {
  readonly id?: string;
  readonly type: 'function';
  /** `arguments` is text that usually, but not always, holds JSON. */
  readonly function: { readonly name: string; readonly arguments: string };
};

interface ToolResult {
  readonly id?: string;
  readonly name?: string;
  readonly content: string;
}

/** What the blocks of one message add up to. */
export interface SortedBlocks {
  readonly parts: ChatPart[];
  readonly calls: ChatToolCall[];
  readonly results: ToolResult[];
  readonly reasoning: string[];
}

/** Sorts the content of a message: text, one block, or a list of them. */
export function sortBlocks(content: AttributeValue | undefined): SortedBlocks {
  const sorted: SortedBlocks = { parts: [], calls: [], results: [], reasoning: [] };
  if (isAttributeList(content)) for (const block of content) sortBlock(block, sorted);
  else if (content !== undefined && content !== null) sortBlock(content, sorted);
  return sorted;
}

/** A tool call in OpenAI's shape from any vendor's; `undefined` when it names no tool. */
export function toToolCall(call: Attributes): ChatToolCall | undefined {
  const inner = firstMap(call, ['function']) ?? call;
  const name = firstText(inner, ['name', 'toolName', 'tool_name']) ?? firstText(call, ['name']);
  if (name === undefined) return undefined;
  const id = firstText(call, ['call_id', 'id', 'toolCallId', 'tool_call_id', 'toolUseId', 'tool_use_id', 'ref']);
  const input = firstValue(inner, ['arguments', 'args', 'input', 'toolInput', 'parameters']);
  return { ...(id === undefined ? {} : { id }), type: 'function', function: { name, arguments: toArguments(input) } };
}

/** The text a tool answered: lists of text blocks are joined, everything else is compact JSON. */
export function toResultText(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return unwrapResultText(value);
  if (
    isAttributeMap(value) &&
    RESULT_WRAPPERS.has(textAttribute(value, 'type') ?? '') &&
    value['value'] !== undefined
  ) {
    return toResultText(value['value']);
  }
  if (isAttributeList(value) && value.length > 0) {
    const texts = value.map(blockText);
    if (texts.every((text) => text !== undefined)) return texts.join('\n');
  }
  return writePlainJson(value);
}

/** The first of these keys that holds anything but null. */
export function firstValue(map: Attributes, keys: readonly string[]): AttributeValue | undefined {
  for (const key of keys) {
    const value = map[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The first of these keys that holds text that is not empty. */
export function firstText(map: Attributes, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textAttribute(map, key);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** `{type: "json", value: …}` and its siblings, which the Vercel AI SDK puts around a tool's output. */
const RESULT_WRAPPERS = new Set(['json', 'text', 'error-json', 'error-text', 'content']);

function sortBlock(block: AttributeValue, into: SortedBlocks): void {
  if (typeof block === 'string') {
    into.parts.push({ type: 'text', text: block });
    return;
  }
  if (!isAttributeMap(block)) return;
  switch (block['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text':
      sortText(block, into);
      return;
    case 'refusal':
      into.parts.push({ type: 'text', text: firstText(block, ['refusal']) ?? '' });
      return;
    case 'tool_call':
    case 'tool-call':
    case 'tool_use':
    case 'toolUse':
    case 'function_call':
    case 'custom_tool_call':
    case 'function':
      pushCall(block, into);
      return;
    case 'tool_call_response':
    case 'tool-result':
    case 'tool_result':
    case 'toolResult':
    case 'function_call_output':
    case 'custom_tool_call_output':
      pushResult(block, into);
      return;
    case 'reasoning':
    case 'thinking':
      pushReasoning(block, into);
      return;
    default:
      sortMedia(block, into);
  }
}

function sortText(block: Attributes, into: SortedBlocks): void {
  const text = firstValue(block, ['text', 'content']);
  if (typeof text === 'string') into.parts.push({ type: 'text', text });
  else into.parts.push(block);
}

function sortMedia(block: Attributes, into: SortedBlocks): void {
  const url = imageUrl(block);
  if (url !== undefined) into.parts.push({ type: 'image_url', image_url: { url } });
  else if (typeof block['type'] === 'string') into.parts.push(block);
  else sortByKey(block, into);
}

/** Gemini, Bedrock and Genkit name a block by its only key. */
function sortByKey(block: Attributes, into: SortedBlocks): void {
  const call = firstMap(block, ['toolUse', 'functionCall', 'function_call', 'toolRequest']);
  const result = firstMap(block, ['toolResult', 'functionResponse', 'function_response', 'toolResponse']);
  const thought = firstMap(block, ['reasoningContent']);
  if (call !== undefined) pushCall(call, into);
  else if (result !== undefined) pushResult(result, into);
  else if (thought !== undefined) pushReasoning(firstMap(thought, ['reasoningText']) ?? thought, into);
  else if (typeof block['text'] === 'string') {
    if (block['thought'] === true) into.reasoning.push(block['text']);
    else into.parts.push({ type: 'text', text: block['text'] });
  } else if (typeof block['reasoning'] === 'string') into.reasoning.push(block['reasoning']);
  else into.parts.push(block);
}

function pushCall(block: Attributes, into: SortedBlocks): void {
  const call = toToolCall(block);
  if (call !== undefined) into.calls.push(call);
}

function pushResult(block: Attributes, into: SortedBlocks): void {
  const id = firstText(block, ['tool_call_id', 'tool_use_id', 'toolCallId', 'toolUseId', 'call_id', 'id', 'ref']);
  const name = firstText(block, ['name', 'toolName']);
  const content = toResultText(firstValue(block, ['response', 'result', 'output', 'content']));
  into.results.push({ ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }), content });
}

/** Encrypted and redacted thoughts have no text, and leave nothing. */
function pushReasoning(block: Attributes, into: SortedBlocks): void {
  const text = firstText(block, ['thinking', 'content', 'text']);
  if (text !== undefined) into.reasoning.push(text);
  const summary = block['summary'];
  if (!isAttributeList(summary)) return;
  for (const item of summary) {
    const line = blockText(item);
    if (line !== undefined && line !== '') into.reasoning.push(line);
  }
}

function blockText(block: AttributeValue): string | undefined {
  if (typeof block === 'string') return block;
  if (!isAttributeMap(block)) return undefined;
  const { type } = block;
  if (type !== undefined && type !== 'text' && type !== 'output_text' && type !== 'summary_text') return undefined;
  const text = block['text'] ?? (type === undefined ? undefined : block['content']);
  return typeof text === 'string' ? text : undefined;
}

function imageUrl(block: Attributes): string | undefined {
  switch (block['type']) {
    case 'image_url':
    case 'input_image':
      return urlOf(block['image_url']);
    case 'uri':
      return block['modality'] === 'image' ? firstText(block, ['uri']) : undefined;
    case 'blob':
      if (block['modality'] !== 'image') return undefined;
      return dataUrl(firstText(block, ['mime_type']) ?? 'image/png', block['content']);
    case 'image':
      return imageBlockUrl(block);
    case 'file':
      return imageFileUrl(block, firstText(block, ['mediaType', 'mimeType']));
    case undefined:
      return untypedImageUrl(block);
    default:
      return undefined;
  }
}

function imageBlockUrl(block: Attributes): string | undefined {
  const mime = firstText(block, ['mediaType', 'mimeType', 'media_type', 'mime_type']) ?? 'image/png';
  const source = firstValue(block, ['source', 'image', 'url', 'data']);
  if (!isAttributeMap(source)) return typeof source === 'string' && isUrl(source) ? source : dataUrl(mime, source);
  const nested = firstMap(source, ['image']) ?? source;
  const data = firstValue(nested, ['data']);
  if (data !== undefined) return dataUrl(firstText(nested, ['media_type', 'mime_type']) ?? mime, data);
  return urlOf(nested);
}

function imageFileUrl(block: Attributes, mime: string | undefined): string | undefined {
  if (mime?.startsWith('image/') !== true) return undefined;
  const data = firstValue(block, ['data', 'url']);
  return typeof data === 'string' && isUrl(data) ? data : dataUrl(mime, data);
}

function untypedImageUrl(block: Attributes): string | undefined {
  const inline = firstMap(block, ['inlineData', 'inline_data']);
  if (inline !== undefined) {
    const mime = firstText(inline, ['mimeType', 'mime_type']);
    return mime?.startsWith('image/') === true ? dataUrl(mime, inline['data']) : undefined;
  }
  const file = firstMap(block, ['fileData', 'file_data']);
  if (file !== undefined) {
    const isImage = firstText(file, ['mimeType', 'mime_type'])?.startsWith('image/') === true;
    return isImage ? firstText(file, ['fileUri', 'file_uri']) : undefined;
  }
  const media = firstMap(block, ['media']);
  if (media !== undefined) return urlOf(media);
  const image = firstMap(block, ['image']);
  const bytes = image === undefined ? undefined : firstMap(image, ['source'])?.['bytes'];
  return bytes === undefined ? undefined : dataUrl(`image/${firstText(image ?? {}, ['format']) ?? 'png'}`, bytes);
}

function urlOf(value: AttributeValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return isAttributeMap(value) ? firstText(value, ['url', 'uri']) : undefined;
}

function dataUrl(mime: string, data: AttributeValue | undefined): string | undefined {
  if (data instanceof Uint8Array) return `data:${mime};base64,${toBase64(data)}`;
  return typeof data === 'string' && data !== '' ? `data:${mime};base64,${data}` : undefined;
}

function isUrl(text: string): boolean {
  return /^(?:https?|data|gs|s3|file|blob):/.test(text);
}

function toArguments(input: AttributeValue | undefined): string {
  if (input === undefined) return '{}';
  if (typeof input !== 'string') return writePlainJson(input);
  // Encoded twice: OpenInference over the Vercel AI SDK.
  const inner = input.startsWith('"') ? parseJsonText(input) : undefined;
  return typeof inner === 'string' ? inner : input;
}

function unwrapResultText(text: string): string {
  if (!text.startsWith('{"type":')) return text;
  const value = parseJsonText(text);
  if (!isAttributeMap(value) || value['value'] === undefined) return text;
  return RESULT_WRAPPERS.has(textAttribute(value, 'type') ?? '') ? toResultText(value['value']) : text;
}

function firstMap(map: Attributes, keys: readonly string[]): Attributes | undefined {
  for (const key of keys) {
    const value = map[key];
    if (isAttributeMap(value)) return value;
  }
  return undefined;
}
