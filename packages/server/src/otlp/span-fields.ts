/** Facts that every convention writes as plain attributes, found in one pass over a span's attributes. */
import type { Attributes, AttributeValue } from '@clew/core';
import { keysOf } from './attribute-keys.ts';
import { identifier } from './payload.ts';

/** Counts are non-negative safe integers; money is in US dollars. */
type CountField = 'inputTokens' | 'outputTokens' | 'totalTokens' | 'cacheRead' | 'cacheWrite';
type MoneyField = 'inputCost' | 'outputCost' | 'totalCost';
type TextField = 'model' | 'provider' | 'sessionId' | 'userId' | 'operation';

export type SpanFields = { readonly [field in CountField | MoneyField]?: number } & {
  readonly [field in TextField]?: string;
};

/** Where each fact stands, the first present one wins. */
const SOURCES = {
  operation: ['gen_ai.operation.name'],
  inputTokens: [
    'llm.token_count.prompt',
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.usage.prompt_tokens',
    'ai.usage.inputTokens',
    'ai.usage.promptTokens',
    'ai.usage.tokens',
    'usage.prompt_tokens',
    'codex.turn.token_usage.input_tokens',
    'gen_ai.aggregated_usage.input_tokens',
  ],
  outputTokens: [
    'llm.token_count.completion',
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.usage.completion_tokens',
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
    'usage.completion_tokens',
    'codex.turn.token_usage.output_tokens',
    'gen_ai.aggregated_usage.output_tokens',
  ],
  totalTokens: [
    'llm.token_count.total',
    'gen_ai.usage.total_tokens',
    'llm.usage.total_tokens',
    'ai.usage.totalTokens',
    'usage.total_tokens',
    'codex.turn.token_usage.total_tokens',
  ],
  cacheRead: [
    'llm.token_count.prompt_details.cache_read',
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.input_cached_tokens',
    'gen_ai.usage.details.cache_read_tokens',
    'gen_ai.usage.prompt_tokens_details.cache_read',
    'ai.usage.cachedInputTokens',
    'ai.usage.inputTokenDetails.cacheReadTokens',
    'llm.usage.cached_tokens',
    'usage.cached_tokens',
    'codex.turn.token_usage.cached_input_tokens',
    'gen_ai.aggregated_usage.cache_read.input_tokens',
  ],
  cacheWrite: [
    'llm.token_count.prompt_details.cache_write',
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
    'ai.usage.inputTokenDetails.cacheWriteTokens',
    'gen_ai.aggregated_usage.cache_creation.input_tokens',
  ],
  inputCost: ['llm.cost.prompt', 'gen_ai.cost.input_cost', 'litellm.cost.input_cost', 'gen_ai.usage.input_cost'],
  outputCost: [
    'llm.cost.completion',
    'gen_ai.cost.output_cost',
    'litellm.cost.output_cost',
    'gen_ai.usage.output_cost',
  ],
  totalCost: [
    'llm.cost.total',
    'gen_ai.cost.total_cost',
    'litellm.cost.total_cost',
    'operation.cost',
    'gen_ai.usage.cost',
  ],
  model: [
    'llm.response.model_name',
    'llm.model_name',
    'llm.request.model_name',
    'embedding.model_name',
    'reranker.model_name',
    'gen_ai.response.model',
    'langfuse.observation.model.name',
    'gen_ai.request.model',
    'ai.response.model',
    'ai.model.id',
    'llm.model',
    'ai.model.name',
  ],
  provider: [
    'llm.provider',
    'llm.system',
    'gen_ai.provider.name',
    'gen_ai.system',
    'ai.model.provider',
    'langsmith.metadata.ls_provider',
  ],
  sessionId: [
    'mlflow.trace.session',
    'session.id',
    'gen_ai.conversation.id',
    'langfuse.session.id',
    'traceloop.association.properties.session_id',
    'traceloop.association.properties.thread_id',
    'traceloop.association.properties.conversation_id',
    'traceloop.association.properties.chat_id',
    'metadata.sessionId',
    'metadata.session_id',
    'ai.telemetry.metadata.sessionId',
    'ai.telemetry.metadata.session_id',
    'ai.settings.context.sessionId',
    'langsmith.metadata.session_id',
    'langsmith.metadata.thread_id',
    'langsmith.metadata.conversation_id',
    'mastra.metadata.sessionId',
    'mastra.metadata.threadId',
    'voltagent.conversation_id',
    'conversation.id',
    'gcp.vertex.agent.session_id',
    'spring.ai.chat.client.conversation.id',
    'lmnr.association.properties.session_id',
  ],
  userId: [
    'mlflow.trace.user',
    'user.id',
    'enduser.id',
    'langfuse.user.id',
    'traceloop.association.properties.user_id',
    'metadata.userId',
    'metadata.user_id',
    'ai.telemetry.metadata.userId',
    'ai.telemetry.metadata.user_id',
    'ai.settings.context.userId',
    'langsmith.metadata.user_id',
    'mastra.metadata.userId',
    'gen_ai.user',
    'llm.user',
    'metadata.user_api_key_end_user_id',
    'lmnr.association.properties.user_id',
  ],
} as const satisfies { readonly [field in CountField | MoneyField | TextField]: readonly string[] };

type Field = keyof typeof SOURCES;

interface Source {
  readonly field: Field;
  readonly rank: number;
  readonly read: (value: AttributeValue) => number | string | undefined;
}

const MONEY: ReadonlySet<string> = new Set<MoneyField>(['inputCost', 'outputCost', 'totalCost']);
const TEXT: ReadonlySet<string> = new Set<TextField>(['model', 'provider', 'sessionId', 'userId', 'operation']);

const BY_KEY = new Map<string, Source>(
  (Object.keys(SOURCES) as Field[]).flatMap((field) =>
    SOURCES[field].map((key, rank): [string, Source] => [key, { field, rank, read: readerOf(field) }]),
  ),
);

export function readSpanFields(attributes: Attributes): SpanFields {
  const found: { [field: string]: number | string } = {};
  const ranks: { [field: string]: number } = {};
  for (const key of keysOf(attributes)) {
    const source = BY_KEY.get(key);
    if (source === undefined || (ranks[source.field] ?? Infinity) < source.rank) continue;
    const value = source.read(attributes[key] ?? null);
    if (value === undefined) continue;
    found[source.field] = value;
    ranks[source.field] = source.rank;
  }
  return found;
}

/**
 * A count of tokens: an integer, a double without fraction, or text holding one.
 *
 * `undefined` for anything else, such as numbers above 2^53 - 1 and text that is no number.
 */
export function toCount(value: AttributeValue | undefined): number | undefined {
  const number = toNumber(value);
  return number !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** US dollars, as a number or text holding one; never negative. */
export function toMoney(value: AttributeValue | undefined): number | undefined {
  const number = toNumber(value);
  return number !== undefined && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** An identifier as text; integers are written out. */
export function toIdentifier(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'bigint' ? value.toString() : identifier(value);
}

function readerOf(field: Field): (value: AttributeValue) => number | string | undefined {
  if (TEXT.has(field)) return toIdentifier;
  return MONEY.has(field) ? toMoney : toCount;
}

function toNumber(value: AttributeValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const text = identifier(value)?.trim();
  return text === undefined || text === '' ? undefined : Number(text);
}
