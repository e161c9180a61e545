import type { SpanId } from './ids.ts';
import type { UnixNanos } from './time.ts';

/** What a tree and a waterfall need of one span; no payload. */
export interface SkeletonSpan {
  readonly spanId: SpanId;
  readonly parentSpanId?: SpanId;
  readonly name: string;
  readonly type: string;
  readonly status: 'unset' | 'ok' | 'error';
  readonly start: UnixNanos;
  /** Absent while the span runs. */
  readonly end?: UnixNanos;
  readonly model?: string;
  /** Absent when the span reports no usage. */
  readonly totalTokens?: number;
  readonly hasException: boolean;
}

/** Bits of {@link SkeletonColumns.flags}. */
export const SKELETON_FLAGS = {
  /** An `exception` event. */
  exception: 1,
  /** Has not ended. */
  running: 2,
  /** Stands for a parent that never arrived; it has the time range of its children and no payload. */
  missing: 4,
  /** Its parent is its own descendant; it was cut loose and stands as a root. */
  cycle: 8,
} as const;

export const SKELETON_STATUSES = ['unset', 'ok', 'error'] as const;

/**
 * A trace as columns in pre-order: parents before children, siblings by start, ties by end time descending.
 *
 * All arrays but the dictionaries have one entry a row.
 */
export interface SkeletonColumns {
  /** Dictionaries the columns below point into. */
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly models: readonly string[];
  readonly spanId: readonly string[];
  /** Row of the parent; -1 for a root. Always smaller than the row's own number. */
  readonly parent: readonly number[];
  readonly name: readonly number[];
  readonly type: readonly number[];
  /** Index into `models`; -1 when the span names none. */
  readonly model: readonly number[];
  /** Index into {@link SKELETON_STATUSES}. */
  readonly status: readonly number[];
  /** Microseconds since the trace's first span began, with nanoseconds as fractions. */
  readonly start: readonly number[];
  /** Microseconds; -1 while the span runs. */
  readonly duration: readonly number[];
  /** Total tokens the span itself reports; -1 for none. */
  readonly tokens: readonly number[];
  /** Sum of {@link SKELETON_FLAGS}. */
  readonly flags: readonly number[];
}

interface Node {
  readonly span: SkeletonSpan;
  readonly children: Node[];
  flags: number;
}

/**
 * Lays spans out as columns. Takes them in any order, with missing parents, several roots and cycles.
 *
 * Spans whose parent never arrived hang below one synthetic row per missing parent.
 */
export function buildSkeleton(spans: readonly SkeletonSpan[]): SkeletonColumns {
  const roots = linkNodes(spans);
  const origin = spans.reduce<bigint | undefined>(
    (least, span) => (least === undefined || span.start < least ? span.start : least),
    undefined,
  );
  return writeColumns(roots, origin ?? 0n);
}

function linkNodes(spans: readonly SkeletonSpan[]): Node[] {
  const nodes = new Map<string, Node>();
  for (const span of spans) nodes.set(span.spanId, { span, children: [], flags: ownFlags(span) });
  const roots: Node[] = [];
  const missing = new Map<string, Node>();
  for (const node of nodes.values()) {
    const parentId = node.span.parentSpanId;
    if (parentId === undefined) roots.push(node);
    else (nodes.get(parentId) ?? missingParent(missing, parentId, node.span)).children.push(node);
  }
  roots.push(...[...missing.values()].map(spanningChildren));
  cutCycles(nodes, roots);
  roots.sort(inOrder);
  return roots;
}

function ownFlags(span: SkeletonSpan): number {
  return (span.hasException ? SKELETON_FLAGS.exception : 0) | (span.end === undefined ? SKELETON_FLAGS.running : 0);
}

