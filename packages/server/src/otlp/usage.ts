/** Tokens and money of a whole trace: every model call counts once, however many spans report it. */
import type { Cost, TokenUsage } from '@clew/core';

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
  generation: T | undefined;
  vector: T | undefined;
  separate: T | undefined;
}

const GENERATIONS = new Set(['LLM', 'CHAT_MODEL']);
const VECTORS = new Set(['EMBEDDING', 'RERANKER']);
const BOUNDARIES = new Set(['TOOL', 'AGENT']);

function total<T>(spans: readonly UsageSpan[], measure: Measure<T>): T | undefined {
  if (!spans.some((span) => measure.of(span) !== undefined)) return undefined;
  const { order, parents } = parentsFirst(spans);
  const below = spans.map((): Below<T> => ({ generation: undefined, vector: undefined, separate: undefined }));
  let sum: T | undefined;
  // Backwards: a span comes after everything below it, without recursion.
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const row = order[at] ?? 0;
    const span = spans[row];
    const counts = below[row];
    if (span === undefined || counts === undefined) continue;
    const counted = count(span, counts, measure);
    const parent = below[parents[row] ?? -1];
    if (parent === undefined) {
      sum = addAll(measure, [sum, counted.generation, counted.vector, counted.separate]);
    } else if (BOUNDARIES.has(span.type ?? '')) {
      parent.separate = addAll(measure, [parent.separate, counted.generation, counted.vector, counted.separate]);
    } else {
      parent.generation = addAll(measure, [parent.generation, counted.generation]);
      parent.vector = addAll(measure, [parent.vector, counted.vector]);
      parent.separate = addAll(measure, [parent.separate, counted.separate]);
    }
  }
  return sum;
}

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

/** Row numbers with parents before children, and the row of each one's parent; cycles are cut where they are met. */
function parentsFirst(spans: readonly UsageSpan[]): {
  readonly order: readonly number[];
  readonly parents: Int32Array;
} {
  const rows = new Map(spans.map((span, row) => [span.spanId, row]));
  const parents = new Int32Array(spans.length).fill(-1);
  const children: (number[] | undefined)[] = [];
  const roots: number[] = [];
  for (const [row, span] of spans.entries()) {
    const parent = span.parentSpanId === undefined ? undefined : rows.get(span.parentSpanId);
    if (parent === undefined || parent === row) {
      roots.push(row);
      continue;
    }
    parents[row] = parent;
    const siblings = children[parent];
    if (siblings === undefined) children[parent] = [row];
    else siblings.push(row);
  }
  const order: number[] = [];
  const isSeen = new Uint8Array(spans.length);
  for (const root of roots) walk(root, children, isSeen, order);
  for (let row = 0; row < spans.length; row += 1) {
    if (isSeen[row] === 1) continue;
    parents[row] = -1;
    walk(row, children, isSeen, order);
  }
  return { order, parents };
}

function walk(
  root: number,
  children: readonly (readonly number[] | undefined)[],
  isSeen: Uint8Array,
  order: number[],
): void {
  const stack = [root];
  isSeen[root] = 1;
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    order.push(row);
    for (const child of children[row] ?? []) {
      if (isSeen[child] === 1) continue;
      isSeen[child] = 1;
      stack.push(child);
    }
  }
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
