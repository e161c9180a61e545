/** Token counts of OpenAI's APIs and of the many that copied them. */
import { mapAt, numberAt } from './json-shape.ts';
import { tokenUsage } from './token-usage.ts';

/**
 * Usage attributes of a response's `usage`: chat names or responses names, input including cached tokens and output
 * including reasoning tokens in both.
 */
export function usageAttributes(usage: unknown): Readonly<Record<string, unknown>> {
  const inputDetails = { ...mapAt(usage, 'prompt_tokens_details'), ...mapAt(usage, 'input_tokens_details') };
  const outputDetails = { ...mapAt(usage, 'completion_tokens_details'), ...mapAt(usage, 'output_tokens_details') };
  return tokenUsage({
    input: numberAt(usage, 'prompt_tokens') ?? numberAt(usage, 'input_tokens'),
    output: numberAt(usage, 'completion_tokens') ?? numberAt(usage, 'output_tokens'),
    total: numberAt(usage, 'total_tokens'),
    cacheRead: numberAt(inputDetails, 'cached_tokens') ?? numberAt(usage, 'prompt_cache_hit_tokens'),
    cacheWrite: numberAt(inputDetails, 'cache_write_tokens'),
    reasoning: numberAt(outputDetails, 'reasoning_tokens'),
  });
}
