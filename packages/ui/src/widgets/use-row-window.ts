import { useLayoutEffect, useState, type RefObject } from 'react';
import { rowRange, type RowRange } from '../trace/row-range.ts';

export interface RowWindowOptions {
  readonly count: number;
  /** Pixels. */
  readonly rowHeight: number;
  /** Rows rendered beyond what can be seen, on both sides. Default 6. */
  readonly overscan?: number;
  /** What scrolls. */
  readonly scroller: RefObject<HTMLElement | null>;
  /** The list inside it, `count × rowHeight` high. May start below other content. */
  readonly list: RefObject<HTMLElement | null>;
}

export interface RowWindow {
  readonly range: RowRange;
  /** Rows rush by faster than they can be drawn; the list shows stripes until they rest. */
  readonly isRushing: boolean;
}

/** A frame that moves more than this share of a screen is a rush. */
const RUSH = 0.8;
/** Milliseconds without such a frame before rows are drawn again. */
const REST = 80;

/** Tells which rows of a long list to render. Rows have one height; cost does not grow with the length of the list. */
export function useRowWindow(options: RowWindowOptions): RowWindow {
  const { count, rowHeight, overscan = 6, scroller, list } = options;
  const [view, setView] = useState<RowWindow>({
    range: rowRange(0, 900, rowHeight, count, overscan),
    isRushing: false,
  });

  useLayoutEffect(() => {
    const [outer, inner] = [scroller.current, list.current];
    if (outer === null || inner === null) return undefined;
    let lastTop = outer.scrollTop;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const measure = (isRushing: boolean): void => {
      const offset = outer.getBoundingClientRect().top - inner.getBoundingClientRect().top;
      const range = rowRange(offset, outer.clientHeight, rowHeight, count, overscan);
      setView((before) => (isSame(before, range, isRushing) ? before : { range, isRushing }));
    };
    const onScroll = (): void => {
      const moved = Math.abs(outer.scrollTop - lastTop);
      lastTop = outer.scrollTop;
      const isRushing = moved > outer.clientHeight * RUSH;
      clearTimeout(timer);
      if (isRushing) timer = setTimeout(() => measure(false), REST);
      measure(isRushing);
    };
    const observer = new ResizeObserver(() => measure(false));
    observer.observe(outer);
    // Content above the list may grow and push it down.
    if (outer.firstElementChild !== null) observer.observe(outer.firstElementChild);
    outer.addEventListener('scroll', onScroll, { passive: true });
    measure(false);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      outer.removeEventListener('scroll', onScroll);
    };
  }, [count, rowHeight, overscan, scroller, list]);

  // The list may have shrunk since the range was measured.
  const { range } = view;
  return range.end <= count ? view : { ...view, range: { first: Math.min(range.first, count), end: count } };
}

function isSame(view: RowWindow, range: RowRange, isRushing: boolean): boolean {
  return view.isRushing === isRushing && view.range.first === range.first && view.range.end === range.end;
}
