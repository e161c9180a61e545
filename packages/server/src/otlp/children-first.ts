/** What a place in the tree is told by. A parent that is not in the list makes its span a root. */
export interface TreeSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
}

export interface ChildrenFirst {
  /** The chosen spans and everything above them, each after all of its children, in an order of their ids. */
  readonly rows: readonly number[];
  /** The row of each span's parent; -1 for a root. Only those of `rows` are filled in. */
  readonly parents: Int32Array;
}

const UNKNOWN = -2;
const ROOT = -1;

/**
 * The part of a trace that lies on the way from some of its spans to its roots. Cycles are cut at the span whose id
 * comes first. The order the spans come in does not show.
 */
export function childrenFirst(spans: readonly TreeSpan[], chosen: readonly number[]): ChildrenFirst {
  const rowOf = new Map<string, number>();
  for (let row = 0; row < spans.length; row += 1) rowOf.set(spans[row]?.spanId ?? '', row);
  const parents = new Int32Array(spans.length).fill(UNKNOWN);
  const rows: number[] = [];
  for (const row of chosen) {
    for (let at = row; at >= 0 && parents[at] === UNKNOWN; at = parents[at] ?? ROOT) {
      parents[at] = rowOf.get(spans[at]?.parentSpanId ?? '') ?? ROOT;
      rows.push(at);
    }
  }
  const idOf = (row: number): string => spans[row]?.spanId ?? '';
  rows.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const depths = measureDepths(rows, parents);
  return { rows: rows.sort((a, b) => (depths[b] ?? 0) - (depths[a] ?? 0)), parents };
}

/** Cuts cycles in `parents` on the way. */
function measureDepths(rows: readonly number[], parents: Int32Array): Int32Array {
  const depths = new Int32Array(parents.length).fill(UNKNOWN);
  const isOnPath = new Uint8Array(parents.length);
  const climb = (row: number): readonly number[] => {
    const path: number[] = [];
    for (let at = row; at >= 0 && depths[at] === UNKNOWN && isOnPath[at] === 0; at = parents[at] ?? ROOT) {
      isOnPath[at] = 1;
      path.push(at);
    }
    for (const at of path) isOnPath[at] = 0;
    return path;
  };
  const settle = (path: readonly number[]): boolean => {
    const top = parents[path.at(-1) ?? ROOT] ?? ROOT;
    const above = top < 0 ? ROOT : (depths[top] ?? UNKNOWN);
    if (above === UNKNOWN) return false;
    for (const [index, row] of path.toReversed().entries()) depths[row] = above + 1 + index;
    return true;
  };
  const inCycles = rows.filter((row) => depths[row] === UNKNOWN && !settle(climb(row)));
  for (const row of inCycles) {
    if (depths[row] !== UNKNOWN || settle(climb(row))) continue;
    parents[row] = ROOT;
    settle([row]);
  }
  return depths;
}
