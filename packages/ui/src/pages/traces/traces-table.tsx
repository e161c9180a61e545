import { Link } from '@tanstack/react-router';
import type { TraceRow } from '@clew/core/api';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { tracePath } from '../../state/paths.ts';
import type { TraceSort, TraceSortKey } from '../../state/url.ts';
import { formatDuration } from '../../trace/format-duration.ts';
import { formatAmount, formatCount } from '../../trace/format-number.ts';
import { formatInstant, formatTime } from '../../trace/format-time.ts';
import { Icon } from '../../widgets/icon.tsx';
import { StatusMark, type Status } from '../../widgets/status-mark.tsx';
import { useRowWindow } from '../../widgets/use-row-window.ts';
import { useListCursor } from '../shell/use-list-cursor.ts';
import type { ListPlace } from './list-places.ts';
import { longDuration, TRACE_COLUMNS, traceName, traceSession, type TraceColumn } from './trace-columns.ts';

export interface TracesTableProps {
  readonly rows: readonly TraceRow[];
  /** All that match, loaded or not; -1 while unknown. */
  readonly totalCount: number;
  readonly sort: TraceSort;
  readonly onSort: (key: TraceSortKey) => void;
  /** Pixels. */
  readonly rowHeight: number;
  readonly isStale: boolean;
  /** Rows run out soon: load more. */
  readonly onNearEnd: () => void;
  readonly onOpen: (trace: TraceRow) => void;
  readonly now: number;
  /** Where the reader was when the page was left. */
  readonly place: ListPlace;
  readonly onPlace: (place: ListPlace) => void;
}

const GRID = 'traces-grid items-center gap-4 px-4';
/** Pixels; the header sticks to the top of what scrolls. */
const HEADER_HEIGHT = 33;
/** Rows left below the screen when the next page is asked for. */
const NEAR_END = 40;

/** Traces as rows of one height, of which only those on screen are in the page. */
export function TracesTable(props: TracesTableProps): ReactNode {
  const { rows, totalCount, rowHeight, onNearEnd, onOpen, onPlace, place } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLTableSectionElement>(null);
  const { range, isRushing } = useRowWindow({ count: rows.length, rowHeight, scroller, list });
  const long = useMemo(() => longDuration(rows), [rows]);

  const [initialPlace] = useState(place);
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = initialPlace.scrollTop;
  }, [initialPlace]);
  const remember = (traceId: string): void => onPlace({ scrollTop: scroller.current?.scrollTop ?? 0, traceId });
  const cursor = useListCursor({
    count: rows.length,
    pageRows: () => Math.max(Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2, 1),
    initial: rows.findIndex(({ info }) => info.trace_id === initialPlace.traceId),
    onOpen: (index) => {
      const trace = rows[index];
      if (trace === undefined) return;
      remember(trace.info.trace_id);
      onOpen(trace);
    },
    onMove: (index) => bringIntoView(scroller.current, index, rowHeight),
  });
  const nearEnd = useRef(onNearEnd);
  useEffect(() => {
    nearEnd.current = onNearEnd;
  });
  useEffect(() => {
    if (range.end > rows.length - NEAR_END) nearEnd.current();
  }, [range.end, rows.length]);

  return (
    <div
      ref={scroller}
      className={`min-h-0 flex-1 overflow-y-auto border-t border-border ${props.isStale ? 'opacity-60' : ''}`}
    >
      <table aria-label="Traces" aria-rowcount={totalCount < 0 ? -1 : totalCount + 1} className="block text-left">
        <Header {...props} />
        <tbody
          ref={list}
          className={`relative block ${isRushing ? 'row-stripes' : ''}`}
          style={{ height: rows.length * rowHeight, ['--row-height' as string]: `${rowHeight}px` }}
        >
          {!isRushing &&
            rows
              .slice(range.first, range.end)
              .map((trace, index) => (
                <Row
                  key={trace.info.trace_id}
                  trace={trace}
                  index={range.first + index}
                  isActive={range.first + index === cursor}
                  long={long}
                  rowHeight={rowHeight}
                  now={props.now}
                  onLeave={remember}
                />
              ))}
        </tbody>
      </table>
    </div>
  );
}

function Header({ sort, onSort }: TracesTableProps): ReactNode {
  return (
    <thead className="sticky top-0 z-10 block border-b border-border bg-surface-1 text-sm text-ink-3">
      <tr aria-rowindex={1} className={`${GRID} h-8`}>
        {TRACE_COLUMNS.map((column) => (
          <HeaderCell key={column.key} column={column} sort={sort} onSort={onSort} />
        ))}
      </tr>
    </thead>
  );
}

interface HeaderCellProps {
  readonly column: TraceColumn;
  readonly sort: TraceSort;
  readonly onSort: (key: TraceSortKey) => void;
}

