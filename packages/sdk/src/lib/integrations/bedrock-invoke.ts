/** Bedrock's InvokeModel as span fields: the bodies are those of the model's family. */
import { OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type SpanFields, type StreamAssembler } from '../exchange.ts';
import { anthropicMessages, createMessageAssembler } from './anthropic-messages.ts';
import { converse } from './bedrock-converse.ts';
import { isMap, listAt, mapAt, numberAt, textAt, type JsonMap } from './json-shape.ts';
import { chatCompletions } from './openai-chat.ts';
import { tokenUsage } from './token-usage.ts';

export const invokeModel: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest: describeInvoke,
  describeResponse: (response) => describeBody(parseBody(isMap(response) ? (response['body'] ?? response) : response)),
  streamIn: (response) => (isMap(response) ? response['body'] : response),
  createAssembler: createInvokeAssembler,
};

/** Vectors are never kept. */
export const invokeEmbedding: Exchange = {
  spanType: 'EMBEDDING',
  operation: 'embeddings',
  describeRequest: describeInvoke,
  describeResponse: (response) => {
    const body = parseBody(isMap(response) ? response['body'] : response);
    const many = listAt(body, 'embeddings');
    const first: unknown = many[0] ?? (isMap(body) ? body['embedding'] : undefined);
    const dimensions = Array.isArray(first) ? first.length : undefined;
    const input = numberAt(body, 'inputTextTokenCount');
    return {
      outputs: { count: Math.max(many.length, 1), dimensions },
      attributes: defined({
        [OTEL_KEYS.embeddingDimensions]: dimensions,
        ...(input === undefined ? {} : tokenUsage({ input, output: 0 })),
      }),
    };
  },
};

function describeInvoke(request: unknown): SpanFields {
  const body = parseBody(isMap(request) ? request['body'] : undefined);
  const inputs = isMap(request) ? { ...request, body } : request;
  const family = familyOf(body);
  return { inputs, attributes: family?.describeRequest(body).attributes ?? {} };
}

/** Which vendor's shape a request or response has, by a field that only it has. */
function familyOf(body: unknown): Exchange | undefined {
  if (!isMap(body)) return undefined;
  if (body['anthropic_version'] !== undefined || body['type'] === 'message') return anthropicMessages;
  if (body['inferenceConfig'] !== undefined || isMap(body['output'])) return converse;
  if (body['messages'] !== undefined || Array.isArray(body['choices'])) return chatCompletions;
  return undefined;
}

function describeBody(body: unknown): SpanFields {
  const family = familyOf(body);
  if (family !== undefined) return family.describeResponse(body);
  const [result] = listAt(body, 'results');
  const reason = textAt(body, 'stop_reason') ?? textAt(result, 'completionReason');
  return {
    outputs: body,
    attributes: defined({
      [OTEL_KEYS.finishReasons]: reason === undefined ? undefined : [reason],
      ...otherUsage(body, result),
    }),
  };
}

/** Llama's, Titan's, and what Bedrock adds to the last piece of a stream of any model. */
function otherUsage(body: unknown, result: unknown): Readonly<Record<string, unknown>> {
  const metrics = mapAt(body, METRICS);
  return tokenUsage({
    input:
      numberAt(body, 'prompt_token_count') ??
      numberAt(body, 'inputTextTokenCount') ??
      numberAt(metrics, 'inputTokenCount'),
    output:
      numberAt(body, 'generation_token_count') ??
      numberAt(result, 'tokenCount') ??
      numberAt(metrics, 'outputTokenCount'),
  });
}

const METRICS = 'amazon-bedrock-invocationMetrics';

/** JSON in bytes or text; the bytes stay the user's. Anything else cannot be read without taking it. */
function parseBody(body: unknown): unknown {
  if (body instanceof Uint8Array) return parseText(new TextDecoder().decode(body));
  return typeof body === 'string' ? parseText(body) : body;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function createInvokeAssembler(): StreamAssembler {
  const anthropic = createMessageAssembler();
  const nova = converse.createAssembler?.();
  let family: 'anthropic' | 'nova' | 'other' = 'other';
  let text = '';
  let last: JsonMap = {};
  return {
    add(item) {
      const piece = parseBody(mapAt(item, 'chunk')['bytes']);
      if (!isMap(piece)) return false;
      if (piece['type'] === 'message_start') family = 'anthropic';
      else if (piece['messageStart'] !== undefined) family = 'nova';
      last = { ...last, ...piece };
      if (family === 'anthropic') return anthropic.add(piece);
      if (family === 'nova') return nova?.add(piece) === true;
      const more = textAt(piece, 'generation') ?? textAt(piece, 'outputText') ?? '';
      text += more;
      return more !== '';
    },
    build() {
      if (family === 'anthropic') return anthropic.build();
      if (family === 'nova') return nova?.build();
      return { ...last, ...('outputText' in last ? { outputText: text } : { generation: text }) };
    },
  };
}
