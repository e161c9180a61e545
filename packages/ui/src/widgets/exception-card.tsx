import { useState, type ReactNode, type RefObject } from 'react';
import type { ExceptionView } from '../trace/exceptions.ts';
import { formatPlural } from '../trace/format-number.ts';
import { CopyButton } from './copy-button.tsx';

export interface ExceptionCardProps {
  readonly exception: ExceptionView;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** Lines of a stack shown before the reader asks for all. */
const SHOWN_LINES = 8;

/** An exception: what it was, what it said, where it came from. */
export function ExceptionCard({ exception }: ExceptionCardProps): ReactNode {
  const { type, message, stack } = exception;
  const [isWhole, setIsWhole] = useState(false);
  const lines = isWhole ? stack : stack.slice(0, SHOWN_LINES);
  return (
    <section aria-label={`Exception ${type}`} className="overflow-hidden rounded-control border border-border">
      <div className="flex items-start gap-2 bg-error-tint px-3 py-2">
        <p className="min-w-0 flex-1 text-base break-words whitespace-pre-wrap text-error">
          <span className="font-semibold">{type}</span>
          {message !== '' && `: ${message}`}
        </p>
        <CopyButton what="exception" text={() => [`${type}: ${message}`, ...stack].join('\n')} />
      </div>
      {stack.length > 0 && (
        <div className="px-3 py-2">
          <pre className="font-mono text-mono break-words whitespace-pre-wrap text-ink-2">{lines.join('\n')}</pre>
          {stack.length > SHOWN_LINES && (
            <button
              type="button"
              onClick={() => setIsWhole(!isWhole)}
              className="mt-1 rounded-chip font-sans text-sm font-medium text-accent-ink hover:underline"
            >
              {isWhole ? 'Show less' : `Show all ${formatPlural(stack.length, 'line')}`}
            </button>
          )}
        </div>
      )}
    </section>
  );
}
