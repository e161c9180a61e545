/** The part of a trace's time on show, in microseconds since it began. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/** Nothing shorter can be zoomed to: one nanosecond. */
const SHORTEST = 0.001;

export function wholeTrace(extent: number): TimeWindow {
  return { start: 0, end: extent };
}

export function isWholeTrace(window: TimeWindow, extent: number): boolean {
  return window.start <= 0 && window.end >= extent;
}

/** Moves a window inside the trace and keeps its length where the trace is long enough. */
export function clampWindow(window: TimeWindow, extent: number): TimeWindow {
  const length = Math.min(Math.max(window.end - window.start, SHORTEST), extent);
  const start = Math.min(Math.max(window.start, 0), extent - length);
  return { start, end: start + length };
}

/**
 * Zooms around a point that stays where it is on screen.
 *
 * @param factor - Below 1 shows less time, above 1 more.
 */
export function zoomAt(window: TimeWindow, at: number, factor: number, extent: number): TimeWindow {
  const length = window.end - window.start;
  const next = Math.min(Math.max(length * factor, SHORTEST), extent);
  const share = length === 0 ? 0.5 : (at - window.start) / length;
  const start = at - share * next;
  return clampWindow({ start, end: start + next }, extent);
}

/** @param share - Of the window's own length; positive goes towards the end. */
export function panBy(window: TimeWindow, share: number, extent: number): TimeWindow {
  const shift = (window.end - window.start) * share;
  return clampWindow({ start: window.start + shift, end: window.end + shift }, extent);
}

/** A window around a span, with a tenth of its length of air on both sides. */
export function windowAround(start: number, end: number, extent: number): TimeWindow {
  const air = Math.max((end - start) * 0.1, extent * 1e-6, SHORTEST);
  return clampWindow({ start: start - air, end: end + air }, extent);
}
