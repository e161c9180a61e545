import { positionOf } from '../../trace/visible-rows.ts';
import { panBy, zoomAt } from '../../trace/time-window.ts';
import type { Explorer, ExplorerState } from './explorer.ts';
import { createFittedText } from './fitted-text.ts';
import { createGeometry, disclosureX, timeToX, xToTime, type Geometry } from './geometry.ts';
import { createMirror } from './mirror.ts';
import { AXIS_HEIGHT, paintAxis, ticksOf } from './paint-axis.ts';
import { paintBackground, paintBar, paintName, type Frame } from './paint-row.ts';
import { readPalette, watchPalette } from './palette.ts';
import type { RowTip } from './row-tip.ts';
import { createSurface, type Surface } from './surface.ts';

/**
 * Draws the tree and the bars. It holds the canvases, the scroll position and what is under the pointer; everything
 * else is in the explorer. Rows are painted while they scroll; the mirror follows once scrolling rests.
 */
export interface WaterfallEngine {
  /** Share of the width left of the divider, and pixels of a row. */
  setLayout(namesShare: number, rowHeight: number): void;
  /** Rows that fit, for paging. */
  pageRows(): number;
  destroy(): void;
}

export interface WaterfallParts {
  /** Scrolls, and holds the focus of the tree. */
  readonly scroller: HTMLElement;
  /** As high as all rows together. */
  readonly spacer: HTMLElement;
  /** Sticks to the top of the scroller. */
  readonly canvas: HTMLCanvasElement;
  readonly mirror: HTMLElement;
  readonly axis: HTMLCanvasElement;
  readonly tip: RowTip;
}

export interface WaterfallLayout {
  readonly namesShare: number;
  readonly rowHeight: number;
}

/** Milliseconds of rest before the mirror follows a scroll. */
const MIRROR_REST = 100;

export function createWaterfallEngine(
  parts: WaterfallParts,
  explorer: Explorer,
  initialLayout: WaterfallLayout,
): WaterfallEngine {
  const { scroller, spacer, canvas, axis, tip } = parts;
  const { store } = explorer;
  const fitted = createFittedText();
  const mirror = createMirror(parts.mirror, 'span-row-');
  let palette = readPalette();
  let layout = initialLayout;
  const layOut = (): Geometry => {
    const { rowHeight, namesShare } = layout;
    return createGeometry(scroller.clientWidth, rowHeight, namesShare, store.getState().model.hasTokens);
  };
  let geometry = layOut();
  let hovered = -1;
  let pointerX: number | undefined;
  let mirrorTimer: ReturnType<typeof setTimeout> | undefined;
  let matchSet: ReadonlySet<number> = new Set(store.getState().matches);

  const rows = createSurface(canvas, (surface) => {
    const state = store.getState();
    const isMatch = (row: number): boolean => matchSet.has(row);
    const frame: Frame = { context: surface.context, state, geometry, palette, fitted, hovered, isMatch };
    paintRows(frame, surface, scroller.scrollTop, pointerX);
  });
  const ticks = createSurface(axis, (surface) => paintAxis(surface, store.getState(), geometry, palette, pointerX));

  const invalidate = (): void => {
    rows?.invalidate();
    ticks?.invalidate();
  };
  const refreshMirror = (): void => {
    clearTimeout(mirrorTimer);
    const state = store.getState();
    const first = Math.floor(scroller.scrollTop / layout.rowHeight);
    const last = Math.ceil((scroller.scrollTop + scroller.clientHeight) / layout.rowHeight);
    mirror.refresh(state, first, Math.min(last, state.visible.length), layout.rowHeight);
    const active = mirror.elementIdOf(state.selected);
    if (active === undefined) scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', active);
  };
  const refreshMirrorLater = (): void => {
    clearTimeout(mirrorTimer);
    mirrorTimer = setTimeout(refreshMirror, MIRROR_REST);
  };

  const measure = (): void => {
    geometry = layOut();
    // Only over the names: the divider must not lie on the middle of a row.
    parts.mirror.style.width = `${geometry.namesWidth}px`;
    spacer.style.height = `${store.getState().visible.length * layout.rowHeight}px`;
    rows?.resize(scroller.clientWidth, scroller.clientHeight);
    ticks?.resize(scroller.clientWidth, AXIS_HEIGHT);
    refreshMirrorLater();
  };
  const bringIntoView = (row: number): void => {
    const position = positionOf(store.getState().visible, row);
    const margin = layout.rowHeight * 2;
    const [top, bottom] = [position * layout.rowHeight, (position + 1) * layout.rowHeight];
    const height = scroller.clientHeight;
    // From far away the row lands in the middle; nearby it only just comes in.
    const isFar = bottom < scroller.scrollTop - height / 2 || top > scroller.scrollTop + height * 1.5;
    if (isFar) scroller.scrollTop = top - height / 2;
    else if (top - margin < scroller.scrollTop) scroller.scrollTop = top - margin;
    else if (bottom + margin > scroller.scrollTop + height) scroller.scrollTop = bottom + margin - height;
  };

  const onState = (state: ExplorerState, before: ExplorerState): void => {
    if (state.visible !== before.visible) spacer.style.height = `${state.visible.length * layout.rowHeight}px`;
    if (state.matches !== before.matches) matchSet = new Set(state.matches);
    if (state.revealCount !== before.revealCount) bringIntoView(state.selected);
    invalidate();
    if (state.selected !== before.selected) refreshMirror();
    else if (state.window === before.window) refreshMirrorLater();
  };

  const rowAt = (event: MouseEvent): number => {
    const y = event.clientY - scroller.getBoundingClientRect().top + scroller.scrollTop;
    return store.getState().visible[Math.floor(y / layout.rowHeight)] ?? -1;
  };
  const xOf = (event: MouseEvent): number => event.clientX - scroller.getBoundingClientRect().left;

  const listeners = new AbortController();
  const { signal } = listeners;
  const onScroll = (): void => {
    // Scroll events run before the frame is shown: painting here keeps canvas and scroll position together.
    rows?.drawNow();
    tip.hide();
    refreshMirrorLater();
  };
  scroller.addEventListener('scroll', onScroll, { passive: true, signal });
  scroller.addEventListener(
    'pointermove',
    (event) => {
      const x = xOf(event);
      hovered = rowAt(event);
      pointerX = x > geometry.barsLeft - 6 && event.pointerType === 'mouse' ? x : undefined;
      tip.aim(store.getState(), hovered, event.clientX, event.clientY);
      invalidate();
    },
    { signal },
  );
  const onLeave = (): void => {
    hovered = -1;
    pointerX = undefined;
    tip.hide();
    invalidate();
  };
  scroller.addEventListener('pointerleave', onLeave, { signal });
  scroller.addEventListener(
    'click',
    (event) => {
      const row = rowAt(event);
      if (row < 0) return;
      tip.hide();
      if (isOnDisclosure(store.getState(), geometry, row, xOf(event))) explorer.toggle(row);
      else explorer.select(row);
    },
    { signal },
  );
  scroller.addEventListener(
    'dblclick',
    (event) => {
      const row = rowAt(event);
      if (row < 0 || isOnDisclosure(store.getState(), geometry, row, xOf(event))) return;
      if (xOf(event) > geometry.namesWidth) explorer.zoomToRow(row);
      else explorer.toggle(row);
    },
    { signal },
  );
  const onWheel = (event: WheelEvent, isAlwaysZoom: boolean): void => {
    const { window, model } = store.getState();
    const isZoom = event.ctrlKey || event.metaKey || (isAlwaysZoom && Math.abs(event.deltaY) > Math.abs(event.deltaX));
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (isZoom) {
      event.preventDefault();
      const at = xToTime(geometry, window, Math.max(xOf(event), geometry.barsLeft));
      explorer.setWindow(zoomAt(window, at, Math.exp(event.deltaY * 0.0025), model.extent));
    } else if (Math.abs(sideways) > 0 && (event.shiftKey || Math.abs(sideways) > Math.abs(event.deltaY))) {
      event.preventDefault();
      explorer.setWindow(panBy(window, sideways / geometry.barsWidth, model.extent));
    }
  };
  scroller.addEventListener('wheel', (event) => onWheel(event, false), { passive: false, signal });
  axis.addEventListener('wheel', (event) => onWheel(event, true), { passive: false, signal });

  const observer = new ResizeObserver(measure);
  observer.observe(scroller);
  const unwatchPalette = watchPalette((next) => {
    palette = next;
    invalidate();
  });
  const unsubscribe = store.subscribe(onState);
  measure();
  if (store.getState().revealCount > 0) bringIntoView(store.getState().selected);
  refreshMirror();
  // Text is measured anew once the font has arrived.
  document.fonts.ready.then(invalidate, () => undefined);

  return {
    setLayout(namesShare, rowHeight) {
      layout = { namesShare, rowHeight };
      measure();
    },
    pageRows: () => Math.max(Math.floor(scroller.clientHeight / layout.rowHeight) - 1, 1),
    destroy() {
      listeners.abort();
      observer.disconnect();
      unwatchPalette();
      unsubscribe();
      clearTimeout(mirrorTimer);
      rows?.destroy();
      ticks?.destroy();
      tip.hide();
    },
  };
}

