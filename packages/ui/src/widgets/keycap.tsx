import type { ReactNode } from 'react';

/** A key as it is printed on a keyboard. */
export function Keycap({ children }: { readonly children: string }): ReactNode {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-chip border border-border bg-surface-1 px-1 font-sans text-xs font-medium text-ink-2">
      {children}
    </kbd>
  );
}
