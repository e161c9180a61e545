import { useEffect, useRef, useState } from 'react';
import { readTraceView, writeTraceView, type TraceView } from '../../state/url.ts';
import { isWholeTrace } from '../../trace/time-window.ts';
import { findRow, firstInterestingRow, type TraceModel } from '../../trace/trace-model.ts';
import {
  continueExplorer,
  createExplorer,
  type Explorer,
  type ExplorerStart,
  type ExplorerState,
} from '../../widgets/waterfall/explorer.ts';
import { useQueryText, useWriteQuery } from '../address.ts';

/** Milliseconds of rest before selection, zoom and find are written into the address. */
const WRITE_PAUSE = 200;

export interface AddressedExplorer {
  readonly explorer: Explorer;
  readonly view: TraceView;
  readonly ignored: readonly string[];
  readonly setTab: (tab: TraceView['tab']) => void;
}

/** An explorer whose selection, zoom and find are part of the address, in both directions. */
export function useExplorer(model: TraceModel): AddressedExplorer {
  const { view, ignored } = readTraceView(useQueryText());
  const writeQuery = useWriteQuery();
  const [explorer, setExplorer] = useState(() => createExplorer(startOf(model, view)));
  if (explorer.store.getState().model !== model) {
    setExplorer(createExplorer(continueExplorer(explorer.store.getState(), model)));
  }
  const latest = useRef({ view, writeQuery });
  useEffect(() => {
    latest.current = { view, writeQuery };
  });

  // The address changed under us: back, forward, or a link within the page.
  useEffect(() => {
    const state = explorer.store.getState();
    const row = view.span === undefined ? -1 : findRow(state.model, view.span);
    if (row >= 0 && row !== state.selected) explorer.select(row);
  }, [explorer, view.span]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = explorer.store.subscribe((state, before) => {
      const isSame = state.selected === before.selected && state.window === before.window && state.find === before.find;
      if (isSame) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        const { view, writeQuery } = latest.current;
        writeQuery(writeTraceView(viewOf(explorer.store.getState(), view)), 'adjust');
      }, WRITE_PAUSE);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [explorer]);

  const setTab = (tab: TraceView['tab']): void =>
    writeQuery(writeTraceView({ ...viewOf(explorer.store.getState(), view), tab }), 'adjust');
  return { explorer, view, ignored, setTab };
}

function startOf(model: TraceModel, view: TraceView): ExplorerStart {
  const { zoom } = view;
  return {
    model,
    selected: view.span === undefined ? firstInterestingRow(model) : findRow(model, view.span),
    find: view.find,
    ...(zoom === undefined ? {} : { window: { start: zoom.start * 1000, end: zoom.end * 1000 } }),
  };
}

/** A span id the trace does not hold stays in the address until another span is chosen. */
function viewOf(state: ExplorerState, before: TraceView): TraceView {
  const { model, selected, window, find } = state;
  const span = model.columns.spanId[selected] ?? before.span;
  const zoom = isWholeTrace(window, model.extent) ? undefined : { start: window.start / 1000, end: window.end / 1000 };
  return {
    tab: before.tab,
    find,
    ...(span === undefined ? {} : { span }),
    ...(zoom === undefined ? {} : { zoom }),
  };
}
