import { Link, useNavigate } from '@tanstack/react-router';
import type { ExperimentSummary } from '@clew/core/api';
import { useRef, useState, type ReactNode } from 'react';
import { useExperiments } from '../../client/use-experiments.ts';
import { tracesPath } from '../../state/paths.ts';
import { formatCount, formatPlural } from '../../trace/format-number.ts';
import { formatAgo, formatInstant } from '../../trace/format-time.ts';
import { EmptyState } from '../../widgets/empty-state.tsx';
import { FailureState } from '../shell/failure-state.tsx';
import { useNow } from '../use-now.ts';
import { PageFrame } from '../shell/page-frame.tsx';
import { useCommands } from '../shell/command-center.tsx';
import { useListCursor } from '../shell/use-list-cursor.ts';
import { SearchField } from '../../widgets/search-field.tsx';
import { RowSkeletons } from '../../widgets/row-skeletons.tsx';

/** Every experiment with what is in it; the way to its traces. */
export function ExperimentsPage(): ReactNode {
  const experiments = useExperiments();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useCommands({ 'app.find': () => field.current?.focus(), 'list.refresh': () => void experiments.refetch() });
  const all = experiments.data ?? [];
  const shown = all.filter(({ experiment }) => experiment.name.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <PageFrame
      crumbs={[{ word: 'Experiments' }]}
      isBusy={experiments.isFetching}
      status={experiments.isSuccess && formatPlural(shown.length, 'experiment')}
    >
      <div className="flex h-full min-h-0 flex-col">
        <div className="flex items-center px-4 py-2.5">
          <SearchField ref={field} label="Filter experiments by name" hint="/" value={text} onValue={setText} />
        </div>
        {experiments.isPending && <RowSkeletons count={6} rowHeight={40} />}
        {experiments.isError && <FailureState error={experiments.error} onRetry={() => void experiments.refetch()} />}
        {experiments.isSuccess && <Experiments experiments={shown} isFiltered={text.trim() !== ''} />}
      </div>
    </PageFrame>
  );
}

interface ExperimentsProps {
  readonly experiments: readonly ExperimentSummary[];
  readonly isFiltered: boolean;
}

function Experiments({ experiments, isFiltered }: ExperimentsProps): ReactNode {
  const navigate = useNavigate();
  const cursor = useListCursor({
    count: experiments.length,
    pageRows: () => 10,
    onOpen: (index) => {
      const id = experiments[index]?.experiment.experiment_id;
      if (id !== undefined) void navigate({ to: tracesPath(id) });
    },
  });
  if (experiments.length === 0) {
    return isFiltered ? (
      <EmptyState title="No experiment has this name" />
    ) : (
      <EmptyState title="No experiments yet">Send a trace to this server and its experiment appears here.</EmptyState>
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <table aria-label="Experiments" className="w-full border-collapse text-left">
        <thead className="sticky top-0 z-10 bg-page text-sm text-ink-3">
          <tr className="h-8 border-b border-border">
            <th className="pl-4 font-medium">Name</th>
            <th className="w-28 text-right font-medium">Traces</th>
            <th className="w-64 pl-10 font-medium">Failed</th>
            <th className="w-40 pr-4 text-right font-medium">Last trace</th>
          </tr>
        </thead>
        <tbody>
          {experiments.map((summary, index) => (
            <ExperimentRow key={summary.experiment.experiment_id} summary={summary} isActive={index === cursor} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ExperimentRow(props: { readonly summary: ExperimentSummary; readonly isActive: boolean }): ReactNode {
  const { experiment, traceCount, errorCount, lastTraceMillis } = props.summary;
  const now = useNow();
  return (
    <tr className={`relative h-10 border-b border-border ${props.isActive ? 'bg-selected' : 'hover:bg-hover'}`}>
      <td className="max-w-0 truncate pl-4">
        <Link
          to={tracesPath(experiment.experiment_id)}
          className="font-medium text-ink-1 after:absolute after:inset-0 focus-visible:outline-offset-0"
        >
          {experiment.name}
        </Link>
      </td>
      <td className="text-right text-ink-1 tabular-nums">{formatCount(traceCount)}</td>
      <td className="pl-10">
        <ErrorShare errors={errorCount} traces={traceCount} />
      </td>
      <td
        className="pr-4 text-right text-ink-2"
        title={lastTraceMillis === undefined ? undefined : formatInstant(lastTraceMillis)}
      >
        {lastTraceMillis === undefined ? '–' : formatAgo(lastTraceMillis, now)}
      </td>
    </tr>
  );
}

function ErrorShare({ errors, traces }: { readonly errors: number; readonly traces: number }): ReactNode {
  if (errors === 0) return <span className="text-ink-3">{traces === 0 ? '–' : 'none'}</span>;
  const percent = (100 * errors) / traces;
  return (
    <span className="flex items-center gap-2.5">
      <span className="w-10 text-right text-error tabular-nums">{formatCount(errors)}</span>
      <span className="h-1.5 w-16 overflow-hidden rounded-bar bg-surface-2">
        <span className="block h-full min-w-0.5 bg-error" style={{ width: `${percent}%` }} />
      </span>
      <span className="text-sm text-ink-3">{percent < 0.1 ? '<0.1' : percent.toFixed(1)} %</span>
    </span>
  );
}
