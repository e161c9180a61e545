/** MLflow's trace endpoints: header, search, tags, deletion (contract sections 1.5.1, 1.5.2, 1.5.6 to 1.5.8). */
import {
  isAttributeMap,
  parseExperimentId,
  parseMlflowTraceId,
  TracingError,
  type Assessment,
  type AttributeValue,
  type TraceHeader,
  type TraceId,
} from '@clew/core';
import {
  fromTraceInfoMessage,
  readInteger,
  readList,
  readMessage,
  readText,
  readTexts,
  requireMessage,
  requireText,
  toTraceInfoJson,
  type Message,
} from '@clew/core/wire';
import type { Pipeline } from '../ingest/pipeline.ts';
import { planSearch } from '../search/plan.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';
import { toFilterProblem } from './problem.ts';
import { jsonResponse } from './respond.ts';
import type { Route, RpcHandler, Services } from './routes.ts';

const DEFAULT_PAGE = 100n;
const LARGEST_PAGE = 500n;

export function traceRoutes(services: Services): readonly Route[] {
  const { reader, pipeline, experiments } = services;

  const setTag: RpcHandler = async ({ message, parameter }) => {
    await pipeline.setTag(
      knownTraceId(parameter('trace_id')),
      requireText(message, 'key'),
      readText(message, 'value') ?? '',
    );
    return jsonResponse({});
  };
  const deleteTag: RpcHandler = async ({ message, parameter }) => {
    await pipeline.deleteTag(knownTraceId(parameter('trace_id')), requireText(message, 'key'));
    return jsonResponse({});
  };
  const deleteTraces: RpcHandler = async ({ message }) =>
    jsonResponse({ traces_deleted: await deleteSelected(pipeline, message) });

  return [
    {
      method: 'POST',
      under: ['3.0'],
      path: '/traces',
      async handle({ message }) {
        const parts = fromTraceInfoMessage(requireMessage(requireMessage(message, 'trace'), 'trace_info'));
        await experiments.requireActive(parts.start.experimentId);
        const { header, assessments } = await pipeline.startTrace(parts);
        return jsonResponse({ trace: { trace_info: toTraceInfoJson(header, assessments) } });
      },
    },
    {
      method: 'POST',
      under: ['3.0'],
      path: '/traces/search',
      handle: ({ message, signal }) =>
        searchTraces(services, readLocations(message), message, signal, async (headers) => {
          const byTrace = groupByTrace(await reader.readAssessments(headers.map((header) => header.traceId)));
          return headers.map((header) => toTraceInfoJson(header, byTrace.get(header.traceId) ?? []));
        }),
    },
    { method: 'POST', under: ['2.0', '3.0'], path: '/traces/delete-traces', handle: deleteTraces },
    {
      method: 'GET',
      under: ['3.0'],
      path: '/traces/:trace_id',
      async handle({ parameter }) {
        const { header, assessments } = await readTrace(services, parameter('trace_id'));
        return jsonResponse({ trace: { trace_info: toTraceInfoJson(header, assessments) } });
      },
    },
    { method: 'PATCH', under: ['2.0', '3.0'], path: '/traces/:trace_id/tags', handle: setTag },
    { method: 'DELETE', under: ['2.0', '3.0'], path: '/traces/:trace_id/tags', handle: deleteTag },
  ];
}

/** A page of traces in whichever form. */
export async function searchTraces(
  { reader, now }: Services,
  experimentIds: readonly string[],
  message: Message,
  signal: AbortSignal,
  write: (headers: readonly TraceHeader[]) => readonly object[] | Promise<readonly object[]>,
): Promise<Response> {
  const pageToken = readText(message, 'page_token') ?? '';
  const plan = planSearch({
    experimentIds,
    filter: readText(message, 'filter') ?? '',
    orderBy: readTexts(message, 'order_by'),
    limit: Number(readPageSize(message)),
    ...(pageToken === '' ? {} : { after: decodePageToken(pageToken) }),
    now: now(),
  });
  if (!plan.ok) return toFilterProblem(plan.error);
  const page = await reader.search(plan.value, signal);
  return jsonResponse({
    // Some releases of MLflow's TypeScript client crash on an answer without the list.
    traces: await write(page.traces),
    ...(page.next === undefined ? {} : { next_page_token: encodePageToken(page.next) }),
  });
}

