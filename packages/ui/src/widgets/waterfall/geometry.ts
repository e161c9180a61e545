import type { TimeWindow } from '../../trace/time-window.ts';

/** Where things are on the canvas, in pixels of the page. */
export interface Geometry {
  readonly width: number;
  readonly rowHeight: number;
  /** The part left of the divider: names and numbers. */
  readonly namesWidth: number;
  readonly barsLeft: number;
  readonly barsWidth: number;
  /** There are tokens to show, and room for them. */
  readonly hasTokens: boolean;
  /** Depth at which indentation stops growing; deeper rows say how deep they are. */
  readonly deepestIndent: number;
}

const DEEPEST_INDENT = 20;
/** Pixels of a name that indentation leaves alone. */
const LEAST_NAME = 150;
const INDENT = 16;
const NAMES_PADDING = 10;
const BARS_PADDING = 12;
/** Below this the numbers would leave no room for the name. */
const NARROWEST_WITH_TOKENS = 300;

export function createGeometry(width: number, rowHeight: number, namesShare: number, hasTokens: boolean): Geometry {
  const namesWidth = Math.round(Math.min(Math.max(width * namesShare, 140), Math.max(width - 120, 140)));
  const barsLeft = namesWidth + BARS_PADDING;
  const barsWidth = Math.max(width - barsLeft - BARS_PADDING - 8, 1);
  const isWide = namesWidth >= NARROWEST_WITH_TOKENS;
  const geometry = { width, rowHeight, namesWidth, barsLeft, barsWidth, hasTokens: hasTokens && isWide };
  const roomForIndent = columnEdges(geometry).name - NAMES_PADDING - LEAST_NAME;
  const deepestIndent = Math.min(Math.max(Math.floor(roomForIndent / INDENT), 3), DEEPEST_INDENT);
  return { ...geometry, deepestIndent };
}

export function timeToX({ barsLeft, barsWidth }: Geometry, window: TimeWindow, time: number): number {
  return barsLeft + ((time - window.start) / (window.end - window.start)) * barsWidth;
}

export function xToTime({ barsLeft, barsWidth }: Geometry, window: TimeWindow, x: number): number {
  return window.start + ((x - barsLeft) / barsWidth) * (window.end - window.start);
}

/** Left edge of the disclosure triangle of a row at a depth. */
export function disclosureX({ deepestIndent }: Pick<Geometry, 'deepestIndent'>, depth: number): number {
  return NAMES_PADDING + Math.min(depth, deepestIndent) * INDENT;
}

/** Right edges of the number columns and of the name; tokens step aside in a narrow pane. */
export function columnEdges({ namesWidth, hasTokens }: Pick<Geometry, 'namesWidth' | 'hasTokens'>): {
  readonly name: number;
  readonly tokens: number | undefined;
  readonly duration: number;
} {
  const duration = namesWidth - 10;
  if (!hasTokens) return { name: duration - 70, tokens: undefined, duration };
  return { name: duration - 132, tokens: duration - 72, duration };
}
