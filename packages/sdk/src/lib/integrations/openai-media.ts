/** OpenAI's images, audio and moderations. Files and pictures are told by kind and size: they are not for reading. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange } from '../exchange.ts';
import { isMap, listAt, numberAt, textAt } from './json-shape.ts';
import { usageAttributes } from './openai-usage.ts';

export const images: Exchange = {
  spanType: 'LLM',
  operation: 'generate_content',
  describeRequest: (request) => ({
    inputs: withoutFiles(request),
    attributes: defined({ 'gen_ai.output.type': 'image', 'gen_ai.request.choice.count': numberAt(request, 'n') }),
  }),
  describeResponse: (response) => ({
    outputs: isMap(response) ? { ...response, data: listAt(response, 'data').map(describePicture) } : response,
    attributes: usageAttributes(isMap(response) ? response['usage'] : undefined),
  }),
};

export const speech: Exchange = {
  spanType: 'LLM',
  operation: 'generate_content',
  describeRequest: (request) => ({ inputs: request, attributes: { 'gen_ai.output.type': 'speech' } }),
  // The body is the user's to read.
  describeResponse: (response) => ({
    outputs: response instanceof Response ? { contentType: response.headers.get('content-type') } : undefined,
    attributes: {},
  }),
};

export const transcriptions: Exchange = {
  spanType: 'LLM',
  operation: 'generate_content',
  describeRequest: (request) => ({ inputs: withoutFiles(request), attributes: { 'gen_ai.output.type': 'text' } }),
  describeResponse: (response) => ({
    outputs: response,
    attributes: usageAttributes(isMap(response) ? response['usage'] : undefined),
  }),
};

export const moderations: Exchange = {
  spanType: 'GUARDRAIL',
  operation: 'moderations',
  describeRequest: (request) => ({ inputs: request, attributes: {} }),
  describeResponse: (response) => ({
    outputs: response,
    attributes: defined({
      [MLFLOW_KEYS.model]: textAt(response, 'model'),
      [OTEL_KEYS.responseModel]: textAt(response, 'model'),
      [OTEL_KEYS.responseId]: textAt(response, 'id'),
    }),
  }),
};

const FILE_KEYS: ReadonlySet<string> = new Set(['file', 'image', 'mask']);

function withoutFiles(request: unknown): unknown {
  if (!isMap(request)) return request;
  return Object.fromEntries(
    Object.entries(request).map(([key, value]) => [key, FILE_KEYS.has(key) ? describeFile(value) : value]),
  );
}

function describeFile(file: unknown): unknown {
  if (Array.isArray(file)) return file.map(describeFile);
  return defined({
    type: textAt(file, 'type') ?? 'file',
    name: textAt(file, 'name') ?? textAt(file, 'path'),
    size: numberAt(file, 'size'),
  });
}

function describePicture(picture: unknown): unknown {
  if (!isMap(picture) || typeof picture['b64_json'] !== 'string') return picture;
  const { b64_json: base64, ...rest } = picture;
  return { ...rest, bytes: Math.floor((base64.length * 3) / 4) };
}
