/** MLflow's reads of whole traces: `traces/get` and `traces/batchGet` (contract sections 1.5.3 and 1.5.4). */
import {
  parseMlflowTraceId,
  TracingError,
  type Assessment,
  type TraceHeader,
  type TraceId,
  type UnixNanos,
} from '@clew/core';
import { readBoolean, readTexts, requireText, toMlflowApiSpan, toTraceInfoJson, writeJson } from '@clew/core/wire';
import { fromStoredSpan } from '../otlp/normalise.ts';
import type { SpanReader } from '../storage/span-store.ts';
import { streamedJson } from './respond.ts';
import type { Route, RpcHandler, Services } from './routes.ts';
import { groupByTrace, knownTraceId, readTrace } from './traces.ts';

/** A trace whose client announced more spans than there are is looked at again after so long, then given up. */
const COMPLETION_GRACE_NANOS = 60_000_000_000n;
const RETRY_MILLIS: readonly number[] = [1000, 2000];

export function traceSpanRoutes(services: Services): readonly Route[] {
  const { reader } = services;
  const batchGet: RpcHandler = async ({ message, signal }) => {
    const traceIds = readTexts(message, 'trace_ids')
      .map(parseMlflowTraceId)
      .filter((id): id is TraceId => id !== undefined);
    const headers = (await reader.readHeaders(traceIds)).filter((header) => isReadable(header, services.now()));
    const byTrace = groupByTrace(await reader.readAssessments(headers.map((header) => header.traceId)));
    return streamedJson(writeTraces(reader, headers, byTrace, signal));
  };
  return [
    {
      method: 'GET',
      under: ['3.0'],
      path: '/traces/get',
      async handle({ message, signal }) {
        const allowsPartial = readBoolean(message, 'allow_partial') ?? false;
        const id = requireText(message, 'trace_id');
        const { header, assessments } = allowsPartial
          ? await readTrace(services, id)
          : await readCompleteTrace(services, id);
        return streamedJson(wrap('{"trace":', writeTrace(reader, header, assessments, signal), '}'));
      },
    },
    { method: 'GET', under: ['3.0'], path: '/traces/batchGet', handle: batchGet },
    { method: 'POST', under: ['3.0'], path: '/traces/batchGet', handle: batchGet },
  ];
}

async function readCompleteTrace(services: Services, id: string): ReturnType<typeof readTrace> {
  for (const millis of RETRY_MILLIS) {
    const trace = await readTrace(services, id);
    if (isReadable(trace.header, services.now())) return trace;
    await services.sleep(millis);
  }
  const trace = await readTrace(services, id);
  if (isReadable(trace.header, services.now())) return trace;
  throw new TracingError(
    'not_found',
    `Trace "tr-${knownTraceId(id)}" is not fully exported yet: ${trace.header.spanCount} of its spans are here`,
  );
}

/**
 * Whether all the spans a client announced are stored; without an announcement any span will do. What is still missing
 * long after the trace has ended will not come: then the rest is better than nothing.
 */
function isReadable(header: TraceHeader, now: UnixNanos): boolean {
  if (header.spanCount === 0) return false;
  const announced = /"num_spans":\s*(\d+)/.exec(header.metadata['mlflow.trace.sizeStats'] ?? '')?.[1];
  if (header.spanCount >= Number(announced ?? 0)) return true;
  return now - (header.start + (header.duration ?? 0n)) > COMPLETION_GRACE_NANOS;
}

async function* writeTraces(
  reader: SpanReader,
  headers: readonly TraceHeader[],
  byTrace: ReadonlyMap<TraceId, readonly Assessment[]>,
  signal: AbortSignal,
): AsyncIterable<string> {
  yield '{"traces":[';
  let separator = '';
  for (const header of headers) {
    yield separator;
    yield* writeTrace(reader, header, byTrace.get(header.traceId) ?? [], signal);
    separator = ',';
  }
  yield ']}';
}

/** One chunk of spans at a time: a trace need not fit in memory. */
async function* writeTrace(
  reader: SpanReader,
  header: TraceHeader,
  assessments: readonly Assessment[],
  signal: AbortSignal,
): AsyncIterable<string> {
  yield `{"trace_info":${writeJson(toTraceInfoJson(header, assessments))},"spans":[`;
  let separator = '';
  for await (const spans of reader.readSpans(header.traceId, signal)) {
    yield separator + spans.map((span) => writeJson(toMlflowApiSpan(fromStoredSpan(span)))).join(',');
    separator = ',';
  }
  yield ']}';
}

async function* wrap(before: string, pieces: AsyncIterable<string>, behind: string): AsyncIterable<string> {
  yield before;
  yield* pieces;
  yield behind;
}
