import { printFilter } from '@clew/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LoadedTrace } from '../../client/use-trace.ts';
import { tracesPath } from '../../state/paths.ts';
import { NEWEST_FIRST, writeTracesView } from '../../state/url.ts';
import { formatDuration } from '../../trace/format-duration.ts';
import { formatAmount, formatCost, formatCount } from '../../trace/format-number.ts';
import { formatInstant, formatTime } from '../../trace/format-time.ts';
import { useNow } from '../use-now.ts';
import { StatusMark } from '../../widgets/status-mark.tsx';

export interface TraceFactsProps {
  readonly loaded: LoadedTrace;
  readonly experimentId: string;
}

/** Tags the server keeps for itself; the facts they hold are shown on their own. */
const INTERNAL = /^mlflow\./;
const SHOWN_TAGS = 3;

/** The line that answers first: how it went, when, how long, how much, whose. */
export function TraceFacts({ loaded, experimentId }: TraceFactsProps): ReactNode {
  const { trace, model } = loaded;
  const { info } = trace;
  const now = useNow();
  const start = Number(loaded.startUnixNano / 1_000_000n);
  const isRunning = info.state === 'IN_PROGRESS';
  const state = info.state === 'ERROR' ? 'error' : isRunning ? 'running' : info.state === 'OK' ? 'ok' : 'unset';
  const session = info.trace_metadata['mlflow.trace.session'];
  const user = info.trace_metadata['mlflow.trace.user'];
  const tags = Object.entries(info.tags).filter(([key]) => !INTERNAL.test(key));
  const duration = trace.durationMillis === undefined ? model.extent : trace.durationMillis * 1000;
  return (
    <div className="flex h-9 shrink-0 items-center gap-x-5 overflow-hidden border-b border-border px-4 text-base whitespace-nowrap">
      <StatusMark status={state} withWord />
      <Fact name="Started">
        <time title={formatInstant(start)}>{formatTime(start, now)}</time>
      </Fact>
      <Fact name="Duration">{formatDuration(duration)}</Fact>
      <Fact name="Spans">{formatCount(model.spanCount)}</Fact>
      {trace.totalTokens !== undefined && (
        <Fact name="Tokens">
          <span title={tokenTitle(trace.inputTokens, trace.outputTokens)}>{formatAmount(trace.totalTokens)}</span>
        </Fact>
      )}
      {trace.totalCost !== undefined && <Fact name="Cost">{formatCost(trace.totalCost)}</Fact>}
      {session !== undefined && (
        <Fact name="Session">
          <FilterLink experimentId={experimentId} field="session" value={session} />
        </Fact>
      )}
      {user !== undefined && (
        <Fact name="User">
          <FilterLink experimentId={experimentId} field="user" value={user} />
        </Fact>
      )}
      <Tags tags={tags} />
    </div>
  );
}

/** As many as fit in a word or two; all of them on hover. */
function Tags({ tags }: { readonly tags: readonly (readonly [key: string, value: string])[] }): ReactNode {
  if (tags.length === 0) return null;
  return (
    <span
      className="flex min-w-0 items-center gap-1.5 overflow-hidden"
      title={tags.map(([key, value]) => `${key}: ${value}`).join('\n')}
    >
      {tags.slice(0, SHOWN_TAGS).map(([key, value]) => (
        <span key={key} className="max-w-56 shrink-0 truncate rounded-chip bg-surface-2 px-1.5 text-sm text-ink-3">
          {key} <span className="text-ink-1">{value}</span>
        </span>
      ))}
      {tags.length > SHOWN_TAGS && <span className="text-sm text-ink-3">+{tags.length - SHOWN_TAGS}</span>}
    </span>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <span className="flex shrink-0 items-baseline gap-1.5">
      <span className="text-sm text-ink-3">{name}</span>
      <span className="max-w-64 truncate font-medium text-ink-1">{children}</span>
    </span>
  );
}

interface FilterLinkProps {
  readonly experimentId: string;
  readonly field: 'session' | 'user';
  readonly value: string;
}

function FilterLink({ experimentId, field, value }: FilterLinkProps): ReactNode {
  const filter = printFilter({ kind: 'text', field, test: { op: '=', value } }, 'short');
  return (
    <Link
      to={tracesPath(experimentId)}
      search={writeTracesView({ filter, sort: NEWEST_FIRST })}
      title={`All traces of ${field} ${value}`}
      className="rounded-chip text-accent-ink hover:underline"
    >
      {value.length > 20 ? `${value.slice(0, 8)}…` : value}
    </Link>
  );
}

function tokenTitle(input: number | undefined, output: number | undefined): string | undefined {
  return input === undefined || output === undefined
    ? undefined
    : `${formatCount(input)} in, ${formatCount(output)} out`;
}
