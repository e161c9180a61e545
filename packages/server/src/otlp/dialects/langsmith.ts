/** LangSmith: a run's inputs and outputs as JSON in `gen_ai.prompt` and `gen_ai.completion`. */
import { isAttributeMap, type AttributeValue, type Span, type SpanMeaning, type SpanType } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessagesOrValue, withFinishReason } from '../messages.ts';
import { decodePayload, identifier } from '../payload.ts';

/** Its `gen_ai.operation.name` is of no use: it says `embeddings` for retrievers. */
export function readLangsmith({ attributes }: Span): Partial<SpanMeaning> {
  const type = TYPES.get(identifier(attributes['langsmith.span.kind']) ?? '') ?? 'UNKNOWN';
  const prompt = attributes['gen_ai.prompt'];
  const completion = unwrapOutputs(attributes['gen_ai.completion']);
  if (type !== 'LLM') return meaningOf({ type, inputs: decodePayload(prompt), outputs: completion });
  const outputs = readMessagesOrValue(completion, 'response');
  return meaningOf({
    type,
    inputs: readMessagesOrValue(prompt, 'request'),
    outputs: withFinishReason(outputs, attributes['gen_ai.response.finish_reasons']),
  });
}

const TYPES = new Map<string, SpanType>([
  ['llm', 'LLM'],
  ['chain', 'CHAIN'],
  ['tool', 'TOOL'],
  ['retriever', 'RETRIEVER'],
  ['embedding', 'EMBEDDING'],
  ['prompt', 'CHAIN'],
  ['parser', 'PARSER'],
]);

/** Values that are no map are sent as `{outputs: value}`. */
function unwrapOutputs(value: AttributeValue | undefined): AttributeValue | undefined {
  const decoded = decodePayload(value);
  if (!isAttributeMap(decoded) || Object.keys(decoded).length !== 1) return decoded;
  return decodePayload(decoded['outputs']) ?? decoded;
}
