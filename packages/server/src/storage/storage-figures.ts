import type { ExperimentId } from '@clew/core';

/** What is stored, in rows and bytes. */
export interface StorageFigures {
  /** Compressed bytes of everything, indexes included; rows that were deleted or replaced count until they are merged away. */
  readonly diskBytes: number;
  readonly tables: readonly TableFigures[];
  readonly experiments: ReadonlyMap<ExperimentId, ExperimentFigures>;
}

export interface TableFigures {
  readonly name: string;
  readonly rows: number;
  readonly diskBytes: number;
}

/** Spans count for the experiment their request named. */
export interface ExperimentFigures {
  /** Rows of spans; replaced ones count until they are merged away. */
  readonly spanRows: number;
  /** Characters of attributes and events, uncompressed. */
  readonly payloadCharacters: number;
  /** Estimated: the share of all spans' characters, {@link ROW_CHARACTERS} a row included, of the bytes on disk. */
  readonly diskBytes: number;
}

/** What traces hold that a deletion would take. */
export interface TraceExtent {
  readonly traceCount: number;
  readonly spanRows: number;
  readonly payloadCharacters: number;
}

/** A span without payload weighs about as much as so many characters of one. */
export const ROW_CHARACTERS = 256;

/** Shares bytes out by characters. */
export function shareOut(
  diskBytes: number,
  experiments: ReadonlyMap<ExperimentId, Omit<ExperimentFigures, 'diskBytes'>>,
): ReadonlyMap<ExperimentId, ExperimentFigures> {
  const weigh = (one: Omit<ExperimentFigures, 'diskBytes'>): number =>
    one.payloadCharacters + one.spanRows * ROW_CHARACTERS;
  const total = [...experiments.values()].reduce((sum, one) => sum + weigh(one), 0);
  return new Map(
    [...experiments].map(([id, one]) => [
      id,
      { ...one, diskBytes: total === 0 ? 0 : Math.round((diskBytes * weigh(one)) / total) },
    ]),
  );
}
