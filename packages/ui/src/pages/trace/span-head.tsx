import type { SpanAnswer } from '@clew/core/api';
import type { ReactNode } from 'react';
import { formatDuration } from '../../trace/format-duration.ts';
import { formatAmount, formatCost, formatCount } from '../../trace/format-number.ts';
import {
  isFailed,
  isMissing,
  isRunning,
  rowModelName,
  rowName,
  rowType,
  type TraceModel,
} from '../../trace/trace-model.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { StatusMark, type Status } from '../../widgets/status-mark.tsx';
import { TypeBadge } from '../../widgets/type-badge.tsx';

export interface SpanHeadProps {
  readonly model: TraceModel;
  readonly row: number;
  /** Adds what the skeleton does not know, once it is here. */
  readonly span: SpanAnswer | undefined;
}

/** Name, kind, outcome, times and cost of the span on show. */
export function SpanHead({ model, row, span }: SpanHeadProps): ReactNode {
  const spanId = model.columns.spanId[row] ?? '';
  const start = model.start[row] ?? 0;
  const duration = model.columns.duration[row] ?? -1;
  const modelName = rowModelName(model, row);
  return (
    <header className="flex shrink-0 flex-col gap-1 border-b border-border px-4 py-2.5">
      <div className="flex min-w-0 items-center gap-2.5">
        <h2 dir="auto" className="truncate text-lg font-semibold text-ink-1">
          {isMissing(model, row) ? 'Parent did not arrive' : rowName(model, row)}
        </h2>
        <StatusMark status={statusOf(model, row)} withWord={isFailed(model, row) || isRunning(model, row)} />
        <span className="ml-auto flex shrink-0 items-center gap-0.5 font-mono text-xs text-ink-3">
          {spanId.slice(0, 8)}
          <CopyButton what="span id" text={() => spanId} />
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-sm text-ink-2">
        <TypeBadge type={rowType(model, row)} />
        {modelName !== undefined && (
          <span className="font-medium text-ink-1">
            {modelName}
            {span?.provider !== undefined && <span className="font-normal text-ink-3"> · {span.provider}</span>}
          </span>
        )}
        <span>
          {duration < 0 ? 'running' : <span className="font-medium text-ink-1">{formatDuration(duration)}</span>}
          <span className="text-ink-3"> from +{formatDuration(start)}</span>
        </span>
        <Usage model={model} row={row} span={span} />
      </div>
    </header>
  );
}

function Usage({ model, row, span }: SpanHeadProps): ReactNode {
  const usage = span?.usage;
  const total = model.columns.tokens[row] ?? -1;
  const cost = span?.cost?.totalCost;
  return (
    <>
      {usage !== undefined ? (
        <span title={`${formatCount(usage.inputTokens)} in, ${formatCount(usage.outputTokens)} out`}>
          <span className="font-medium text-ink-1">{formatAmount(usage.inputTokens)}</span> in
          {usage.cacheReadInputTokens !== undefined && usage.cacheReadInputTokens > 0 && (
            <span className="text-ink-3"> ({formatAmount(usage.cacheReadInputTokens)} cached)</span>
          )}
          {' · '}
          <span className="font-medium text-ink-1">{formatAmount(usage.outputTokens)}</span> out
        </span>
      ) : (
        total >= 0 && <span>{formatAmount(total)} tokens</span>
      )}
      {cost !== undefined && <span className="font-medium text-ink-1">{formatCost(cost)}</span>}
    </>
  );
}

function statusOf(model: TraceModel, row: number): Status {
  if (isFailed(model, row)) return 'error';
  if (isRunning(model, row)) return 'running';
  return model.columns.status[row] === 1 ? 'ok' : 'unset';
}
