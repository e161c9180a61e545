/** Ollama's own API as span fields. Its answers have no id. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type SpanFields, type StreamAssembler } from '../exchange.ts';
import { isMap, listAt, mapAt, numberAt, textAt } from './json-shape.ts';
import { tokenUsage } from './token-usage.ts';

export const ollamaChat: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest: (request) => describeRequest(request, 'ollama'),
  describeResponse,
  createAssembler: () => createAssembler('message'),
};

export const ollamaGenerate: Exchange = {
  spanType: 'LLM',
  operation: 'text_completion',
  describeRequest: (request) => describeRequest(request, undefined),
  describeResponse,
  createAssembler: () => createAssembler(undefined),
};

/** Vectors are never kept. */
export const ollamaEmbeddings: Exchange = {
  spanType: 'EMBEDDING',
  operation: 'embeddings',
  describeRequest: (request) => ({ inputs: request, attributes: {} }),
  describeResponse: (response) => {
    const many = listAt(response, 'embeddings');
    const one = listAt(response, 'embedding');
    const dimensions = one.length > 0 ? one.length : Array.isArray(many[0]) ? many[0].length : 0;
    const input = numberAt(response, 'prompt_eval_count');
    return {
      outputs: { model: textAt(response, 'model'), count: one.length > 0 ? 1 : many.length, dimensions },
      attributes: defined({
        [MLFLOW_KEYS.model]: textAt(response, 'model'),
        [OTEL_KEYS.embeddingDimensions]: dimensions,
        ...(input === undefined ? {} : tokenUsage({ input, output: 0 })),
      }),
    };
  },
};

function describeRequest(request: unknown, format: string | undefined): SpanFields {
  const options = mapAt(request, 'options');
  const tools = listAt(request, 'tools');
  return {
    inputs: request,
    attributes: defined({
      [MLFLOW_KEYS.messageFormat]: format,
      [MLFLOW_KEYS.chatTools]: tools.length === 0 ? undefined : tools,
      'gen_ai.request.temperature': numberAt(options, 'temperature'),
      'gen_ai.request.top_p': numberAt(options, 'top_p'),
      'gen_ai.request.top_k': numberAt(options, 'top_k'),
      'gen_ai.request.max_tokens': numberAt(options, 'num_predict'),
      'gen_ai.request.seed': numberAt(options, 'seed'),
      'gen_ai.request.stop_sequences': options['stop'],
    }),
  };
}

function describeResponse(response: unknown): SpanFields {
  const model = textAt(response, 'model');
  const reason = textAt(response, 'done_reason');
  const input = numberAt(response, 'prompt_eval_count');
  return {
    outputs: response,
    attributes: defined({
      [MLFLOW_KEYS.model]: model,
      [OTEL_KEYS.responseModel]: model,
      [OTEL_KEYS.finishReasons]: reason === undefined ? undefined : [reason],
      // A prompt that is cached whole is not counted at all.
      ...tokenUsage({ input, output: numberAt(response, 'eval_count') }),
    }),
  };
}

const TEXT_PIECES = ['content', 'thinking', 'response'] as const;

/** @param part - The field that holds the pieces; none when they lie in the chunk itself. */
function createAssembler(part: string | undefined): StreamAssembler {
  let head: { readonly [key: string]: unknown } = {};
  const draft: { [key: string]: unknown } = {};
  return {
    add(chunk) {
      if (!isMap(chunk)) return false;
      const piece = part === undefined ? chunk : mapAt(chunk, part);
      let isReadable = listAt(piece, 'tool_calls').length > 0;
      for (const [key, value] of Object.entries(piece)) {
        const known = draft[key];
        if (Array.isArray(known) && Array.isArray(value) && key === 'tool_calls') draft[key] = [...known, ...value];
        else if (TEXT_PIECES.some((name) => name === key) && typeof value === 'string') {
          draft[key] = (typeof known === 'string' ? known : '') + value;
          if (value !== '') isReadable = true;
        } else draft[key] = value;
      }
      if (part !== undefined) head = { ...head, ...chunk };
      return isReadable;
    },
    build: () => (part === undefined ? draft : { ...head, [part]: draft }),
  };
}
