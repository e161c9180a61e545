import { CatchBoundary, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { FailureState } from './failure-state.tsx';

export interface PanelBoundaryProps {
  /** The panel is tried again when this changes. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

/** A fault while drawing stays in its panel; the rest of the page lives. */
export function PanelBoundary({ resetKey, children }: PanelBoundaryProps): ReactNode {
  return (
    <CatchBoundary getResetKey={() => resetKey} errorComponent={Broken}>
      {children}
    </CatchBoundary>
  );
}

function Broken({ error, reset }: ErrorComponentProps): ReactNode {
  return <FailureState error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />;
}