/** The id in a path or query. One that cannot exist is not found, which tells MLflow's clients to stop asking. */
export function knownTraceId(text: string): TraceId {
  const traceId = parseMlflowTraceId(text);
  if (traceId === undefined)
    throw new TracingError(
      'not_found',
      `No trace with id "${text.slice(0, 100)}" exists: expected "tr-" and 32 hex digits`,
    );
  return traceId;
}

/** @throws {TracingError} `not_found` */
export async function readTrace(
  { reader }: Services,
  id: string,
): Promise<{ readonly header: TraceHeader; readonly assessments: readonly Assessment[] }> {
  const traceId = knownTraceId(id);
  const [[header], assessments] = await Promise.all([reader.readHeaders([traceId]), reader.readAssessments([traceId])]);
  if (header === undefined) throw new TracingError('not_found', `No trace with id "${id}" exists`);
  return { header, assessments };
}

export function groupByTrace(assessments: readonly Assessment[]): ReadonlyMap<TraceId, readonly Assessment[]> {
  const groups = new Map<TraceId, Assessment[]>();
  for (const assessment of assessments) {
    const group = groups.get(assessment.traceId);
    if (group === undefined) groups.set(assessment.traceId, [assessment]);
    else group.push(assessment);
  }
  return groups;
}

function readLocations(message: Message): readonly string[] {
  if (message['locations'] === undefined)
    throw new TracingError('invalid_argument', 'Missing value for required parameter "locations"');
  return readList(message, 'locations').flatMap(experimentOf);
}

/** Locations that are not experiments are skipped: they belong to other kinds of server. */
function experimentOf(location: AttributeValue): readonly string[] {
  if (!isAttributeMap(location)) return [];
  const experiment = readMessage(location, 'mlflow_experiment');
  return experiment === undefined ? [] : [requireText(experiment, 'experiment_id')];
}

function readPageSize(message: Message): bigint {
  const size = readInteger(message, 'max_results') ?? DEFAULT_PAGE;
  if (size >= 1n && size <= LARGEST_PAGE) return size;
  throw new TracingError('invalid_argument', `Invalid max_results ${size}: expected 1 to ${LARGEST_PAGE}`);
}

async function deleteSelected(pipeline: Pipeline, message: Message): Promise<number> {
  const experimentId = parseExperimentId(requireText(message, 'experiment_id'));
  const until = readInteger(message, 'max_timestamp_millis');
  const limit = readInteger(message, 'max_traces');
  const ids = readTexts(message, 'request_ids');
  if ((until === undefined) === (ids.length === 0)) {
    const found = until === undefined ? 'neither' : 'both';
    throw new TracingError(
      'invalid_argument',
      `Invalid deletion: expected one of "max_timestamp_millis" and "request_ids", got ${found}`,
    );
  }
  if (limit !== undefined && (until === undefined || limit < 1n)) {
    throw new TracingError(
      'invalid_argument',
      `Invalid max_traces ${limit}: expected at least 1, together with "max_timestamp_millis"`,
    );
  }
  // An id that cannot be one has no traces.
  if (experimentId === undefined) return 0;
  if (until === undefined) {
    const traceIds = ids.map(parseMlflowTraceId).filter((id): id is TraceId => id !== undefined);
    return pipeline.deleteTraces({ experimentId, which: { kind: 'ids', traceIds } });
  }
  const bound = limit === undefined ? {} : { limit: Number(limit) };
  return pipeline.deleteTraces({ experimentId, which: { kind: 'until', startMillis: Number(until), ...bound } });
}
