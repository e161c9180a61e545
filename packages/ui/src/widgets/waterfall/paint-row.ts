import { formatDuration } from '../../trace/format-duration.ts';
import { formatAmount, formatCount } from '../../trace/format-number.ts';
import { isFailed, isMissing, isRunning, rowModelName, rowName, rowType } from '../../trace/trace-model.ts';
import { typeIcon } from '../type-icon.ts';
import type { ExplorerState } from './explorer.ts';
import type { FittedText } from './fitted-text.ts';
import { columnEdges, disclosureX, timeToX, type Geometry } from './geometry.ts';
import { iconPath } from './icon-path.ts';
import type { Palette } from './palette.ts';

/** What all rows of one frame share. */
export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly state: ExplorerState;
  readonly geometry: Geometry;
  readonly palette: Palette;
  readonly fitted: FittedText;
  readonly hovered: number;
  /** 1 for rows that match what was searched. */
  readonly isMatch: (row: number) => boolean;
}

const FONT = "13px 'Inter Variable', 'Inter Fallback', system-ui, sans-serif";
const SMALL_FONT = "12px 'Inter Variable', 'Inter Fallback', system-ui, sans-serif";
export const TINY_FONT = "500 11px 'Inter Variable', 'Inter Fallback', system-ui, sans-serif";

const BAR_HEIGHT = 12;
const LEAST_BAR = 2;

/** Background of a row: selected, hovered or nothing. */
export function paintBackground({ context, state, geometry, palette, hovered }: Frame, row: number, y: number): void {
  const isSelected = row === state.selected;
  if (!isSelected && row !== hovered) return;
  context.fillStyle = isSelected ? palette.selected : palette.hover;
  context.fillRect(0, y, geometry.width, geometry.rowHeight);
  if (!isSelected) return;
  context.fillStyle = palette.accent;
  context.fillRect(0, y, 2, geometry.rowHeight);
}

/** Disclosure, picture, name, model, tokens and duration. */
export function paintName(frame: Frame, row: number, y: number): void {
  const { context, state, geometry, palette, fitted } = frame;
  const { model, collapsed } = state;
  const middle = y + geometry.rowHeight / 2;
  const depth = model.depth[row] ?? 0;
  const left = disclosureX(geometry, depth);
  const edges = columnEdges(geometry);
  paintGuides(frame, depth, y);
  if ((model.childCount[row] ?? 0) > 0) paintDisclosure(frame, left, middle, collapsed[row] === 1);
  paintIcon(frame, row, left + 17, middle);

  let x = left + 38;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  if (depth > geometry.deepestIndent) {
    context.font = TINY_FONT;
    context.fillStyle = palette.ink3;
    x += fitted.draw(context, `↳${depth}`, x, middle + 0.5, 40) + 6;
  }
  if (isFailed(model, row)) {
    paintTriangle(context, palette.error, x, middle);
    x += 14;
  }
  x += paintLabel(frame, row, x, middle, edges.name) + 8;
  x += paintClosedCounts(frame, row, x, middle, edges.name);
  const modelName = rowModelName(model, row);
  // Many emitters write the model into the name; saying it twice only costs room.
  if (modelName !== undefined && !rowName(model, row).includes(modelName)) {
    context.font = SMALL_FONT;
    context.fillStyle = palette.ink3;
    fitted.draw(context, modelName, x, middle + 0.5, edges.name - x);
  }
  paintNumbers(frame, row, middle);
}

function paintLabel(frame: Frame, row: number, x: number, middle: number, edge: number): number {
  const { context, state, geometry, palette, fitted } = frame;
  const { model } = state;
  const isPale = isMissing(model, row);
  context.font = isPale ? `italic ${FONT}` : FONT;
  const name = isPale ? 'Parent did not arrive' : rowName(model, row);
  if (frame.isMatch(row)) {
    context.fillStyle = palette.mark;
    const width = Math.min(context.measureText(name).width, edge - x);
    context.fillRect(x - 2, middle - geometry.rowHeight / 2 + 4, width + 4, geometry.rowHeight - 8);
  }
  context.fillStyle = isFailed(model, row) ? palette.error : isPale ? palette.ink3 : palette.ink1;
  return fitted.draw(context, name, x, middle + 0.5, edge - x);
}

