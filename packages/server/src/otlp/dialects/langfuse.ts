/** Langfuse: `langfuse.observation.*`, with usage in buckets that exclude one another. */
import type { Attributes, AttributeValue, Cost, Span, SpanMeaning, SpanType, TokenUsage } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { readMessagesOrValue } from '../messages.ts';
import { decodeMap, decodePayload, identifier } from '../payload.ts';
import { toCount, toMoney } from '../span-fields.ts';
import { toCost, toTokenUsage } from '../token-usage.ts';

export function readLangfuse({ attributes }: Span): Partial<SpanMeaning> {
  const type = TYPES.get(identifier(attributes['langfuse.observation.type']) ?? '') ?? 'UNKNOWN';
  const read = type === 'LLM' ? readMessagesOrValue : decodePayload;
  return meaningOf({
    type,
    inputs: read(attributes['langfuse.observation.input'], 'request'),
    outputs: read(attributes['langfuse.observation.output'], 'response'),
    model: identifier(attributes['langfuse.observation.model.name']),
    usage: readBuckets(decodeMap(attributes['langfuse.observation.usage_details'])),
    cost: readCostDetails(decodeMap(attributes['langfuse.observation.cost_details'])),
  });
}

const TYPES = new Map<string, SpanType>([
  ['generation', 'LLM'],
  ['embedding', 'EMBEDDING'],
  ['tool', 'TOOL'],
  ['retriever', 'RETRIEVER'],
  ['agent', 'AGENT'],
  ['chain', 'CHAIN'],
  ['evaluator', 'EVALUATOR'],
  ['guardrail', 'GUARDRAIL'],
]);

/** `input` and each `input_*` add up, unless the total proves that `input` holds them already; output likewise. */
function readBuckets(buckets: Attributes | undefined): TokenUsage | undefined {
  if (buckets === undefined) return undefined;
  const total = toCount(buckets['total']);
  const plainInput = toCount(buckets['input']);
  const plainOutput = toCount(buckets['output']);
  const input = sumOf(buckets, 'input', plainInput);
  const output = sumOf(buckets, 'output', plainOutput);
  const plainTotal = (plainInput ?? 0) + (plainOutput ?? 0);
  const isPlain = total !== undefined && (input ?? 0) + (output ?? 0) !== total && plainTotal === total;
  return toTokenUsage({
    input: isPlain ? plainInput : input,
    output: isPlain ? plainOutput : output,
    total,
    cacheRead: firstCount(buckets, ['input_cached_tokens', 'cache_read_input_tokens', 'input_cache_read']),
    cacheWrite: firstCount(buckets, ['input_cache_creation', 'cache_creation_input_tokens']),
  });
}

function sumOf(buckets: Attributes, side: string, plain: number | undefined): number | undefined {
  let sum = plain;
  for (const key in buckets) {
    const count = key.startsWith(`${side}_`) ? toCount(buckets[key]) : undefined;
    if (count !== undefined) sum = (sum ?? 0) + count;
  }
  return sum;
}

function firstCount(buckets: Attributes, keys: readonly string[]): number | undefined {
  return keys.map((key) => toCount(buckets[key])).find((count: number | undefined) => count !== undefined);
}

function readCostDetails(details: { readonly [key: string]: AttributeValue } | undefined): Cost | undefined {
  if (details === undefined) return undefined;
  return toCost({
    input: toMoney(details['input']),
    output: toMoney(details['output']),
    total: toMoney(details['total']),
  });
}
