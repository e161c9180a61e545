import { useRef, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { LoadedTrace } from '../../client/use-trace.ts';
import { formatCount } from '../../trace/format-number.ts';
import { findRow } from '../../trace/trace-model.ts';
import type { TreeMove } from '../../trace/move-in-tree.ts';
import { EmptyState } from '../../widgets/empty-state.tsx';
import { Notice } from '../../widgets/notice.tsx';
import { Splitter } from '../../widgets/splitter.tsx';
import type { WaterfallEngine } from '../../widgets/waterfall/waterfall-engine.ts';
import { Waterfall } from '../../widgets/waterfall/waterfall.tsx';
import { setPreference, TREE_ROW, usePreferences } from '../preferences.ts';
import { useCommands } from '../shell/command-center.tsx';
import { PanelBoundary } from '../shell/panel-boundary.tsx';
import { ExplorerToolbar } from './explorer-toolbar.tsx';
import { SpanDetails } from './span-details.tsx';
import { useExplorer } from './use-explorer.ts';

export interface TraceExplorerProps {
  readonly traceId: string;
  readonly loaded: LoadedTrace;
}

/** Tree and waterfall on the left, the chosen span on the right. */
export function TraceExplorer({ traceId, loaded }: TraceExplorerProps): ReactNode {
  const { model } = loaded;
  const { explorer, view, ignored, setTab } = useExplorer(model);
  const selected = useStore(explorer.store, (state) => state.selected);
  const { density, namesShare, waterfallShare, isDetailsOpen } = usePreferences();
  const engine = useRef<WaterfallEngine>(null);
  const tree = useRef<HTMLDivElement>(null);
  const find = useRef<HTMLInputElement>(null);

  const move = (kind: TreeMove) => (): void => explorer.move(kind, engine.current?.pageRows() ?? 10);
  useCommands({
    'app.find': () => {
      find.current?.focus();
      find.current?.select();
    },
    'tree.next': move('next'),
    'tree.previous': move('previous'),
    'tree.in': move('open or first child'),
    'tree.out': move('close or parent'),
    'tree.toggle': move('toggle'),
    'tree.openSubtree': move('open subtree'),
    'tree.closeSubtree': move('close subtree'),
    'tree.openSiblings': move('open siblings'),
    'tree.openAll': move('open all'),
    'tree.closeAll': move('close all'),
    'tree.first': move('first'),
    'tree.last': move('last'),
    'tree.pageDown': move('page down'),
    'tree.pageUp': move('page up'),
    'tree.nextError': () => explorer.goToError(1),
    'tree.previousError': () => explorer.goToError(-1),
    'tree.nextMatch': () => explorer.goToMatch(1),
    'tree.previousMatch': () => explorer.goToMatch(-1),
    'time.zoomIn': () => explorer.zoom(0.6),
    'time.zoomOut': () => explorer.zoom(1 / 0.6),
    'time.panLeft': () => explorer.pan(-0.2),
    'time.panRight': () => explorer.pan(0.2),
    'time.zoomSpan': () => explorer.zoomToRow(explorer.store.getState().selected),
    'time.whole': () => explorer.showWholeTrace(),
    'details.toggle': () => setPreference('isDetailsOpen', !isDetailsOpen),
    'details.io': () => setTab('io'),
    'details.attrs': () => setTab('attrs'),
    'details.events': () => setTab('events'),
    'details.json': () => setTab('json'),
  });

  const isUnknownSpan = view.span !== undefined && selected < 0 && findRow(model, view.span) < 0;
  const shown = formatCount(model.spanCount);
  return (
    <>
      {ignored.length > 0 && (
        <Notice tone="warn">
          The address asked for a {ignored.join(' and ')} that does not exist; it was left out.
        </Notice>
      )}
      {isUnknownSpan && (
        <Notice tone="warn">
          Span {view.span} is not in this trace ({shown} spans loaded of {shown}).
        </Notice>
      )}
      <div className="relative flex min-h-0 flex-1 max-lg:flex-col">
        <section
          aria-label="Waterfall"
          className="waterfall-pane flex min-h-0 min-w-0 flex-col"
          style={{ ['--share' as string]: isDetailsOpen ? `${waterfallShare * 100}%` : '100%' }}
        >
          <ExplorerToolbar explorer={explorer} fieldRef={find} onLeave={() => tree.current?.focus()} />
          <Waterfall
            explorer={explorer}
            rowHeight={TREE_ROW[density]}
            namesShare={namesShare}
            onNamesShare={(share) => setPreference('namesShare', share)}
            engineRef={engine}
            treeRef={tree}
          />
        </section>
        {isDetailsOpen && (
          <>
            <div className="max-lg:hidden">
              <Splitter
                label="Width of the waterfall"
                share={waterfallShare}
                onShare={(share) => setPreference('waterfallShare', share)}
                least={0.3}
                most={0.78}
              />
            </div>
            <section
              aria-label="Span"
              className="flex min-h-0 min-w-0 flex-1 flex-col border-border max-lg:border-t lg:border-l"
            >
              <PanelBoundary resetKey={String(selected)}>
                {selected < 0 ? (
                  <EmptyState title="No span chosen">Choose one on the left.</EmptyState>
                ) : (
                  <SpanDetails traceId={traceId} loaded={loaded} row={selected} tab={view.tab} onTab={setTab} />
                )}
              </PanelBoundary>
            </section>
          </>
        )}
      </div>
    </>
  );
}