/** A closed row says how much it hides, and how much of that failed. */
function paintClosedCounts(frame: Frame, row: number, x: number, middle: number, edge: number): number {
  const { context, state, palette, fitted } = frame;
  const { model, collapsed } = state;
  if (collapsed[row] !== 1) return 0;
  context.font = TINY_FONT;
  context.fillStyle = palette.ink3;
  const hidden = (model.subtreeEnd[row] ?? row) - row - 1;
  let used = fitted.draw(context, formatCount(hidden), x, middle + 0.5, edge - x) + 8;
  const errors = model.errorsBelow[row] ?? 0;
  if (errors > 0 && x + used < edge - 24) {
    paintTriangle(context, palette.error, x + used, middle);
    context.fillStyle = palette.error;
    used += fitted.draw(context, formatCount(errors), x + used + 13, middle + 0.5, edge - x - used - 13) + 21;
  }
  return used;
}

function paintNumbers({ context, state, geometry, palette }: Frame, row: number, middle: number): void {
  const { model } = state;
  const edges = columnEdges(geometry);
  context.font = SMALL_FONT;
  context.textAlign = 'right';
  const tokens = model.columns.tokens[row] ?? -1;
  if (edges.tokens !== undefined && tokens >= 0) {
    context.fillStyle = palette.ink3;
    context.fillText(formatAmount(tokens), edges.tokens, middle + 0.5);
  }
  const duration = model.columns.duration[row] ?? -1;
  context.fillStyle = duration < 0 ? palette.running : palette.ink2;
  context.fillText(duration < 0 ? 'running' : formatDuration(duration), edges.duration, middle + 0.5);
  context.textAlign = 'left';
}

function paintGuides({ context, geometry, palette }: Frame, depth: number, y: number): void {
  context.fillStyle = palette.border;
  for (let level = 0; level < Math.min(depth, geometry.deepestIndent); level += 1) {
    context.fillRect(disclosureX(geometry, level) + 7, y, 1, geometry.rowHeight);
  }
}

function paintDisclosure({ context, palette }: Frame, left: number, middle: number, isClosed: boolean): void {
  context.strokeStyle = palette.ink3;
  context.lineWidth = 1.5;
  context.beginPath();
  if (isClosed) {
    context.moveTo(left + 6, middle - 3.5);
    context.lineTo(left + 9.5, middle);
    context.lineTo(left + 6, middle + 3.5);
  } else {
    context.moveTo(left + 4, middle - 1.75);
    context.lineTo(left + 7.5, middle + 1.75);
    context.lineTo(left + 11, middle - 1.75);
  }
  context.stroke();
}

const ICON_SIZE = 15;

function paintIcon({ context, state, palette }: Frame, row: number, x: number, middle: number): void {
  const { model } = state;
  context.save();
  context.translate(x, middle - ICON_SIZE / 2);
  context.scale(ICON_SIZE / 24, ICON_SIZE / 24);
  context.strokeStyle = palette.families[model.family[row] ?? 0] ?? palette.ink3;
  context.lineWidth = 2.1;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  if (isMissing(model, row)) context.setLineDash([3, 4]);
  context.stroke(iconPath(typeIcon(rowType(model, row))));
  context.restore();
}

function paintTriangle(context: CanvasRenderingContext2D, colour: string, x: number, middle: number): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x + 5, middle - 4.5);
  context.lineTo(x + 10, middle + 4);
  context.lineTo(x, middle + 4);
  context.fill();
}

