import type { SpanAnswer } from '@clew/core/api';
import { Tabs } from 'radix-ui';
import { useRef, type ReactNode, type RefObject } from 'react';
import { useSpan, type LoadedTrace } from '../../client/use-trace.ts';
import { SPAN_TABS, type SpanTab } from '../../state/url.ts';
import { readException } from '../../trace/exceptions.ts';
import { formatCount } from '../../trace/format-number.ts';
import { isMissing, isRunning } from '../../trace/trace-model.ts';
import { EmptyState } from '../../widgets/empty-state.tsx';
import { JsonView } from '../../widgets/json-view.tsx';
import { FailureState } from '../shell/failure-state.tsx';
import { SpanAttributes } from './span-attributes.tsx';
import { SpanEvents } from './span-events.tsx';
import { SpanHead } from './span-head.tsx';
import { SpanPayload } from './span-payload.tsx';

export interface SpanDetailsProps {
  readonly traceId: string;
  readonly loaded: LoadedTrace;
  readonly row: number;
  readonly tab: SpanTab;
  readonly onTab: (tab: SpanTab) => void;
}

const TAB_NAMES: { readonly [tab in SpanTab]: string } = {
  io: 'Inputs / outputs',
  attrs: 'Attributes',
  events: 'Events',
  json: 'JSON',
};

/** What one span holds. The head comes from the skeleton at once, the rest when its payload arrives. */
export function SpanDetails({ traceId, loaded, row, tab, onTab }: SpanDetailsProps): ReactNode {
  const { model } = loaded;
  const isAbsent = isMissing(model, row);
  const spanId = model.columns.spanId[row];
  const span = useSpan(traceId, isAbsent ? undefined : spanId, isRunning(model, row));
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <>
      <SpanHead model={model} row={row} span={span.data} />
      {isAbsent ? (
        <EmptyState title="This span did not arrive">
          Spans below name {spanId} as their parent. Its times are the range of its children.
        </EmptyState>
      ) : (
        <Tabs.Root
          value={tab}
          onValueChange={(value) => onTab(SPAN_TABS.find((known) => known === value) ?? 'io')}
          className="flex min-h-0 flex-1 flex-col"
        >
          <Tabs.List
            aria-label="Parts of the span"
            className="flex h-9 shrink-0 gap-4 overflow-x-auto overflow-y-hidden border-b border-border px-4"
          >
            {SPAN_TABS.map((known) => (
              <Tabs.Trigger
                key={known}
                value={known}
                className="flex shrink-0 items-center gap-1.5 border-b-2 whitespace-nowrap border-transparent text-base text-ink-2 hover:text-ink-1 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink-1"
              >
                {TAB_NAMES[known]}
                <TabCount tab={known} span={span.data} />
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <div ref={scroller} data-scrolls className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto">
            <Tabs.Content value={tab} className="px-4 py-3 outline-none">
              {span.isError ? (
                <FailureState error={span.error} onRetry={() => void span.refetch()} />
              ) : span.isSuccess ? (
                <TabBody key={`${spanId} ${tab}`} tab={tab} span={span.data} scroller={scroller} />
              ) : (
                <PayloadSkeleton />
              )}
            </Tabs.Content>
          </div>
        </Tabs.Root>
      )}
    </>
  );
}

interface TabBodyProps {
  readonly tab: SpanTab;
  readonly span: SpanAnswer;
  readonly scroller: RefObject<HTMLElement | null>;
}

function TabBody({ tab, span, scroller }: TabBodyProps): ReactNode {
  switch (tab) {
    case 'io':
      return <SpanPayload span={span} scroller={scroller} />;
    case 'attrs':
      return <SpanAttributes span={span} scroller={scroller} />;
    case 'events':
      return <SpanEvents span={span} scroller={scroller} />;
    case 'json':
      return <JsonView value={span} scroller={scroller} label="span" levels={1} />;
  }
}

function TabCount({ tab, span }: { readonly tab: SpanTab; readonly span: SpanAnswer | undefined }): ReactNode {
  if (span === undefined || tab === 'io' || tab === 'json') return null;
  const count = tab === 'attrs' ? Object.keys(span.attributes).length : span.events.length + span.links.length;
  if (count === 0) return null;
  const hasException = tab === 'events' && span.events.some((event) => readException(event) !== undefined);
  return (
    <span className={`text-xs tabular-nums ${hasException ? 'font-medium text-error' : 'text-ink-3'}`}>
      {formatCount(count)}
    </span>
  );
}

function PayloadSkeleton(): ReactNode {
  return (
    <div aria-hidden="true" className="flex flex-col gap-3 pt-1">
      {['30%', '92%', '84%', '88%', '46%'].map((width) => (
        <div key={width} className="skeleton h-3" style={{ width }} />
      ))}
    </div>
  );
}
