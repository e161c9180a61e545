/** The tokens and the money one span reports. */
import { isAttributeMap, type Attributes, type Cost, type Span, type TokenUsage } from '@clew/core';
import { decodeMap } from './payload.ts';
import { toCount, toMoney, type SpanFields } from './span-fields.ts';

export interface Counts {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly total?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
}

/** Whether an emitter's input count is known to leave out tokens read from or written to a cache. */
export type CacheCounting = 'exclusive' | 'unknown';

/**
 * Usage in our terms: input includes cached tokens, the total is never less than input + output.
 *
 * @returns `undefined` when nothing was counted.
 */
export function toTokenUsage(counts: Counts, counting: CacheCounting = 'unknown'): TokenUsage | undefined {
  const { input: reported, output = 0, total = 0, cacheRead = 0, cacheWrite = 0 } = counts;
  if (reported === undefined && counts.output === undefined && counts.total === undefined) return undefined;
  // Embeddings report a total only.
  const plain = reported ?? (counts.output === undefined ? total : 0);
  const cached = cacheRead + cacheWrite;
  const isExclusive = cached > 0 && (counting === 'exclusive' || total === plain + output + cached || cached > plain);
  const input = isExclusive ? plain + cached : plain;
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: Math.max(total, input + output),
    ...(cacheRead === 0 ? {} : { cacheReadInputTokens: cacheRead }),
    ...(cacheWrite === 0 ? {} : { cacheCreationInputTokens: cacheWrite }),
  };
}

/** `undefined` when neither a part nor a total is given. */
export function toCost(parts: {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly total: number | undefined;
}): Cost | undefined {
  const { input, output, total } = parts;
  if (input === undefined && output === undefined && total === undefined) return undefined;
  return {
    ...(input === undefined ? {} : { inputCost: input }),
    ...(output === undefined ? {} : { outputCost: output }),
    totalCost: total ?? (input ?? 0) + (output ?? 0),
  };
}

/** `{input_tokens, output_tokens, total_tokens, …}`, as MLflow writes usage. */
export function readUsageMap(map: Attributes | undefined): TokenUsage | undefined {
  if (map === undefined) return undefined;
  return toTokenUsage({
    input: toCount(map['input_tokens']),
    output: toCount(map['output_tokens']),
    total: toCount(map['total_tokens']),
    cacheRead: toCount(map['cache_read_input_tokens']),
    cacheWrite: toCount(map['cache_creation_input_tokens']),
  });
}

/** `{input_cost, output_cost, total_cost}`, as MLflow writes a cost. */
export function readCostMap(map: Attributes | undefined): Cost | undefined {
  if (map === undefined) return undefined;
  return toCost({
    input: toMoney(map['input_cost']),
    output: toMoney(map['output_cost']),
    total: toMoney(map['total_cost']),
  });
}

export function usageFromFields(fields: SpanFields, span: Span): TokenUsage | undefined {
  const { attributes, scope } = span;
  const cached = fields.cacheRead === undefined ? providerMetadataCache(attributes) : undefined;
  const counts = {
    input: fields.inputTokens,
    output: fields.outputTokens,
    total: fields.totalTokens,
    cacheRead: fields.cacheRead ?? cached?.cacheRead,
    cacheWrite: fields.cacheWrite ?? cached?.cacheWrite,
  };
  const usage = toTokenUsage(counts, scope.name === '@traceloop/instrumentation-anthropic' ? 'exclusive' : 'unknown');
  return usage ?? langsmithUsage(attributes);
}

export function costFromFields(fields: SpanFields): Cost | undefined {
  return toCost({ input: fields.inputCost, output: fields.outputCost, total: fields.totalCost });
}

/** AI SDK 4 and 5 tell of the cache only in what the provider said. */
function providerMetadataCache(attributes: Attributes): Pick<Counts, 'cacheRead' | 'cacheWrite'> | undefined {
  if (attributes['ai.response.providerMetadata'] === undefined) return undefined;
  const metadata = decodeMap(attributes['ai.response.providerMetadata']);
  const openai = metadata?.['openai'];
  const anthropic = metadata?.['anthropic'];
  return {
    cacheRead:
      (isAttributeMap(openai) ? toCount(openai['cachedPromptTokens']) : undefined) ??
      (isAttributeMap(anthropic) ? toCount(anthropic['cacheReadInputTokens']) : undefined),
    cacheWrite: isAttributeMap(anthropic) ? toCount(anthropic['cacheCreationInputTokens']) : undefined,
  };
}

function langsmithUsage(attributes: Attributes): TokenUsage | undefined {
  const metadata = decodeMap(attributes['langsmith.usage_metadata']);
  if (metadata === undefined) return undefined;
  const details = metadata['input_token_details'];
  return toTokenUsage({
    input: toCount(metadata['input_tokens']),
    output: toCount(metadata['output_tokens']),
    total: toCount(metadata['total_tokens']),
    cacheRead: isAttributeMap(details) ? toCount(details['cache_read']) : undefined,
    cacheWrite: isAttributeMap(details) ? toCount(details['cache_creation']) : undefined,
  });
}
