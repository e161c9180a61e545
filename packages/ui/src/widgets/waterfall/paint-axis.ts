import { formatDuration } from '../../trace/format-duration.ts';
import { timeTicks, type Tick } from '../../trace/time-ticks.ts';
import type { ExplorerState } from './explorer.ts';
import { columnEdges, disclosureX, timeToX, xToTime, type Geometry } from './geometry.ts';
import { TINY_FONT } from './paint-row.ts';
import type { Palette } from './palette.ts';
import type { Surface } from './surface.ts';

export const AXIS_HEIGHT = 26;
/** Least distance between two ticks, in pixels. */
const TICK_SPACING = 84;

/** Column titles and the time axis; the time under the pointer stands on it. */
export function paintAxis(
  surface: Surface,
  state: ExplorerState,
  geometry: Geometry,
  palette: Palette,
  pointerX: number | undefined,
): void {
  const { context } = surface;
  const middle = AXIS_HEIGHT / 2 + 0.5;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, surface.width, AXIS_HEIGHT);
  context.font = TINY_FONT;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const { at, label } of ticksOf(state, geometry)) {
    const x = Math.round(timeToX(geometry, state.window, at));
    context.fillStyle = palette.border;
    context.fillRect(x, AXIS_HEIGHT - 6, 1, 6);
    context.fillStyle = palette.ink3;
    // Half a number at the edge would read as another number.
    if (x + 4 + context.measureText(label).width < surface.width) context.fillText(label, x + 4, middle);
  }
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, geometry.namesWidth, AXIS_HEIGHT);
  context.fillStyle = palette.ink3;
  context.fillText('Span', disclosureX(geometry, 0) + 4, middle);
  context.textAlign = 'right';
  const edges = columnEdges(geometry);
  if (edges.tokens !== undefined) context.fillText('Tokens', edges.tokens, middle);
  context.fillText('Duration', edges.duration, middle);
  context.textAlign = 'left';
  if (pointerX !== undefined) paintPointerTime(surface, state, geometry, palette, pointerX);
  context.fillStyle = palette.border;
  context.fillRect(geometry.namesWidth, 0, 1, AXIS_HEIGHT);
  context.fillRect(0, AXIS_HEIGHT - 1, surface.width, 1);
}

function paintPointerTime(
  { context, width }: Surface,
  { window }: ExplorerState,
  geometry: Geometry,
  palette: Palette,
  pointerX: number,
): void {
  const label = formatDuration(Math.max(xToTime(geometry, window, pointerX), 0));
  const labelWidth = context.measureText(label).width + 10;
  const x = Math.min(Math.max(pointerX - labelWidth / 2, geometry.namesWidth + 2), width - labelWidth - 2);
  context.fillStyle = palette.ink2;
  context.beginPath();
  context.roundRect(x, 4, labelWidth, AXIS_HEIGHT - 9, 3);
  context.fill();
  context.fillStyle = palette.page;
  context.fillText(label, x + 5, AXIS_HEIGHT / 2 + 0.5);
}

/** Round times of the window, far enough apart for their labels. */
export function ticksOf({ window }: ExplorerState, geometry: Geometry): readonly Tick[] {
  return timeTicks(window, Math.min(TICK_SPACING / geometry.barsWidth, 0.5));
}
