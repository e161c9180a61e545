import { useNavigate } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useExperiments } from '../../client/use-experiments.ts';
import { useTrace } from '../../client/use-trace.ts';
import { EXPERIMENTS_PATH, tracePath, tracesPath } from '../../state/paths.ts';
import { readTraceView, writeTraceView } from '../../state/url.ts';
import { formatCount, formatPlural } from '../../trace/format-number.ts';
import { EmptyState } from '../../widgets/empty-state.tsx';
import { RowSkeletons } from '../../widgets/row-skeletons.tsx';
import { usePathText, useQueryText } from '../address.ts';
import { setPreference, usePreferences } from '../preferences.ts';
import { IconButton } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { useCommands } from '../shell/command-center.tsx';
import { FailureState } from '../shell/failure-state.tsx';
import { PanelBoundary } from '../shell/panel-boundary.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { neighboursOf, type Neighbours } from '../traces/list-places.ts';
import { traceName } from '../traces/trace-columns.ts';
import { LateTrace } from './late-trace.tsx';
import { TraceExplorer } from './trace-explorer.tsx';
import { TraceFacts } from './trace-facts.tsx';

/** One trace: tree, waterfall, and what each span holds. */
export function TracePage(): ReactNode {
  const experimentId = usePathText('experimentId');
  const traceId = usePathText('traceId');
  const loaded = useTrace(traceId);
  const experiments = useExperiments();
  const isDetailsOpen = usePreferences((state) => state.isDetailsOpen);
  const name = experiments.data?.find(({ experiment }) => experiment.experiment_id === experimentId)?.experiment.name;
  useEffect(() => {
    if (name !== undefined) setPreference('lastExperiment', experimentId);
  }, [name, experimentId]);
  const neighbours = neighboursOf(traceId);
  const { tab } = readTraceView(useQueryText()).view;
  const navigate = useNavigate();
  const goTo = (next: string | undefined): void => {
    if (next === undefined) return;
    void navigate({ to: tracePath(experimentId, next), search: writeTraceView({ tab, find: '' }), replace: true });
  };
  useCommands({ 'trace.next': () => goTo(neighbours?.next), 'trace.previous': () => goTo(neighbours?.previous) });
  return (
    <PageFrame
      crumbs={[
        { word: 'Experiments', to: EXPERIMENTS_PATH },
        {
          word: name ?? experimentId,
          to: tracesPath(experimentId),
          ...(neighbours === undefined ? {} : { query: neighbours.list.query }),
        },
        { word: loaded.data === undefined ? traceId : traceName(loaded.data.trace) },
      ]}
      isBusy={loaded.isFetching}
      actions={
        <>
          {neighbours !== undefined && <Stepper neighbours={neighbours} onStep={goTo} />}
          <CopyButton what="trace id" text={() => traceId} />
          <IconButton
            icon="panelRight"
            label="Span details (])"
            aria-pressed={isDetailsOpen}
            onClick={() => setPreference('isDetailsOpen', !isDetailsOpen)}
          />
        </>
      }
      status={
        loaded.isSuccess && (
          <>
            <span>{formatPlural(loaded.data.model.spanCount, 'span')}</span>
            {loaded.data.model.errorCount > 0 && (
              <span className="text-error">{loaded.data.model.errorCount} failed, step through with . and ,</span>
            )}
            <span className="ml-auto">? shows all keys</span>
          </>
        )
      }
    >
      {loaded.isPending && (
        <>
          <LateTrace reason={loaded.failureReason} />
          <RowSkeletons count={18} rowHeight={28} />
        </>
      )}
      {loaded.isError && !loaded.isSuccess && (
        <FailureState error={loaded.error} onRetry={() => void loaded.refetch()} />
      )}
      {loaded.isSuccess && (
        <>
          <TraceFacts loaded={loaded.data} experimentId={experimentId} />
          <PanelBoundary resetKey={traceId}>
            {loaded.data.model.size === 0 ? (
              <EmptyState title="This trace has no spans yet">Its header has arrived; spans may follow.</EmptyState>
            ) : (
              <TraceExplorer key={traceId} traceId={traceId} loaded={loaded.data} />
            )}
          </PanelBoundary>
        </>
      )}
    </PageFrame>
  );
}

interface StepperProps {
  readonly neighbours: Neighbours;
  readonly onStep: (traceId: string | undefined) => void;
}

/** Where the trace stands in the list it was opened from, and the ones beside it. */
function Stepper({ neighbours: { list, position, previous, next }, onStep }: StepperProps): ReactNode {
  return (
    <span className="flex items-center text-sm text-ink-3 tabular-nums">
      <IconButton
        icon="arrowUp"
        label="Previous trace (⇧K)"
        size={14}
        disabled={previous === undefined}
        onClick={() => onStep(previous)}
      />
      <span className="px-1 max-lg:hidden">
        {formatCount(position)} of {formatCount(list.total)}
      </span>
      <IconButton
        icon="arrowDown"
        label="Next trace (⇧J)"
        size={14}
        disabled={next === undefined}
        onClick={() => onStep(next)}
      />
    </span>
  );
}
