/** Headers as the lines of the UI's tables. */
import type { Assessment, TraceHeader } from '@clew/core';
import type { SearchAnswer, TraceRow } from '@clew/core/api';
import { toTraceInfoJson } from '@clew/core/wire';
import type { SearchPage, SpanReader } from '../storage/span-store.ts';
import { encodePageToken } from './page-token.ts';
import { groupByTrace } from './traces.ts';

export async function toSearchAnswer(reader: SpanReader, page: SearchPage): Promise<SearchAnswer> {
  return {
    traces: await toTraceRows(reader, page.traces),
    ...(page.next === undefined ? {} : { nextPageToken: encodePageToken(page.next) }),
  };
}

export async function toTraceRows(reader: SpanReader, headers: readonly TraceHeader[]): Promise<readonly TraceRow[]> {
  const byTrace = groupByTrace(await reader.readAssessments(headers.map((header) => header.traceId)));
  return headers.map((header) => toTraceRow(header, byTrace.get(header.traceId) ?? []));
}

export function toTraceRow(header: TraceHeader, assessments: readonly Assessment[]): TraceRow {
  const { usage, cost, duration } = header;
  return {
    info: toTraceInfoJson(header, assessments),
    spanCount: header.spanCount,
    errorCount: header.errorCount,
    ...(duration === undefined ? {} : { durationMillis: Number(duration) / 1e6 }),
    ...(usage === undefined
      ? {}
      : { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, totalTokens: usage.totalTokens }),
    ...(cost === undefined ? {} : { totalCost: cost.totalCost }),
  };
}
