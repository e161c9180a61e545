import type { ReactNode } from 'react';

export type NoticeTone = 'warn' | 'error' | 'neutral';

const LOOK: { readonly [tone in NoticeTone]: string } = {
  warn: 'bg-warn-tint text-warn',
  error: 'bg-error-tint text-error',
  neutral: 'bg-surface-2 text-ink-2',
};

/** One line across a page that says what is odd, with room for a way out. */
export function Notice(props: { readonly tone: NoticeTone; readonly children: ReactNode }): ReactNode {
  return (
    <output className={`flex min-h-8 items-center gap-3 px-4 py-1.5 text-base ${LOOK[props.tone]}`}>
      {props.children}
    </output>
  );
}