function HeaderCell({ column: { key, title, isNumber }, sort, onSort }: HeaderCellProps): ReactNode {
  const side = isNumber ? 'justify-end' : '';
  if (key === 'preview') {
    return <th className="truncate font-medium">{title}</th>;
  }
  const isSorted = sort.key === key;
  const direction = sort.isDescending ? 'descending' : 'ascending';
  return (
    <th aria-sort={isSorted ? direction : 'none'} className={`flex min-w-0 ${side}`}>
      <button
        type="button"
        onClick={() => onSort(key)}
        className={`flex h-6 min-w-0 items-center gap-1 rounded-chip font-medium hover:text-ink-1 ${isSorted ? 'text-ink-1' : ''}`}
      >
        {title}
        {isSorted && <Icon name={sort.isDescending ? 'arrowDown' : 'arrowUp'} size={12} />}
      </button>
    </th>
  );
}

interface RowProps {
  readonly trace: TraceRow;
  readonly index: number;
  readonly isActive: boolean;
  readonly long: number;
  readonly rowHeight: number;
  readonly now: number;
  readonly onLeave: (traceId: string) => void;
}

function Row({ trace, index, isActive, long, rowHeight, now, onLeave }: RowProps): ReactNode {
  const { info } = trace;
  const time = Date.parse(info.request_time);
  const session = traceSession(trace);
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={isActive}
      className={`${GRID} absolute inset-x-0 top-0 border-b border-border ${isActive ? 'bg-selected' : 'hover:bg-hover'}`}
      style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
    >
      <td className="truncate text-ink-2 tabular-nums" title={formatInstant(time)}>
        {formatTime(time, now)}
      </td>
      <td className="flex min-w-0 items-center gap-2">
        <StatusMark status={statusOf(info.state)} withWord={false} />
        <Link
          to={tracePath(info.trace_location.mlflow_experiment.experiment_id, info.trace_id)}
          onClick={() => onLeave(info.trace_id)}
          className="truncate font-medium text-ink-1 after:absolute after:inset-0 focus-visible:outline-offset-0"
        >
          {traceName(trace)}
        </Link>
        {trace.errorCount > 0 && (
          <span className="shrink-0 text-xs font-medium text-error" title="Failed spans">
            {formatCount(trace.errorCount)}
          </span>
        )}
      </td>
      <Preview request={info.request_preview} response={info.response_preview} />
      <DurationCell millis={trace.durationMillis} long={long} />
      <td className="text-right text-ink-2 tabular-nums" title={tokenTitle(trace)}>
        {trace.totalTokens === undefined ? <Nothing /> : formatAmount(trace.totalTokens)}
      </td>
      <td className="text-right text-ink-2 tabular-nums">{formatCount(trace.spanCount)}</td>
      <td className="truncate font-mono text-mono text-ink-3" title={session}>
        {session ?? <Nothing />}
      </td>
    </tr>
  );
}

function Nothing(): ReactNode {
  return <span className="text-ink-3">–</span>;
}

function Preview(props: { readonly request: string | undefined; readonly response: string | undefined }): ReactNode {
  const { request, response } = props;
  return (
    <td className="flex min-w-0 items-center gap-2 text-ink-2">
      {request !== undefined && <span className="max-w-1/2 min-w-0 shrink-0 truncate">{oneLine(request)}</span>}
      {response !== undefined && (
        <>
          <span aria-hidden="true" className="text-ink-3">
            →
          </span>
          <span className="min-w-0 flex-1 truncate text-ink-1">{oneLine(response)}</span>
        </>
      )}
      {request === undefined && response === undefined && <Nothing />}
    </td>
  );
}

function DurationCell({ millis, long }: { readonly millis: number | undefined; readonly long: number }): ReactNode {
  if (millis === undefined) {
    return <td className="text-right text-running">running</td>;
  }
  const share = long === 0 ? 0 : Math.min(millis / long, 1);
  return (
    <td className="flex items-center justify-end gap-2.5 tabular-nums">
      <span className="whitespace-nowrap text-ink-1">{formatDuration(millis * 1000)}</span>
      <span aria-hidden="true" className="h-1.5 w-14 shrink-0 overflow-hidden rounded-bar bg-surface-2">
        <span className="block h-full min-w-px bg-outline" style={{ width: `${share * 100}%` }} />
      </span>
    </td>
  );
}

function statusOf(state: TraceRow['info']['state']): Status {
  switch (state) {
    case 'OK':
      return 'ok';
    case 'ERROR':
      return 'error';
    case 'IN_PROGRESS':
      return 'running';
    case 'STATE_UNSPECIFIED':
      return 'unset';
  }
}

function tokenTitle({ inputTokens, outputTokens }: TraceRow): string | undefined {
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return `${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out`;
}

function oneLine(text: string): string {
  return text.slice(0, 300).replaceAll(/\s+/g, ' ');
}

function bringIntoView(scroller: HTMLElement | null, index: number, rowHeight: number): void {
  if (scroller === null) return;
  const [top, bottom] = [index * rowHeight, (index + 1) * rowHeight + HEADER_HEIGHT];
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
}
