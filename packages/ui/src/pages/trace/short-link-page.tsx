import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTrace } from '../../client/use-trace.ts';
import { tracePath } from '../../state/paths.ts';
import { usePathText, useQueryText } from '../address.ts';
import { FailureState } from '../shell/failure-state.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { LateTrace } from './late-trace.tsx';

/** `/t/:tid`: finds the experiment of a trace and goes there, keeping the query. */
export function ShortLinkPage(): ReactNode {
  const traceId = usePathText('traceId');
  const query = useQueryText();
  const loaded = useTrace(traceId);
  if (loaded.isSuccess) {
    const { experiment_id: experimentId } = loaded.data.trace.info.trace_location.mlflow_experiment;
    return <Navigate to={tracePath(experimentId, traceId)} search={query} replace />;
  }
  return (
    <PageFrame crumbs={[{ word: traceId }]} isBusy={loaded.isFetching}>
      {loaded.isPending && <LateTrace reason={loaded.failureReason} />}
      {loaded.isError && <FailureState error={loaded.error} onRetry={() => void loaded.refetch()} />}
    </PageFrame>
  );
}