function isOnDisclosure({ model }: ExplorerState, geometry: Geometry, row: number, x: number): boolean {
  const left = disclosureX(geometry, model.depth[row] ?? 0);
  return (model.childCount[row] ?? 0) > 0 && x >= left - 4 && x < left + 17;
}

function paintRows(frame: Frame, surface: Surface, scrollTop: number, pointerX: number | undefined): void {
  const { context, state, geometry, palette } = frame;
  const { rowHeight, namesWidth } = geometry;
  const first = Math.max(Math.floor(scrollTop / rowHeight), 0);
  const end = Math.min(Math.ceil((scrollTop + surface.height) / rowHeight), state.visible.length);
  const forRows = (paint: (row: number, y: number) => void): void => {
    for (let index = first; index < end; index += 1) paint(state.visible[index] ?? 0, index * rowHeight - scrollTop);
  };
  context.fillStyle = palette.page;
  context.fillRect(0, 0, surface.width, surface.height);
  forRows((row, y) => paintBackground(frame, row, y));

  context.fillStyle = palette.border;
  for (const { at } of ticksOf(state, geometry)) {
    context.fillRect(Math.round(timeToX(geometry, state.window, at)), 0, 1, surface.height);
  }
  context.save();
  context.beginPath();
  context.rect(namesWidth + 1, 0, surface.width - namesWidth, surface.height);
  context.clip();
  forRows((row, y) => paintBar(frame, row, y));
  if (pointerX !== undefined) {
    context.globalAlpha = 0.5;
    context.fillStyle = palette.ink3;
    context.fillRect(Math.round(pointerX), 0, 1, surface.height);
    context.globalAlpha = 1;
  }
  context.restore();

  context.save();
  context.beginPath();
  context.rect(0, 0, namesWidth, surface.height);
  context.clip();
  forRows((row, y) => paintName(frame, row, y));
  context.restore();
  context.fillStyle = palette.border;
  context.fillRect(namesWidth, 0, 1, surface.height);
}
