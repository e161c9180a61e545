import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** Where a list would be when there is nothing to list, or when it could not be had: what, why, and what to do. */
export function EmptyState({ title, children }: EmptyStateProps): ReactNode {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 p-8 text-center">
      <h2 className="text-lg font-semibold text-ink-1">{title}</h2>
      {children !== undefined && (
        <div className="flex max-w-note flex-col items-center gap-3 text-base text-ink-2">{children}</div>
      )}
    </div>
  );
}
