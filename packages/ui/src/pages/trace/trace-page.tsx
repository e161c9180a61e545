import { useEffect, type ReactNode } from 'react';
import { RequestError } from '../../client/request.ts';
import { useExperiments } from '../../client/use-experiments.ts';
import { useTrace } from '../../client/use-trace.ts';
import { EXPERIMENTS_PATH, tracesPath } from '../../state/paths.ts';
import { formatPlural } from '../../trace/format-number.ts';
import { EmptyState } from '../../widgets/empty-state.tsx';
import { RowSkeletons } from '../../widgets/row-skeletons.tsx';
import { usePathText } from '../address.ts';
import { setPreference, usePreferences } from '../preferences.ts';
import { IconButton } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { FailureState } from '../shell/failure-state.tsx';
import { PanelBoundary } from '../shell/panel-boundary.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { traceName } from '../traces/trace-columns.ts';
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
  return (
    <PageFrame
      crumbs={[
        { word: 'Experiments', to: EXPERIMENTS_PATH },
        { word: name ?? experimentId, to: tracesPath(experimentId) },
        { word: loaded.data === undefined ? traceId : traceName(loaded.data.trace) },
      ]}
      isBusy={loaded.isFetching}
      actions={
        <>
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
          {loaded.failureReason instanceof RequestError && loaded.failureReason.status === 404 && <LateTrace />}
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

function LateTrace(): ReactNode {
  return (
    <output className="block px-4 pt-4 text-base text-ink-2">
      Not here yet. Traces can arrive late; looking again every second.
    </output>
  );
}
