import type { ReactNode } from 'react';
import { RequestError } from '../../client/request.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyState } from '../../widgets/empty-state.tsx';

export interface FailureStateProps {
  readonly error: Error;
  readonly onRetry: () => void;
}

/** In place of what could not be had: what happened, and a way to try again. */
export function FailureState({ error, onRetry }: FailureStateProps): ReactNode {
  return (
    <EmptyState title={titleOf(error)}>
      <p>{error.message}</p>
      <Button onClick={onRetry}>Try again</Button>
      {error instanceof RequestError && error.status > 0 && (
        <p className="text-sm text-ink-3">
          {error.errorCode} · HTTP {error.status}
        </p>
      )}
    </EmptyState>
  );
}

function titleOf(error: Error): string {
  if (error instanceof RequestError && error.status === 0) return 'No connection to the server';
  if (error instanceof RequestError && error.status === 404) return 'Not here';
  return 'This could not be loaded';
}
