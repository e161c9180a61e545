import { createStore, type StoreApi } from 'zustand/vanilla';
import { failedRows, findSpans, stepThrough } from '../../trace/find-spans.ts';
import { moveInTree, type TreeMove } from '../../trace/move-in-tree.ts';
import {
  clampWindow,
  isWholeTrace,
  panBy,
  wholeTrace,
  windowAround,
  zoomAt,
  type TimeWindow,
} from '../../trace/time-window.ts';
import type { TraceModel } from '../../trace/trace-model.ts';
import { nothingCollapsed, revealed, visibleRows, type CollapsedRows } from '../../trace/visible-rows.ts';

/**
 * What the explorer of one trace shows. The canvases listen to it directly, so that scrolling, zooming and hovering
 * never render React; React listens to the parts it draws.
 */
export interface ExplorerState {
  readonly model: TraceModel;
  readonly collapsed: CollapsedRows;
  readonly visible: Int32Array;
  /** Row of the span on show; -1 for none. */
  readonly selected: number;
  /** Counts requests to bring the selected row into view. */
  readonly revealCount: number;
  readonly window: TimeWindow;
  readonly find: string;
  readonly matches: Int32Array;
}

export interface Explorer {
  readonly store: StoreApi<ExplorerState>;
  /** Shows a row, opening what hides it. */
  select(row: number): void;
  /** Moves the cursor or opens and closes rows. */
  move(move: TreeMove, pageRows: number): void;
  toggle(row: number): void;
  setWindow(window: TimeWindow): void;
  /** Around the selected span, or the middle of the window where the span is out of it. */
  zoom(factor: number): void;
  pan(share: number): void;
  zoomToRow(row: number): void;
  showWholeTrace(): void;
  setFind(text: string): void;
  goToMatch(direction: 1 | -1): void;
  goToError(direction: 1 | -1): void;
}

export interface ExplorerStart {
  readonly model: TraceModel;
  readonly selected: number;
  readonly window?: TimeWindow;
  readonly find: string;
  /** Everything is open by default. */
  readonly collapsed?: CollapsedRows;
  /** The reader has it on screen already: nothing scrolls. */
  readonly isContinued?: boolean;
}

/** The same view on a trace that has grown: rows are found again by their span ids. */
export function continueExplorer(before: ExplorerState, model: TraceModel): ExplorerStart {
  const rowOf = new Map(model.columns.spanId.map((spanId, row) => [spanId, row]));
  const follow = (row: number): number => rowOf.get(before.model.columns.spanId[row] ?? '') ?? -1;
  const collapsed = nothingCollapsed(model);
  before.collapsed.forEach((isClosed, row) => {
    if (isClosed === 1 && follow(row) >= 0) collapsed[follow(row)] = 1;
  });
  const isWhole = isWholeTrace(before.window, before.model.extent);
  return {
    model,
    collapsed,
    selected: follow(before.selected),
    isContinued: true,
    find: before.find,
    ...(isWhole ? {} : { window: before.window }),
  };
}

export function createExplorer(start: ExplorerStart): Explorer {
  const { model } = start;
  const { extent } = model;
  const collapsed = start.collapsed ?? nothingCollapsed(model);
  const store = createStore<ExplorerState>(() => ({
    model,
    collapsed,
    visible: visibleRows(model, collapsed),
    selected: start.selected,
    revealCount: start.selected > 0 && start.isContinued !== true ? 1 : 0,
    window: start.window === undefined ? wholeTrace(extent) : clampWindow(start.window, extent),
    find: start.find,
    matches: findSpans(model, start.find),
  }));

  const setTree = (next: CollapsedRows, selected: number, isRevealing: boolean): void => {
    const state = store.getState();
    store.setState({
      selected,
      revealCount: state.revealCount + (isRevealing ? 1 : 0),
      ...(next === state.collapsed ? {} : { collapsed: next, visible: visibleRows(model, next) }),
    });
  };
  const select = (row: number): void => {
    if (row < 0 || row >= model.size) return;
    setTree(revealed(model, store.getState().collapsed, row), row, true);
  };
  const move = (kind: TreeMove, pageRows: number): void => {
    const { visible, collapsed: before, selected } = store.getState();
    const next = moveInTree(model, visible, { collapsed: before, row: selected }, kind, pageRows);
    setTree(next.collapsed, next.row, true);
  };

  return {
    store,
    select,
    move,
    toggle(row) {
      const state = store.getState();
      const next = moveInTree(model, state.visible, { collapsed: state.collapsed, row }, 'toggle', 1);
      // A cursor inside what has just been closed moves to the closed row.
      const { selected } = state;
      const isHidden = next.collapsed[row] === 1 && selected > row && selected < (model.subtreeEnd[row] ?? 0);
      setTree(next.collapsed, isHidden ? row : selected, false);
    },
    setWindow: (window) => store.setState({ window: clampWindow(window, extent) }),
    zoom(factor) {
      const { window, selected } = store.getState();
      const [from, to] = [model.start[selected] ?? -1, model.end[selected] ?? -1];
      const isInside = selected >= 0 && to >= window.start && from <= window.end;
      const middle = (window.start + window.end) / 2;
      const at = isInside ? (Math.max(from, window.start) + Math.min(to, window.end)) / 2 : middle;
      store.setState({ window: zoomAt(window, at, factor, extent) });
    },
    pan: (share) => store.setState({ window: panBy(store.getState().window, share, extent) }),
    zoomToRow(row) {
      if (row < 0) return;
      store.setState({ window: windowAround(model.start[row] ?? 0, model.end[row] ?? extent, extent) });
    },
    showWholeTrace: () => store.setState({ window: wholeTrace(extent) }),
    setFind(text) {
      const matches = findSpans(model, text);
      store.setState({ find: text, matches });
    },
    goToMatch(direction) {
      const { matches, selected } = store.getState();
      select(stepThrough(matches, selected, direction));
    },
    goToError: (direction) => select(stepThrough(failedRows(model), store.getState().selected, direction)),
  };
}
