/** Token usage and cost, which spans and trace headers keep in columns of the same names. */
import type { Cost, TokenUsage } from '@clew/core';
import { readOptionalNumber, type Row } from './cells.ts';
import type { OutgoingRow } from './encode-row.ts';

interface Spending {
  readonly usage?: TokenUsage;
  readonly cost?: Cost;
}

export function toSpendingCells({ usage, cost }: Spending): OutgoingRow {
  return {
    input_tokens: usage?.inputTokens ?? null,
    output_tokens: usage?.outputTokens ?? null,
    total_tokens: usage?.totalTokens ?? null,
    cache_read_tokens: usage?.cacheReadInputTokens ?? null,
    cache_creation_tokens: usage?.cacheCreationInputTokens ?? null,
    input_cost: cost?.inputCost ?? null,
    output_cost: cost?.outputCost ?? null,
    total_cost: cost?.totalCost ?? null,
  };
}

/** To be spread into an object: holds `usage` only if there is one. */
export function readUsage(row: Row): { readonly usage?: TokenUsage } {
  const inputTokens = readOptionalNumber(row, 'input_tokens');
  const outputTokens = readOptionalNumber(row, 'output_tokens');
  const totalTokens = readOptionalNumber(row, 'total_tokens');
  if (inputTokens === undefined || outputTokens === undefined || totalTokens === undefined) return {};
  const read = readOptionalNumber(row, 'cache_read_tokens');
  const created = readOptionalNumber(row, 'cache_creation_tokens');
  return {
    usage: {
      inputTokens,
      outputTokens,
      totalTokens,
      ...(read === undefined ? {} : { cacheReadInputTokens: read }),
      ...(created === undefined ? {} : { cacheCreationInputTokens: created }),
    },
  };
}

/** To be spread into an object: holds `cost` only if there is one. */
export function readCost(row: Row): { readonly cost?: Cost } {
  const totalCost = readOptionalNumber(row, 'total_cost');
  if (totalCost === undefined) return {};
  const inputCost = readOptionalNumber(row, 'input_cost');
  const outputCost = readOptionalNumber(row, 'output_cost');
  return {
    cost: {
      ...(inputCost === undefined ? {} : { inputCost }),
      ...(outputCost === undefined ? {} : { outputCost }),
      totalCost,
    },
  };
}
