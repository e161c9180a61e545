/** Reranking, as Cohere began it and Together copied it. Names as the API spells them. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange } from '../exchange.ts';
import { isMap, listAt, mapAt, numberAt, textAt } from './json-shape.ts';
import { tokenUsage } from './token-usage.ts';

export const rerank: Exchange = {
  spanType: 'RERANKER',
  operation: 'rerank',
  describeRequest: (request) => ({
    inputs: request,
    attributes: defined({ 'gen_ai.request.top_k': numberAt(request, 'top_n') }),
  }),
  describeResponse: (response) => {
    const model = textAt(response, 'model');
    const input = numberAt(mapAt(response, 'usage'), 'total_tokens');
    return {
      outputs: isMap(response) ? { results: listAt(response, 'results') } : response,
      attributes: defined({
        [MLFLOW_KEYS.model]: model,
        [OTEL_KEYS.responseModel]: model,
        [OTEL_KEYS.responseId]: textAt(response, 'id'),
        ...(input === undefined ? {} : tokenUsage({ input, output: 0 })),
      }),
    };
  },
};
