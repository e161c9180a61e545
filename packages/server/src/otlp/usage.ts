/** Tokens and money of a whole trace: every model call counts once, however many spans report it. */
import { must, type Cost, type TokenUsage } from '@clew/core';
import { childrenFirst } from './children-first.ts';

/** What counting needs of a span. */
export interface UsageSpan {
  readonly spanId: string;
  /** Absent on a root. A parent that is not in the list makes its span a root too. */
  readonly parentSpanId?: string;
  readonly type?: string;
  readonly usage?: TokenUsage;
  readonly cost?: Cost;
  /**
   * `strands`: a container's own count is the sum over the life of its agent, so over other traces as well, and is
   * not used when its children report anything.
   */
  readonly dialect?: string;
}

/**
 * The tokens a trace used.
 *
 * Emitters repeat counts: an agent has the sum of its calls (or only the last one), a wrapper and the client it wraps
 * report the same call. So a container counts what is below it unless its own count is larger (then its children are
 * incomplete), nested model spans count as one call, and what happens inside a tool or a sub-agent is work of its own.
 *
 * @returns `undefined` when no span reports usage.
 */
export function totalUsage(spans: readonly UsageSpan[]): TokenUsage | undefined {
  return total(spans, { of: (span) => span.usage, size: (usage) => usage.totalTokens, add: addUsage });
}

/**
 * What a trace cost, counted as {@link totalUsage} counts tokens.
 *
 * @returns `undefined` when no span reports a cost.
 */
export function totalCost(spans: readonly UsageSpan[]): Cost | undefined {
  return total(spans, { of: (span) => span.cost, size: (cost) => cost.totalCost, add: addCost });
}

interface Measure<T> {
  readonly of: (span: UsageSpan) => T | undefined;
  readonly size: (value: T) => number;
  readonly add: (one: T, other: T) => T;
}

/** What was counted below a span: by model calls, by embedding and reranking, and behind tools and agents. */
interface Below<T> {
  readonly generation: T | undefined;
  readonly vector: T | undefined;
  readonly separate: T | undefined;
}

const GENERATIONS = new Set(['LLM', 'CHAT_MODEL']);
const VECTORS = new Set(['EMBEDDING', 'RERANKER']);
const BOUNDARIES = new Set(['TOOL', 'AGENT']);

function total<T>(spans: readonly UsageSpan[], measure: Measure<T>): T | undefined {
  const measured = spans.flatMap((span, row) => (measure.of(span) === undefined ? [] : [row]));
  if (measured.length === 0) return undefined;
  const { rows, parents } = childrenFirst(spans, measured);
  const below = new Map<number, Below<T>>();
  let sum: T | undefined;
  for (const row of rows) {
    const span = must(spans[row], 'a span');
    const counted = count(span, below.get(row) ?? NOTHING, measure);
    const parentRow = parents[row] ?? -1;
    if (parentRow < 0) {
      sum = addAll(measure, [sum, counted.generation, counted.vector, counted.separate]);
      continue;
    }
    const parent = below.get(parentRow) ?? NOTHING;
    below.set(
      parentRow,
      BOUNDARIES.has(span.type ?? '')
        ? {
            ...parent,
            separate: addAll(measure, [parent.separate, counted.generation, counted.vector, counted.separate]),
          }
        : {
            generation: addAll(measure, [parent.generation, counted.generation]),
            vector: addAll(measure, [parent.vector, counted.vector]),
            separate: addAll(measure, [parent.separate, counted.separate]),
          },
    );
  }
  return sum;
}

const NOTHING: Below<never> = { generation: undefined, vector: undefined, separate: undefined };

function count<T>(span: UsageSpan, below: Below<T>, measure: Measure<T>): Below<T> {
  const own = measure.of(span);
  if (own === undefined) return below;
  if (GENERATIONS.has(span.type ?? '')) return { ...below, generation: larger(own, below.generation, measure) };
  if (VECTORS.has(span.type ?? '')) return { ...below, vector: larger(own, below.vector, measure) };
  const inside = addAll(measure, [below.generation, below.vector, below.separate]);
  if (inside === undefined) return { generation: own, vector: undefined, separate: undefined };
  if (span.dialect === 'strands' || measure.size(inside) >= measure.size(own)) return below;
  return { generation: own, vector: undefined, separate: undefined };
}

/** Ties keep the outer span's count. */
function larger<T>(own: T, below: T | undefined, { size }: Measure<T>): T {
  return below !== undefined && size(below) > size(own) ? below : own;
}

function addAll<T>({ add }: Measure<T>, values: readonly (T | undefined)[]): T | undefined {
  return values.reduce((sum, value) => {
    if (sum === undefined || value === undefined) return sum ?? value;
    return add(sum, value);
  }, undefined);
}

function addUsage(one: TokenUsage, other: TokenUsage): TokenUsage {
  const cacheRead = addOptional(one.cacheReadInputTokens, other.cacheReadInputTokens);
  const cacheCreation = addOptional(one.cacheCreationInputTokens, other.cacheCreationInputTokens);
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    totalTokens: one.totalTokens + other.totalTokens,
    ...(cacheRead === undefined ? {} : { cacheReadInputTokens: cacheRead }),
    ...(cacheCreation === undefined ? {} : { cacheCreationInputTokens: cacheCreation }),
  };
}

function addCost(one: Cost, other: Cost): Cost {
  const input = addOptional(one.inputCost, other.inputCost);
  const output = addOptional(one.outputCost, other.outputCost);
  return {
    ...(input === undefined ? {} : { inputCost: input }),
    ...(output === undefined ? {} : { outputCost: output }),
    totalCost: one.totalCost + other.totalCost,
  };
}

function addOptional(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : one + other;
}
