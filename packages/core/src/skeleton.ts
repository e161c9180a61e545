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

/**
 * The spans of a trace as columns, as a column store answers them; all but `origin` have one entry a span.
 *
 * Spans come in the order of siblings: by start, then by end descending with running spans first, then by id.
 */
export interface SkeletonSource {
  /** Start of the first span; 0 without spans. */
  readonly origin: UnixNanos;
  readonly spanId: readonly string[];
  /** Null on a root. */
  readonly parentSpanId: readonly (string | null)[];
  readonly name: readonly string[];
  readonly type: readonly string[];
  /** One of {@link SKELETON_STATUSES}. */
  readonly status: readonly string[];
  readonly model: readonly (string | null)[];
  /** Nanoseconds since `origin`; exact for traces of up to 104 days. */
  readonly start: readonly number[];
  /** Nanoseconds; null while the span runs. */
  readonly duration: readonly (number | null)[];
  readonly tokens: readonly (number | null)[];
  readonly hasException: readonly boolean[];
}

/** Bits of {@link SkeletonColumns.flags}. */
export const SKELETON_FLAGS = {
  /** An `exception` event. */
  exception: 1,
  /** Has not ended; on a row that stands for a missing parent: none of its children has. */
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

/** As {@link layOutSkeleton}, of spans in any order. */
export function buildSkeleton(spans: readonly SkeletonSpan[]): SkeletonColumns {
  return layOutSkeleton(toSkeletonSource(spans));
}

/** Sorts spans and turns them into columns. */
export function toSkeletonSource(spans: readonly SkeletonSpan[]): SkeletonSource {
  const sorted = [...spans].sort(inOrder);
  const origin = sorted[0]?.start ?? (0n as UnixNanos);
  return {
    origin,
    spanId: sorted.map((span) => span.spanId),
    parentSpanId: sorted.map((span) => span.parentSpanId ?? null),
    name: sorted.map((span) => span.name),
    type: sorted.map((span) => span.type),
    status: sorted.map((span) => span.status),
    model: sorted.map((span) => span.model ?? null),
    start: sorted.map((span) => Number(span.start - origin)),
    duration: sorted.map((span) => (span.end === undefined ? null : Number(span.end - span.start))),
    tokens: sorted.map((span) => span.totalTokens ?? null),
    hasException: sorted.map((span) => span.hasException),
  };
}

function inOrder(a: SkeletonSpan, b: SkeletonSpan): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  if (a.end !== b.end) return a.end === undefined || (b.end !== undefined && a.end > b.end) ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
}

/**
 * Lays a trace out in pre-order, with missing parents, several roots and cycles.
 *
 * Spans whose parent never arrived hang below one synthetic row per missing parent.
 */
export function layOutSkeleton(source: SkeletonSource): SkeletonColumns {
  const tree = linkSpans(source);
  cutCycles(tree, source);
  const roots = tree.roots.sort((a, b) => compareNodes(source, tree, a, b));
  return writeColumns(source, tree, roots);
}

/** A span has its number in the source as node; synthetic parents follow behind. */
interface Tree {
  /** -1 ends each list. Siblings are in order, because the source is. */
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly parent: Int32Array;
  readonly isCut: Set<number>;
  readonly missing: readonly MissingParent[];
  readonly roots: number[];
}

interface MissingParent {
  readonly spanId: string;
  readonly start: number;
  /** Null while no child has ended. */
  end: number | null;
}

function linkSpans(source: SkeletonSource): Tree {
  const size = source.spanId.length;
  const nodes = new Map<string, number>();
  for (let node = 0; node < size; node += 1) nodes.set(source.spanId[node] ?? '', node);
  // Each span may name a parent of its own that never arrived.
  const firstChild = new Int32Array(size * 2).fill(-1);
  const lastChild = new Int32Array(size * 2).fill(-1);
  const nextSibling = new Int32Array(size * 2).fill(-1);
  const parent = new Int32Array(size * 2).fill(-1);
  const missing: MissingParent[] = [];
  const roots: number[] = [];
  for (let node = 0; node < size; node += 1) {
    const parentId = source.parentSpanId[node] ?? null;
    if (parentId === null) {
      roots.push(node);
      continue;
    }
    let above = nodes.get(parentId);
    if (above === undefined) {
      above = size + missing.length;
      nodes.set(parentId, above);
      missing.push({ spanId: parentId, start: startOf(source, node), end: endOf(source, node) });
      roots.push(above);
    } else if (above >= size) {
      const one = missing[above - size];
      const end = endOf(source, node);
      if (one !== undefined && end !== null && (one.end === null || end > one.end)) one.end = end;
    }
    const before = lastChild[above] ?? -1;
    if (before < 0) firstChild[above] = node;
    else nextSibling[before] = node;
    lastChild[above] = node;
    parent[node] = above;
  }
  return { firstChild, nextSibling, parent, isCut: new Set(), missing, roots };
}