function missingParent(missing: Map<string, Node>, spanId: SpanId, child: SkeletonSpan): Node {
  const known = missing.get(spanId);
  if (known !== undefined) return known;
  const span: SkeletonSpan = {
    spanId,
    name: 'missing parent',
    type: 'UNKNOWN',
    status: 'unset',
    start: child.start,
    hasException: false,
  };
  const node: Node = { span, children: [], flags: SKELETON_FLAGS.missing };
  missing.set(spanId, node);
  return node;
}

function spanningChildren(node: Node): Node {
  let { start } = node.span;
  let end: UnixNanos | undefined;
  for (const { span } of node.children) {
    if (span.start < start) start = span.start;
    if (span.end !== undefined && (end === undefined || span.end > end)) end = span.end;
  }
  return { ...node, span: { ...node.span, start, ...(end === undefined ? {} : { end }) } };
}

/** What no root reaches is a ring; its earliest span becomes a root and loses the edge to its parent. */
function cutCycles(nodes: ReadonlyMap<string, Node>, roots: Node[]): void {
  const reached = new Set<Node>();
  const reach = (from: Node): void => {
    const stack = [from];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (reached.has(node)) continue;
      reached.add(node);
      stack.push(...node.children);
    }
  };
  roots.forEach(reach);
  if (reached.size >= nodes.size) return;
  for (const node of [...nodes.values()].sort(inOrder)) {
    if (reached.has(node)) continue;
    const parent = node.span.parentSpanId === undefined ? undefined : nodes.get(node.span.parentSpanId);
    parent?.children.splice(parent.children.indexOf(node), 1);
    node.flags |= SKELETON_FLAGS.cycle;
    roots.push(node);
    reach(node);
  }
}

function inOrder(a: Node, b: Node): number {
  if (a.span.start !== b.span.start) return a.span.start < b.span.start ? -1 : 1;
  const [endA, endB] = [a.span.end, b.span.end];
  if (endA !== endB) return endA === undefined || (endB !== undefined && endA > endB) ? -1 : 1;
  return a.span.spanId < b.span.spanId ? -1 : 1;
}

function writeColumns(roots: readonly Node[], origin: bigint): SkeletonColumns {
  const names = createDictionary();
  const types = createDictionary();
  const models = createDictionary();
  const columns = {
    spanId: [] as string[],
    parent: [] as number[],
    name: [] as number[],
    type: [] as number[],
    model: [] as number[],
    status: [] as number[],
    start: [] as number[],
    duration: [] as number[],
    tokens: [] as number[],
    flags: [] as number[],
  };
  // A stack, not recursion: a chain of 100,000 spans is a legal trace.
  const stack = roots.map((node) => ({ node, parent: -1 })).reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, parent } = next;
    const { span } = node;
    const row = columns.spanId.length;
    columns.spanId.push(span.spanId);
    columns.parent.push(parent);
    columns.name.push(names.indexOf(span.name));
    columns.type.push(types.indexOf(span.type));
    columns.model.push(span.model === undefined ? -1 : models.indexOf(span.model));
    columns.status.push(SKELETON_STATUSES.indexOf(span.status));
    columns.start.push(toMicros(span.start - origin));
    columns.duration.push(span.end === undefined ? -1 : toMicros(span.end - span.start));
    columns.tokens.push(span.totalTokens ?? -1);
    columns.flags.push(node.flags);
    node.children.sort(inOrder);
    for (let at = node.children.length - 1; at >= 0; at -= 1) {
      const child = node.children[at];
      if (child !== undefined) stack.push({ node: child, parent: row });
    }
  }
  return { names: names.words, types: types.words, models: models.words, ...columns };
}

function toMicros(nanos: bigint): number {
  return Number(nanos) / 1000;
}

interface Dictionary {
  readonly words: string[];
  indexOf(word: string): number;
}

function createDictionary(): Dictionary {
  const words: string[] = [];
  const index = new Map<string, number>();
  return {
    words,
    indexOf(word) {
      const known = index.get(word);
      if (known !== undefined) return known;
      index.set(word, words.length);
      words.push(word);
      return words.length - 1;
    },
  };
}
