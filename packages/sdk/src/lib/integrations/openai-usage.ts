/** Token counts of OpenAI's APIs and of the many that copied them. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined } from '../exchange.ts';
import { mapAt, numberAt } from './json-shape.ts';

/**
 * Usage attributes of a response's `usage`: chat names or responses names, input including cached tokens and output
 * including reasoning tokens in both.
 */
export function usageAttributes(usage: unknown): Readonly<Record<string, unknown>> {
  const input = numberAt(usage, 'prompt_tokens') ?? numberAt(usage, 'input_tokens');
  const output = numberAt(usage, 'completion_tokens') ?? numberAt(usage, 'output_tokens');
  const total = numberAt(usage, 'total_tokens') ?? (input ?? 0) + (output ?? 0);
  if (input === undefined && output === undefined && total === 0) return {};
  const inputDetails = { ...mapAt(usage, 'prompt_tokens_details'), ...mapAt(usage, 'input_tokens_details') };
  const outputDetails = { ...mapAt(usage, 'completion_tokens_details'), ...mapAt(usage, 'output_tokens_details') };
  const cacheRead = positive(numberAt(inputDetails, 'cached_tokens') ?? numberAt(usage, 'prompt_cache_hit_tokens'));
  const cacheWrite = positive(numberAt(inputDetails, 'cache_write_tokens'));
  return defined({
    [MLFLOW_KEYS.tokenUsage]: defined({
      input_tokens: input ?? 0,
      // Embeddings have no output; `output_tokens: 0` is what MLflow's readers expect.
      output_tokens: output ?? 0,
      total_tokens: total,
      cache_read_input_tokens: cacheRead,
      cache_creation_input_tokens: cacheWrite,
    }),
    [OTEL_KEYS.reasoningTokens]: positive(numberAt(outputDetails, 'reasoning_tokens')),
  });
}

function positive(count: number | undefined): number | undefined {
  return count !== undefined && count > 0 ? count : undefined;
}
