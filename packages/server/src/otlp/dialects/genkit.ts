/** Genkit (Google): keys with a colon, content as JSON, usage only inside the model's output. */
import {
  isAttributeMap,
  type Attributes,
  type Span,
  type SpanMeaning,
  type SpanType,
  type TokenUsage,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessagesOrValue } from '../messages.ts';
import { decodeMap, decodePayload, identifier } from '../payload.ts';
import { toCount } from '../span-fields.ts';
import { toTokenUsage } from '../token-usage.ts';

export function readGenkit({ attributes }: Span): Partial<SpanMeaning> {
  const type = typeOf(attributes);
  const input = decodePayload(attributes['genkit:input']);
  const output = decodePayload(attributes['genkit:output']);
  if (type !== 'LLM') return meaningOf({ type, inputs: input, outputs: output });
  const [provider, model] = splitName(identifier(attributes['genkit:name']) ?? '');
  return meaningOf({
    type,
    inputs: readMessagesOrValue(input, 'request'),
    outputs: readMessagesOrValue(output, 'response'),
    model,
    provider,
    usage: readUsage(decodeMap(output)),
  });
}

const TYPES = new Map<string, SpanType>([
  ['model', 'LLM'],
  ['tool', 'TOOL'],
  ['flow', 'WORKFLOW'],
  ['embedder', 'EMBEDDING'],
  ['retriever', 'RETRIEVER'],
  ['reranker', 'RERANKER'],
  ['evaluator', 'EVALUATOR'],
  ['prompt', 'CHAIN'],
]);

function typeOf(attributes: Attributes): SpanType {
  if (attributes['genkit:type'] === 'util') return 'CHAIN';
  return TYPES.get(identifier(attributes['genkit:metadata:subtype']) ?? '') ?? 'UNKNOWN';
}

/** Models are named `provider/model`. */
function splitName(name: string): readonly [string | undefined, string | undefined] {
  const slash = name.indexOf('/');
  if (slash === -1) return [undefined, name === '' ? undefined : name];
  return [name.slice(0, slash), name.slice(slash + 1)];
}

/** Thoughts are counted beside the output when the total proves it. */
function readUsage(output: Attributes | undefined): TokenUsage | undefined {
  const usage = output?.['usage'];
  if (!isAttributeMap(usage)) return undefined;
  const input = toCount(usage['inputTokens']);
  const plain = toCount(usage['outputTokens']);
  const thoughts = toCount(usage['thoughtsTokens']) ?? 0;
  const total = toCount(usage['totalTokens']);
  const isBeside = total !== undefined && total >= (input ?? 0) + (plain ?? 0) + thoughts;
  return toTokenUsage({
    input,
    output: plain === undefined || !isBeside ? plain : plain + thoughts,
    total,
    cacheRead: toCount(usage['cachedContentTokens']),
  });
}
