/** OpenAI embeddings as span fields. Vectors are never kept: nobody reads them, and they are large. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange } from '../exchange.ts';
import { isMap, listAt, numberAt, textAt } from './json-shape.ts';
import { usageAttributes } from './openai-usage.ts';

export const embeddings: Exchange = {
  spanType: 'EMBEDDING',
  operation: 'embeddings',
  describeRequest: (request) => {
    const format = textAt(request, 'encoding_format');
    return {
      inputs: request,
      attributes: defined({ 'gen_ai.request.encoding_formats': format === undefined ? undefined : [format] }),
    };
  },
  describeResponse: (response) => {
    const data = listAt(response, 'data');
    const dimensions = dimensionsOf(isMap(data[0]) ? data[0]['embedding'] : undefined);
    const model = textAt(response, 'model');
    const usage = isMap(response) ? response['usage'] : undefined;
    return {
      outputs: { model, count: data.length, dimensions, usage },
      attributes: defined({
        [MLFLOW_KEYS.model]: model,
        [OTEL_KEYS.responseModel]: model,
        [OTEL_KEYS.embeddingDimensions]: dimensions,
        ...usageAttributes(usage),
        ...(numberAt(usage, 'total_tokens') === undefined ? {} : inputOnly(usage)),
      }),
    };
  },
};

/** Some compatible servers report a total alone; for embeddings it is all input. */
function inputOnly(usage: unknown): Readonly<Record<string, unknown>> {
  if (numberAt(usage, 'prompt_tokens') !== undefined) return {};
  const total = numberAt(usage, 'total_tokens');
  return { [MLFLOW_KEYS.tokenUsage]: { input_tokens: total, output_tokens: 0, total_tokens: total } };
}

/** A list of numbers, or the same as base64 of 32-bit floats. */
function dimensionsOf(embedding: unknown): number | undefined {
  if (Array.isArray(embedding)) return embedding.length;
  if (ArrayBuffer.isView(embedding)) return embedding.byteLength / 4;
  return typeof embedding === 'string' ? Math.floor((embedding.replace(/=+$/, '').length * 3) / 16) : undefined;
}