/** What no root reaches is a ring; its earliest span becomes a root and loses the edge to its parent. */
function cutCycles(tree: Tree, source: SkeletonSource): void {
  const size = source.spanId.length;
  const all = walk(tree, tree.roots);
  if (all.length === size + tree.missing.length) return;
  const reached = new Set(all);
  for (let node = 0; node < size; node += 1) {
    if (reached.has(node)) continue;
    cutLoose(tree, node);
    tree.roots.push(node);
    for (const below of walk(tree, [node])) reached.add(below);
  }
}

function cutLoose({ firstChild, nextSibling, parent, isCut }: Tree, node: number): void {
  const above = parent[node] ?? -1;
  const after = nextSibling[node] ?? -1;
  if (firstChild[above] === node) firstChild[above] = after;
  else {
    let before = firstChild[above] ?? -1;
    while (before >= 0 && nextSibling[before] !== node) before = nextSibling[before] ?? -1;
    nextSibling[before] = after;
  }
  nextSibling[node] = -1;
  parent[node] = -1;
  isCut.add(node);
}

/** Nodes in pre-order. A stack, not recursion: a chain of 100,000 spans is a legal trace. */
function walk({ firstChild, nextSibling }: Tree, roots: readonly number[]): number[] {
  const order: number[] = [];
  const stack: number[] = [];
  for (const root of roots) {
    order.push(root);
    stack.push(firstChild[root] ?? -1);
    while (stack.length > 0) {
      const node = stack.pop() ?? -1;
      if (node < 0) continue;
      order.push(node);
      stack.push(nextSibling[node] ?? -1, firstChild[node] ?? -1);
    }
  }
  return order;
}

function startOf(source: SkeletonSource, node: number): number {
  return source.start[node] ?? 0;
}

function endOf(source: SkeletonSource, node: number): number | null {
  const duration = source.duration[node] ?? null;
  return duration === null ? null : startOf(source, node) + duration;
}

function compareNodes(source: SkeletonSource, { missing }: Tree, a: number, b: number): number {
  const size = source.spanId.length;
  const placeOf = (node: number): MissingParent =>
    missing[node - size] ?? {
      spanId: source.spanId[node] ?? '',
      start: startOf(source, node),
      end: endOf(source, node),
    };
  const [one, other] = [placeOf(a), placeOf(b)];
  if (one.start !== other.start) return one.start - other.start;
  if (one.end !== other.end) return one.end === null || (other.end !== null && one.end > other.end) ? -1 : 1;
  return one.spanId < other.spanId ? -1 : 1;
}

function writeColumns(source: SkeletonSource, tree: Tree, roots: readonly number[]): SkeletonColumns {
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
  const size = source.spanId.length;
  const rowOf = new Int32Array(size * 2).fill(-1);
  let row = 0;
  for (const node of walk(tree, roots)) {
    const missing = tree.missing[node - size];
    const duration = missing === undefined ? (source.duration[node] ?? null) : lengthOf(missing);
    const model = source.model[node] ?? null;
    const above = tree.parent[node] ?? -1;
    rowOf[node] = row;
    row += 1;
    columns.spanId.push(missing?.spanId ?? source.spanId[node] ?? '');
    columns.parent.push(above < 0 ? -1 : (rowOf[above] ?? -1));
    columns.name.push(names.indexOf(missing === undefined ? (source.name[node] ?? '') : 'missing parent'));
    columns.type.push(types.indexOf(source.type[node] ?? 'UNKNOWN'));
    columns.model.push(model === null ? -1 : models.indexOf(model));
    columns.status.push(Math.max(0, STATUSES.indexOf(source.status[node] ?? 'unset')));
    columns.start.push((missing?.start ?? startOf(source, node)) / 1000);
    columns.duration.push(duration === null ? -1 : duration / 1000);
    columns.tokens.push(source.tokens[node] ?? -1);
    columns.flags.push(
      (missing === undefined ? 0 : SKELETON_FLAGS.missing) |
        (source.hasException[node] === true ? SKELETON_FLAGS.exception : 0) |
        (duration === null ? SKELETON_FLAGS.running : 0) |
        (tree.isCut.has(node) ? SKELETON_FLAGS.cycle : 0),
    );
  }
  return { names: names.words, types: types.words, models: models.words, ...columns };
}

const STATUSES: readonly string[] = SKELETON_STATUSES;

function lengthOf({ start, end }: MissingParent): number | null {
  return end === null ? null : end - start;
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
