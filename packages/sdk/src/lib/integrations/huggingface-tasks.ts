/** Hugging Face's tasks as span fields: chat is OpenAI's, the others are their own. */
import { OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange } from '../exchange.ts';
import { isMap, mapAt, numberAt, textAt } from './json-shape.ts';
import { chatCompletions } from './openai-chat.ts';
import { tokenUsage } from './token-usage.ts';

export const huggingFaceChat: Exchange = chatCompletions;

export const huggingFaceText: Exchange = {
  spanType: 'LLM',
  operation: 'text_completion',
  describeRequest: (request) => {
    const parameters = mapAt(request, 'parameters');
    return {
      inputs: request,
      attributes: defined({
        'gen_ai.request.temperature': numberAt(parameters, 'temperature'),
        'gen_ai.request.top_p': numberAt(parameters, 'top_p'),
        'gen_ai.request.top_k': numberAt(parameters, 'top_k'),
        'gen_ai.request.max_tokens': numberAt(parameters, 'max_new_tokens'),
      }),
    };
  },
  describeResponse: (response) => {
    const details = mapAt(response, 'details');
    const reason = textAt(details, 'finish_reason');
    return {
      outputs: response,
      attributes: defined({
        [OTEL_KEYS.finishReasons]: reason === undefined ? undefined : [reason],
        ...tokenUsage({ input: undefined, output: numberAt(details, 'generated_tokens') }),
      }),
    };
  },
  createAssembler() {
    let text = '';
    let last: unknown;
    return {
      add(item) {
        const token = mapAt(item, 'token');
        const piece = token['special'] === true ? '' : (textAt(token, 'text') ?? '');
        text += piece;
        last = item;
        return piece !== '';
      },
      build: () => ({
        generated_text: textAt(last, 'generated_text') ?? text,
        ...(isMap(last) && isMap(last['details']) ? { details: last['details'] } : {}),
      }),
    };
  },
};

/** Vectors are never kept. */
export const huggingFaceEmbedding: Exchange = {
  spanType: 'EMBEDDING',
  operation: 'embeddings',
  describeRequest: (request) => ({ inputs: request, attributes: {} }),
  describeResponse: (response) => {
    const vectors: readonly unknown[] = Array.isArray(response) ? (response as readonly unknown[]) : [];
    const isMany = Array.isArray(vectors[0]);
    const dimensions = Array.isArray(vectors[0]) ? vectors[0].length : vectors.length;
    return {
      outputs: { count: isMany ? vectors.length : 1, dimensions },
      attributes: { [OTEL_KEYS.embeddingDimensions]: dimensions },
    };
  },
};
