import type { SpanAnswer } from '@clew/core/api';
import type { ReactNode, RefObject } from 'react';
import { readException } from '../../trace/exceptions.ts';
import { formatDuration } from '../../trace/format-duration.ts';
import { ExceptionCard } from '../../widgets/exception-card.tsx';
import { JsonView } from '../../widgets/json-view.tsx';

export interface SpanEventsProps {
  readonly span: SpanAnswer;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** What happened during the span, in order, and the spans it is linked to. */
export function SpanEvents({ span, scroller }: SpanEventsProps): ReactNode {
  if (span.events.length === 0 && span.links.length === 0) {
    return <p className="text-base text-ink-3">Nothing was recorded while this span ran.</p>;
  }
  const start = BigInt(span.startUnixNano);
  return (
    <div className="flex flex-col gap-4">
      {span.events.map((event, index) => (
        <section key={index}>
          <h3 className="mb-1 flex items-baseline gap-2 text-base font-semibold text-ink-1">
            {event.name}
            <span className="text-sm font-normal text-ink-3 tabular-nums">
              +{formatDuration(Number(BigInt(event.timeUnixNano) - start) / 1000)}
            </span>
          </h3>
          <EventBody event={event} scroller={scroller} />
        </section>
      ))}
      {span.links.length > 0 && (
        <section>
          <h3 className="mb-1 text-base font-semibold text-ink-1">Links</h3>
          <JsonView value={span.links} scroller={scroller} label="links" />
        </section>
      )}
    </div>
  );
}

interface EventBodyProps {
  readonly event: SpanAnswer['events'][number];
  readonly scroller: RefObject<HTMLElement | null>;
}

function EventBody({ event, scroller }: EventBodyProps): ReactNode {
  const exception = readException(event);
  if (exception !== undefined) return <ExceptionCard exception={exception} scroller={scroller} />;
  if (Object.keys(event.attributes).length === 0) return null;
  return <JsonView value={event.attributes} scroller={scroller} label={event.name} levels={1} isTable />;
}
