import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { RequestError } from '../../client/request.ts';
import { useExperiments } from '../../client/use-experiments.ts';
import { useTraceCount, useTraces } from '../../client/use-traces.ts';
import { readFilter } from '../../state/applied-filter.ts';
import { EXPERIMENTS_PATH, tracePath, tracesPath } from '../../state/paths.ts';
import { readTracesView, writeTracesView, type TracesView } from '../../state/url.ts';
import { formatCount, formatPlural } from '../../trace/format-number.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { EmptyState } from '../../widgets/empty-state.tsx';
import { Notice } from '../../widgets/notice.tsx';
import { RowSkeletons } from '../../widgets/row-skeletons.tsx';
import { usePathText, useQueryText, useWriteQuery } from '../address.ts';
import { setPreference, TABLE_ROW, usePreferences } from '../preferences.ts';
import { useCommands } from '../shell/command-center.tsx';
import { FailureState } from '../shell/failure-state.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { FirstSteps } from './first-steps.tsx';
import { FilterBox } from './filter-box.tsx';
import { listPlace, rememberListPlace, rememberOpenedList } from './list-places.ts';
import { orderByOf, sortAfterClick } from './trace-columns.ts';
import { TracesTable } from './traces-table.tsx';

/** The traces of one experiment: filtered, sorted, and as many as there are. */
export function TracesPage(): ReactNode {
  const experimentId = usePathText('experimentId');
  const navigate = useNavigate();
  const writeQuery = useWriteQuery();
  const address = useLocation({ select: ({ href }) => href });
  const { view, ignored } = readTracesView(useQueryText());
  const rowHeight = TABLE_ROW[usePreferences((state) => state.density)];
  const box = useRef<HTMLInputElement>(null);

  const [now, setNow] = useState(() => Date.now());
  const { filter, sort } = view;
  const read = readFilter(filter, now);
  const isEnabled = read.kind === 'understood';
  const orderBy = orderByOf(sort);
  const traces = useTraces({ experimentId, filter, orderBy, isEnabled });
  const count = useTraceCount({ experimentId, filter, isEnabled });
  const experiments = useExperiments();
  const summary = experiments.data?.find(({ experiment }) => experiment.experiment_id === experimentId);
  const rows = useMemo(() => traces.data?.pages.flatMap((page) => page.traces) ?? [], [traces.data]);

  useEffect(() => {
    if (summary !== undefined) setPreference('lastExperiment', experimentId);
  }, [summary, experimentId]);
  const write = (change: Partial<TracesView>, step: 'choose' | 'adjust'): void =>
    writeQuery(writeTracesView({ ...view, ...change }), step);
  const refresh = (): void => {
    setNow(Date.now());
    void traces.refetch();
    void count.refetch();
  };
  useCommands({
    'app.find': () => {
      box.current?.focus();
      box.current?.select();
    },
    'list.refresh': refresh,
  });

  const serverRefusal = traces.error instanceof RequestError ? traces.error.filterError : undefined;
  const refusal = read.kind === 'refused' ? read.error : serverRefusal;
  return (
    <PageFrame
      crumbs={[
        { word: 'Experiments', to: EXPERIMENTS_PATH },
        { word: summary?.experiment.name ?? experimentId, to: tracesPath(experimentId) },
        { word: 'Traces' },
      ]}
      isBusy={traces.isFetching}
      actions={<IconButton icon="refresh" label="Refresh (r)" onClick={refresh} />}
      status={
        isEnabled && (
          <Status count={count.data} total={summary?.traceCount} loaded={rows.length} isFiltered={filter !== ''} />
        )
      }
    >
      {ignored.length > 0 && (
        <Notice tone="warn">The address asked for a {ignored.join(', ')} that does not exist; it was left out.</Notice>
      )}
      <FilterBox
        ref={box}
        applied={filter}
        chips={read.kind === 'understood' ? read.chips : []}
        refusal={refusal}
        now={now}
        onApply={(next, step) => {
          setNow(Date.now());
          write({ filter: next }, step);
        }}
      />
      {experiments.isSuccess && summary === undefined ? (
        <EmptyState title="There is no such experiment">It may have been deleted.</EmptyState>
      ) : refusal !== undefined ? (
        <EmptyState title="This filter cannot be read">Correct it above, and its traces appear here.</EmptyState>
      ) : traces.isError && rows.length === 0 ? (
        <FailureState error={traces.error} onRetry={() => void traces.refetch()} />
      ) : traces.isPending ? (
        <RowSkeletons count={16} rowHeight={rowHeight} />
      ) : rows.length === 0 ? (
        <NoTraces
          experimentId={experimentId}
          isFiltered={filter !== ''}
          onClear={() => write({ filter: '' }, 'choose')}
        />
      ) : (
        <TracesTable
          key={`${experimentId} ${filter} ${orderBy}`}
          rows={rows}
          totalCount={count.data ?? -1}
          sort={sort}
          onSort={(key) => write({ sort: sortAfterClick(sort, key) }, 'choose')}
          rowHeight={rowHeight}
          isStale={traces.isPlaceholderData}
          now={now}
          onNearEnd={() => {
            if (traces.hasNextPage && !traces.isFetchingNextPage) void traces.fetchNextPage();
          }}
          onOpen={({ info }) => void navigate({ to: tracePath(experimentId, info.trace_id) })}
          place={listPlace(address)}
          onPlace={(place) => {
            rememberListPlace(address, place);
            const traceIds = rows.map(({ info }) => info.trace_id);
            rememberOpenedList({
              query: writeTracesView(view),
              experimentId,
              traceIds,
              total: count.data ?? traceIds.length,
            });
          }}
        />
      )}
    </PageFrame>
  );
}

interface StatusProps {
  readonly count: number | undefined;
  readonly total: number | undefined;
  readonly loaded: number;
  readonly isFiltered: boolean;
}

function Status({ count, total, loaded, isFiltered }: StatusProps): ReactNode {
  const found =
    isFiltered && total !== undefined && count !== undefined
      ? `${formatCount(count)} of ${formatPlural(total, 'trace')}`
      : formatPlural(count ?? 0, 'trace');
  return (
    <>
      <span>{count === undefined ? 'Counting…' : found}</span>
      {count !== undefined && loaded < count && <span>{formatPlural(loaded, 'row')} loaded, more as you scroll</span>}
    </>
  );
}

interface NoTracesProps {
  readonly experimentId: string;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

function NoTraces({ experimentId, isFiltered, onClear }: NoTracesProps): ReactNode {
  if (!isFiltered) return <FirstSteps experimentId={experimentId} />;
  return (
    <EmptyState title="No trace matches">
      <p>Take a condition away above, or start over.</p>
      <Button onClick={onClear}>Clear filter</Button>
    </EmptyState>
  );
}
