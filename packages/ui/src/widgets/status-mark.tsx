import type { ReactNode } from 'react';

export type Status = 'ok' | 'error' | 'running' | 'unset';

const LOOK: { readonly [status in Status]: { readonly word: string; readonly colour: string } } = {
  ok: { word: 'OK', colour: 'text-ok' },
  error: { word: 'Error', colour: 'text-error' },
  running: { word: 'Running', colour: 'text-running' },
  unset: { word: 'No status', colour: 'text-ink-3' },
};

/** Status by shape, and by word where there is room for one. The word is always there for screen readers. */
export function StatusMark({ status, withWord }: { readonly status: Status; readonly withWord: boolean }): ReactNode {
  const { word, colour } = LOOK[status];
  return (
    <span className={`inline-flex items-center gap-1.5 ${colour}`}>
      <svg aria-hidden="true" width="10" height="10" viewBox="0 0 10 10" className="shrink-0">
        <Shape status={status} />
      </svg>
      <span className={withWord ? 'text-sm font-medium' : 'sr-only'}>{word}</span>
    </span>
  );
}

function Shape({ status }: { readonly status: Status }): ReactNode {
  switch (status) {
    case 'ok':
      return <circle cx="5" cy="5" r="3.5" fill="currentColor" />;
    case 'error':
      return <path d="M5 0.8 9.6 9.2H0.4Z" fill="currentColor" />;
    case 'running':
      return (
        <>
          <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.6" opacity="0.35" />
          <path d="M5 1.5a3.5 3.5 0 0 1 0 7" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </>
      );
    case 'unset':
      return <circle cx="5" cy="5" r="3.2" fill="none" stroke="currentColor" strokeWidth="1.4" />;
  }
}
