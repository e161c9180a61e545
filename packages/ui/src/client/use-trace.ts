import { useQuery, type QueryClient, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';
import { parseJsonText, unpackSkeleton } from '@clew/core';
import { CLEW_API, type SkeletonAnswer, type SpanAnswer, type TraceRow } from '@clew/core/api';
import { createTraceModel, type TraceModel } from '../trace/trace-model.ts';
import { isSkeletonAnswer, isSpanAnswer } from './answers.ts';
import { checked, getJson, getText, RequestError } from './request.ts';

/** A trace without payloads. */
export interface LoadedTrace {
  readonly trace: TraceRow;
  /** Epoch nanoseconds of the first span's start. */
  readonly startUnixNano: bigint;
  readonly model: TraceModel;
}

/** A trace can be asked for before it has arrived; seconds of waiting for it. */
const LATE_TRACE_TRIES = 10;
/** Milliseconds until a finished trace is asked for again. */
const FRESH = 60_000;
/** Milliseconds between looks at a trace that runs. */
const RUNNING_REFRESH = 2_000;

export function useTrace(traceId: string): UseQueryResult<LoadedTrace> {
  return useQuery(traceOptions(traceId));
}

/** Asks for a trace while the page that shows it is still loading, or when somebody is likely to open it. */
export function prefetchTrace(client: QueryClient, traceId: string): void {
  void client.prefetchQuery(traceOptions(traceId));
}

function traceOptions(traceId: string): UseQueryOptions<LoadedTrace> {
  return {
    queryKey: ['trace', traceId],
    staleTime: FRESH,
    // Numbers in columns: structural sharing would compare 100,000 of them for nothing.
    structuralSharing: false,
    retry: (failures, error) =>
      error instanceof RequestError && (error.status === 404 ? failures < LATE_TRACE_TRIES : failures < 2),
    retryDelay: 1000,
    refetchInterval: ({ state }) => (state.data?.trace.info.state === 'IN_PROGRESS' ? RUNNING_REFRESH : false),
    queryFn: async ({ signal }): Promise<LoadedTrace> => {
      const path = `${CLEW_API}/traces/${encodeURIComponent(traceId)}/skeleton`;
      const answer: SkeletonAnswer = await getJson(path, isSkeletonAnswer, signal);
      return {
        trace: answer.trace,
        startUnixNano: BigInt(answer.startUnixNano),
        model: createTraceModel(unpackSkeleton(answer.columns)),
      };
    },
  };
}

/** Everything one span holds; asked for when it is looked at. */
export function useSpan(traceId: string, spanId: string | undefined, isRunning: boolean): UseQueryResult<SpanAnswer> {
  return useQuery({
    queryKey: ['span', traceId, spanId ?? '', isRunning],
    enabled: spanId !== undefined,
    staleTime: isRunning ? 0 : Infinity,
    structuralSharing: false,
    queryFn: async ({ signal }) => {
      const path = `${CLEW_API}/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId ?? '')}`;
      const text = await getText(path, signal);
      return withExactNumbers(checked(text, path, isSpanAnswer), text);
    },
  });
}

/** Whole numbers of 16 and more digits, which `JSON.parse` rounds. */
const LONG_NUMBER = /[[:,]\s*-?\d{16,}/;

/** Payloads hold numbers past 2^53; a reader compares them digit by digit. */
function withExactNumbers(span: SpanAnswer, text: string): SpanAnswer {
  if (!LONG_NUMBER.test(text)) return span;
  const exact = parseJsonText(text);
  if (typeof exact !== 'object' || exact === null || Array.isArray(exact) || exact instanceof Uint8Array) return span;
  const payload = Object.entries(exact).filter(
    ([key]) => key === 'inputs' || key === 'outputs' || key === 'attributes',
  );
  return { ...span, ...Object.fromEntries(payload) };
}
