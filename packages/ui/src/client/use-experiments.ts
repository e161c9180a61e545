import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { CLEW_API, type ExperimentSummary } from '@clew/core/api';
import { isExperimentsAnswer } from './answers.ts';
import { getJson } from './request.ts';

/** Every active experiment, the one with the newest trace first. */
export function useExperiments(): UseQueryResult<readonly ExperimentSummary[]> {
  return useQuery({
    queryKey: ['experiments'],
    queryFn: async ({ signal }) => {
      const answer = await getJson(`${CLEW_API}/experiments`, isExperimentsAnswer, signal);
      return answer.experiments.toSorted((a, b) => (b.lastTraceMillis ?? 0) - (a.lastTraceMillis ?? 0));
    },
  });
}
