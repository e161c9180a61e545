/** Token counts as attributes, the same for every vendor. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined } from '../exchange.ts';

export interface TokenCounts {
  /** All input, cached tokens included. */
  readonly input: number | undefined;
  /** All output, reasoning included. */
  readonly output: number | undefined;
  /** Default: the sum. */
  readonly total?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly reasoning?: number | undefined;
}

/** Nothing when neither side was counted. Zeros of the finer counts are left out: they say nothing. */
export function tokenUsage(counts: TokenCounts): Readonly<Record<string, unknown>> {
  const { input, output, total } = counts;
  if (input === undefined && output === undefined && (total ?? 0) === 0) return {};
  return defined({
    [MLFLOW_KEYS.tokenUsage]: defined({
      input_tokens: input ?? 0,
      // Embeddings have no output; `output_tokens: 0` is what MLflow's readers expect.
      output_tokens: output ?? 0,
      total_tokens: total ?? (input ?? 0) + (output ?? 0),
      cache_read_input_tokens: positive(counts.cacheRead),
      cache_creation_input_tokens: positive(counts.cacheWrite),
    }),
    [OTEL_KEYS.reasoningTokens]: positive(counts.reasoning),
  });
}

function positive(count: number | undefined): number | undefined {
  return count !== undefined && count > 0 ? count : undefined;
}
