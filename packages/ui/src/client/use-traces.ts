import {
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type QueryClient,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { CLEW_API, type SearchAnswer, type SearchRequest } from '@clew/core/api';
import { isCountAnswer, isSearchAnswer } from './answers.ts';
import { postJson } from './request.ts';

export interface TraceQuestion {
  readonly experimentId: string;
  readonly filter: string;
  /** MLflow's form: `execution_time_ms DESC`. */
  readonly orderBy: string;
  /** Nothing is asked while the filter cannot be read. */
  readonly isEnabled: boolean;
}

const PAGE_SIZE = 100;
/** Milliseconds between looks for the first trace. */
const FIRST_TRACE_PERIOD = 2_000;

/** Traces page by page. What was on screen stays until the next answer is there. */
export function useTraces(question: TraceQuestion): UseInfiniteQueryResult<InfiniteData<SearchAnswer>> {
  const { experimentId, filter, isEnabled } = question;
  return useInfiniteQuery<SearchAnswer, Error, InfiniteData<SearchAnswer>, readonly string[], string>({
    ...pagesOf(question),
    enabled: isEnabled,
    // Rows of another experiment would be a lie, however short.
    placeholderData: (before, query) => (query?.queryKey[1] === experimentId ? before : undefined),
    getNextPageParam: (last) => last.nextPageToken,
    // An empty experiment waits for its first trace.
    refetchInterval: ({ state }) =>
      filter === '' && state.data?.pages[0]?.traces.length === 0 ? FIRST_TRACE_PERIOD : false,
  });
}

/** Asks for the first page while the page that shows it is still loading. */
export function prefetchTraces(client: QueryClient, question: Omit<TraceQuestion, 'isEnabled'>): void {
  void client.prefetchInfiniteQuery(pagesOf(question));
}

interface TracePages {
  readonly queryKey: readonly string[];
  readonly initialPageParam: string;
  readonly queryFn: (context: { readonly signal: AbortSignal; readonly pageParam: string }) => Promise<SearchAnswer>;
}

function pagesOf({ experimentId, filter, orderBy }: Omit<TraceQuestion, 'isEnabled'>): TracePages {
  return {
    queryKey: ['traces', experimentId, filter, orderBy],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => {
      const request: SearchRequest = {
        experimentIds: [experimentId],
        filter,
        orderBy: [orderBy],
        maxResults: PAGE_SIZE,
        ...(pageParam === '' ? {} : { pageToken: pageParam }),
      };
      return postJson(`${CLEW_API}/traces/search`, request, isSearchAnswer, signal);
    },
  };
}

/** How many traces match, exactly. */
export function useTraceCount(question: Omit<TraceQuestion, 'orderBy'>): UseQueryResult<number> {
  const { experimentId, filter, isEnabled } = question;
  return useQuery({
    queryKey: ['count', experimentId, filter],
    enabled: isEnabled,
    queryFn: async ({ signal }) => {
      const request = { experimentIds: [experimentId], filter };
      const answer = await postJson(`${CLEW_API}/traces/count`, request, isCountAnswer, signal);
      return answer.count;
    },
  });
}