/** The bar of a row, with what is odd about it. */
export function paintBar(frame: Frame, row: number, y: number): void {
  const { context, state, geometry, palette } = frame;
  const { model, window } = state;
  const [start, end] = [model.start[row] ?? 0, model.end[row] ?? 0];
  const finish = model.subtreeFinish[row] ?? end;
  const edge = { left: geometry.barsLeft - 6, right: geometry.barsLeft + geometry.barsWidth + 8 };
  if (finish < window.start) return paintElsewhere(frame, row, edge.left + 2, y, 1);
  if (start > window.end) return paintElsewhere(frame, row, edge.right - 2, y, -1);
  const from = Math.max(timeToX(geometry, window, start), edge.left);
  const to = Math.min(Math.max(timeToX(geometry, window, end), from + LEAST_BAR), edge.right);
  const top = y + (geometry.rowHeight - BAR_HEIGHT) / 2;
  const colour = palette.families[model.family[row] ?? 0] ?? palette.ink3;
  context.fillStyle = colour;
  context.strokeStyle = colour;
  if (finish > end) paintWhisker(frame, to, Math.min(timeToX(geometry, window, finish), edge.right), top);
  if (end < window.start) return;
  if (isMissing(model, row)) paintOutline(context, from, to, top);
  else if (isRunning(model, row)) paintRunning(context, from, to, top);
  else if (end === start) paintDiamond(context, from, top);
  else fillBar(context, from, to, top);
  if (!isFailed(model, row)) return;
  context.fillStyle = palette.error;
  context.fillRect(from, top + BAR_HEIGHT + 1, Math.max(to - from, LEAST_BAR), 2);
  if (to + 14 < edge.right) paintTriangle(context, palette.error, to + 4, y + geometry.rowHeight / 2);
}

/** The span lies outside the window: an arrow says on which side. */
function paintElsewhere(
  { context, state, geometry, palette }: Frame,
  row: number,
  x: number,
  y: number,
  to: 1 | -1,
): void {
  const middle = y + geometry.rowHeight / 2;
  context.fillStyle = palette.families[state.model.family[row] ?? 0] ?? palette.ink3;
  context.globalAlpha = 0.55;
  context.beginPath();
  context.moveTo(x, middle);
  context.lineTo(x + to * 5, middle - 4);
  context.lineTo(x + to * 5, middle + 4);
  context.fill();
  context.globalAlpha = 1;
}

function fillBar(context: CanvasRenderingContext2D, from: number, to: number, top: number): void {
  if (to - from < 5) {
    context.fillRect(from, top, to - from, BAR_HEIGHT);
    return;
  }
  context.beginPath();
  context.roundRect(from, top, to - from, BAR_HEIGHT, 3);
  context.fill();
}

/** Children outlive the span: a thin line to the last of them. */
function paintWhisker({ context }: Frame, from: number, to: number, top: number): void {
  if (to <= from) return;
  context.globalAlpha = 0.6;
  context.fillRect(from, top + BAR_HEIGHT / 2 - 0.5, to - from, 1);
  context.fillRect(to - 1, top + 3, 1, BAR_HEIGHT - 6);
  context.globalAlpha = 1;
}

/** A time nobody measured: it is the range of the children. */
function paintOutline(context: CanvasRenderingContext2D, from: number, to: number, top: number): void {
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.strokeRect(from + 0.5, top + 0.5, Math.max(to - from - 1, 1), BAR_HEIGHT - 1);
  context.setLineDash([]);
}

/** Not over: hatched, and open at its right end. */
function paintRunning(context: CanvasRenderingContext2D, from: number, to: number, top: number): void {
  context.save();
  context.beginPath();
  context.rect(from, top, to - from, BAR_HEIGHT);
  context.clip();
  context.globalAlpha = 0.3;
  context.fillRect(from, top, to - from, BAR_HEIGHT);
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.beginPath();
  for (let x = from - BAR_HEIGHT; x < to; x += 7) {
    context.moveTo(x, top + BAR_HEIGHT);
    context.lineTo(x + BAR_HEIGHT, top);
  }
  context.stroke();
  context.restore();
}

function paintDiamond(context: CanvasRenderingContext2D, x: number, top: number): void {
  const [middle, radius] = [top + BAR_HEIGHT / 2, 4.5];
  context.beginPath();
  context.moveTo(x, middle - radius);
  context.lineTo(x + radius, middle);
  context.lineTo(x, middle + radius);
  context.lineTo(x - radius, middle);
  context.fill();
}
