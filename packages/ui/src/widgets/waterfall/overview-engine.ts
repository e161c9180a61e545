import { overviewBins, type OverviewBins } from '../../trace/overview-bins.ts';
import { SPAN_FAMILIES } from '../../trace/span-family.ts';
import { isWholeTrace, zoomAt, type TimeWindow } from '../../trace/time-window.ts';
import type { Explorer, ExplorerState } from './explorer.ts';
import { readPalette, watchPalette, type Palette } from './palette.ts';
import { createSurface, type Surface } from './surface.ts';

/**
 * The strip above the waterfall: how much work ran when in the whole trace, and which part is on show. Dragging on
 * it chooses a part, dragging the part moves it, a double click shows everything.
 */
export interface OverviewEngine {
  destroy(): void;
}

export interface OverviewParts {
  readonly canvas: HTMLCanvasElement;
  /** Edges of the window, to be dragged. */
  readonly handles: Edges<HTMLElement>;
  /** The same edges for the keyboard and screen readers, in thousandths of the trace. */
  readonly sliders: Edges<HTMLInputElement>;
}

export const OVERVIEW_HEIGHT = 44;
/** Positions of a slider. */
export const SLIDER_STEPS = 1000;
const PADDING = 8;
/** Pixels of a bin. */
const BIN = 2;
/** One span at a time fills two thirds of the strip, so that nobody takes it for a full load. */
const LEAST_PEAK = 1.5;
/** A drag shorter than this many pixels is a click. */
const CLICK = 4;

interface Edges<Element> {
  readonly start: Element;
  readonly end: Element;
}

type Drag =
  | { readonly kind: 'choose'; readonly from: number }
  | { readonly kind: 'move'; readonly from: number; readonly window: TimeWindow }
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end' };

export function createOverviewEngine(parts: OverviewParts, explorer: Explorer): OverviewEngine {
  const { canvas, handles, sliders } = parts;
  const { store } = explorer;
  const frame = canvas.parentElement ?? canvas;
  let palette = readPalette();
  let bins: OverviewBins | undefined;
  let drag: Drag | undefined;

  const surface = createSurface(canvas, (drawn) => {
    const state = store.getState();
    const count = Math.max(Math.floor((drawn.width - 2 * PADDING) / BIN), 1);
    if (bins?.count !== count) bins = overviewBins(state.model, count);
    paintOverview(drawn, state, bins, palette);
    placeHandles(state, drawn.width);
  });
  const placeHandles = (state: ExplorerState, width: number): void => {
    const { window, model } = state;
    for (const edge of ['start', 'end'] as const) {
      const share = window[edge] / model.extent;
      handles[edge].style.left = `${PADDING + share * (width - 2 * PADDING)}px`;
      sliders[edge].value = String(share * SLIDER_STEPS);
    }
  };

  const timeAt = (event: PointerEvent | WheelEvent): number => {
    const { left, width } = frame.getBoundingClientRect();
    const share = (event.clientX - left - PADDING) / Math.max(width - 2 * PADDING, 1);
    return Math.min(Math.max(share, 0), 1) * store.getState().model.extent;
  };
  const pixelsToTime = (pixels: number): number =>
    (pixels / Math.max((surface?.width ?? 1) - 2 * PADDING, 1)) * store.getState().model.extent;

  const listeners = new AbortController();
  const { signal } = listeners;
  frame.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      const { window, model } = store.getState();
      const from = timeAt(event);
      const edge = event.target === handles.start ? 'start' : event.target === handles.end ? 'end' : undefined;
      const isInside = !isWholeTrace(window, model.extent) && from > window.start && from < window.end;
      drag =
        edge !== undefined
          ? { kind: 'edge', edge }
          : isInside
            ? { kind: 'move', from, window }
            : { kind: 'choose', from };
      frame.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  frame.addEventListener(
    'pointermove',
    (event) => {
      if (drag === undefined) return;
      const to = timeAt(event);
      const window = dragged(drag, to, store.getState(), pixelsToTime(CLICK));
      if (window !== undefined) explorer.setWindow(window);
    },
    { signal },
  );
  const onEnd = (): void => {
    drag = undefined;
  };
  frame.addEventListener('pointerup', onEnd, { signal });
  frame.addEventListener('pointercancel', onEnd, { signal });
  frame.addEventListener('dblclick', () => explorer.showWholeTrace(), { signal });
  frame.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { window, model } = store.getState();
      explorer.setWindow(zoomAt(window, timeAt(event), Math.exp(event.deltaY * 0.0025), model.extent));
    },
    { passive: false, signal },
  );
  for (const edge of ['start', 'end'] as const) {
    sliders[edge].addEventListener('input', () => moveEdge(explorer, edge, Number(sliders[edge].value)), { signal });
  }

  const observer = new ResizeObserver(() => surface?.resize(frame.clientWidth, OVERVIEW_HEIGHT));
  observer.observe(frame);
  surface?.resize(frame.clientWidth, OVERVIEW_HEIGHT);
  const unsubscribe = store.subscribe((state, before) => {
    if (state.window !== before.window || state.selected !== before.selected) surface?.invalidate();
  });
  const unwatchPalette = watchPalette((next) => {
    palette = next;
    surface?.invalidate();
  });
  return {
    destroy() {
      listeners.abort();
      observer.disconnect();
      unsubscribe();
      unwatchPalette();
      surface?.destroy();
    },
  };
}

