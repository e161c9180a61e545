import { SKELETON_FLAGS, type SkeletonColumns } from './skeleton.ts';

/**
 * A skeleton on the wire: the same rows, with small numbers in place of large ones (decisions/007). All arrays but the
 * dictionaries have one entry a row.
 */
export interface PackedSkeleton {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly models: readonly string[];
  /** 16 hex digits a row, joined. */
  readonly spanIds: string;
  /** How many rows above the parent stands; 0 for a root. */
  readonly parent: readonly number[];
  readonly name: readonly number[];
  readonly type: readonly number[];
  /** -1 for none. */
  readonly model: readonly number[];
  readonly status: readonly number[];
  /** Nanoseconds since the start of the row above; of the first row, since the trace's first span began. */
  readonly start: readonly number[];
  /** Nanoseconds; 0 where `flags` says that the span runs. */
  readonly duration: readonly number[];
  /** -1 for none. */
  readonly tokens: readonly number[];
  readonly flags: readonly number[];
}

const ID_DIGITS = 16;

export function packSkeleton(columns: SkeletonColumns): PackedSkeleton {
  const { spanId, parent, start, duration, ...rest } = columns;
  const nanos = start.map(toNanos);
  return {
    ...rest,
    spanIds: spanId.join(''),
    parent: parent.map((above, row) => (above < 0 ? 0 : row - above)),
    start: nanos.map((at, row) => at - (nanos[row - 1] ?? 0)),
    duration: duration.map((micros, row) => (isOpen(columns, row) ? 0 : toNanos(micros))),
  };
}

export function unpackSkeleton(packed: PackedSkeleton): SkeletonColumns {
  const { spanIds, parent, start, duration, ...rest } = packed;
  let at = 0;
  return {
    ...rest,
    spanId: parent.map((_, row) => spanIds.slice(row * ID_DIGITS, (row + 1) * ID_DIGITS)),
    parent: parent.map((distance, row) => (distance === 0 ? -1 : row - distance)),
    start: start.map((delta) => {
      at += delta;
      return at / 1000;
    }),
    duration: duration.map((nanos, row) => (isOpen(packed, row) ? -1 : nanos / 1000)),
  };
}

function isOpen({ flags }: { readonly flags: readonly number[] }, row: number): boolean {
  return ((flags[row] ?? 0) & SKELETON_FLAGS.running) !== 0;
}

function toNanos(micros: number): number {
  return Math.round(micros * 1000);
}
