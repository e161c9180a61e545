/** A run of rows: `first` up to, but not including, `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Which rows of a list with rows of one height to render.
 *
 * @param offset - Pixels from the top of the list to the top of what can be seen; negative when the list starts
 *   below it.
 * @param height - Pixels that can be seen.
 * @param overscan - Rows more on both sides. Cost follows the rows that enter a frame, so keep it at 8 or less.
 */
export function rowRange(offset: number, height: number, rowHeight: number, count: number, overscan: number): RowRange {
  const first = Math.min(Math.max(Math.floor(offset / rowHeight) - overscan, 0), count);
  const end = Math.min(Math.max(Math.ceil((offset + height) / rowHeight) + overscan, first), count);
  return { first, end };
}