function dragged(drag: Drag, to: number, state: ExplorerState, least: number): TimeWindow | undefined {
  switch (drag.kind) {
    case 'choose':
      if (Math.abs(to - drag.from) < least) return undefined;
      return { start: Math.min(drag.from, to), end: Math.max(drag.from, to) };
    case 'move': {
      const shift = to - drag.from;
      return { start: drag.window.start + shift, end: drag.window.end + shift };
    }
    case 'edge': {
      const { window } = state;
      if (drag.edge === 'start') return { start: Math.min(to, window.end - least), end: window.end };
      return { start: window.start, end: Math.max(to, window.start + least) };
    }
  }
}

function moveEdge(explorer: Explorer, edge: 'start' | 'end', value: number): void {
  const { window, model } = explorer.store.getState();
  const to = (value / SLIDER_STEPS) * model.extent;
  const isPossible = edge === 'start' ? to < window.end : to > window.start;
  if (isPossible) explorer.setWindow({ ...window, [edge]: to });
}

function paintOverview(surface: Surface, state: ExplorerState, bins: OverviewBins, palette: Palette): void {
  const { context, width } = surface;
  const inner = width - 2 * PADDING;
  const { model, window, selected } = state;
  const xOf = (time: number): number => PADDING + (time / model.extent) * inner;
  const [top, bottom] = [6, OVERVIEW_HEIGHT - 8];
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, OVERVIEW_HEIGHT);

  const binWidth = inner / bins.count;
  for (let bin = 0; bin < bins.count; bin += 1) {
    let y = bottom;
    for (let family = 0; family < SPAN_FAMILIES.length; family += 1) {
      const load = bins.load[family * bins.count + bin] ?? 0;
      if (load <= 0.001) continue;
      const height = Math.max((load / Math.max(bins.peak, LEAST_PEAK)) * (bottom - top), 1);
      context.fillStyle = palette.families[family] ?? palette.ink3;
      context.fillRect(Math.floor(PADDING + bin * binWidth), y - height, Math.ceil(binWidth), height);
      y -= height;
    }
    if (bins.failed[bin] === 1) {
      context.fillStyle = palette.error;
      context.fillRect(Math.floor(PADDING + bin * binWidth), bottom + 2, Math.ceil(binWidth), 3);
    }
  }
  if (selected >= 0) {
    const x = xOf(model.start[selected] ?? 0);
    context.fillStyle = palette.accent;
    context.fillRect(x, 2, Math.max(xOf(model.end[selected] ?? 0) - x, 2), 2);
  }
  if (!isWholeTrace(window, model.extent)) {
    const [left, right] = [xOf(window.start), xOf(window.end)];
    context.globalAlpha = 0.72;
    context.fillStyle = palette.page;
    context.fillRect(0, 0, left, OVERVIEW_HEIGHT);
    context.fillRect(right, 0, width - right, OVERVIEW_HEIGHT);
    context.globalAlpha = 1;
    context.strokeStyle = palette.accent;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, 0.5, Math.max(right - left - 1, 2), OVERVIEW_HEIGHT - 2);
  }
  context.fillStyle = palette.border;
  context.fillRect(0, OVERVIEW_HEIGHT - 1, width, 1);
}
