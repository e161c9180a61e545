/** Clew's own endpoints, shaped for the UI (`@clew/core/api`): rows, counts, skeletons first and payloads on demand. */
import {
  layOutSkeleton,
  packSkeleton,
  parseSpanId,
  toMlflowTraceId,
  TracingError,
  unixNanosFromMillis,
  type TracedSpan,
} from '@clew/core';
import type { ExperimentsAnswer, SkeletonAnswer, SpanAnswer } from '@clew/core/api';
import { readInteger, readText, readTexts, toExperimentJson, writeJson, type Message } from '@clew/core/wire';
import { fromStoredSpan } from '../otlp/normalise.ts';
import { planSearch, type SearchText } from '../search/plan.ts';
import { decodePageToken } from './page-token.ts';
import { toFilterProblem } from './problem.ts';
import { jsonResponse, quicklyCompressed } from './respond.ts';
import type { Route, Services } from './routes.ts';
import { toSearchAnswer, toTraceRow } from './trace-rows.ts';
import { knownTraceId, readTrace } from './traces.ts';

const DEFAULT_PAGE = 100n;
const LARGEST_PAGE = 500n;

export function explorerRoutes(services: Services): readonly Route[] {
  const { reader, experiments } = services;
  const under = ['clew'] as const;
  return [
    {
      method: 'GET',
      under,
      path: '/experiments',
      async handle() {
        const stats = await reader.readExperimentStats();
        const active = (await experiments.list()).filter((experiment) => experiment.lifecycleStage === 'active');
        return jsonResponse({
          experiments: active.map((experiment) => {
            const found = stats.get(experiment.experimentId);
            return {
              experiment: toExperimentJson(experiment),
              traceCount: found?.traceCount ?? 0,
              errorCount: found?.errorCount ?? 0,
              ...(found === undefined ? {} : { lastTraceMillis: Number(found.lastStart / 1_000_000n) }),
            };
          }),
        } satisfies ExperimentsAnswer);
      },
    },
    {
      method: 'POST',
      under,
      path: '/traces/search',
      async handle({ message, signal }) {
        const plan = planSearch(readSearch(message));
        if (!plan.ok) return toFilterProblem(plan.error);
        const page = await reader.search(plan.value, signal);
        return jsonResponse(await toSearchAnswer(reader, page));
      },
    },
    {
      method: 'GET',
      under,
      path: '/traces/:trace_id/skeleton',
      async handle({ parameter, signal, context }) {
        // The header first: what it has seen of the trace is then among the spans.
        const { header, assessments } = await readTrace(services, parameter('trace_id'));
        const source = await reader.readSkeleton(header.traceId, signal);
        const answer: SkeletonAnswer = {
          trace: toTraceRow(header, assessments),
          startUnixNano: String(source.spanId.length === 0 ? header.start : source.origin),
          columns: packSkeleton(layOutSkeleton(source)),
        };
        return quicklyCompressed(jsonPieces(answer), context.req.header('accept-encoding'));
      },
    },
    {
      method: 'GET',
      under,
      path: '/traces/:trace_id/spans/:span_id',
      async handle({ parameter }) {
        const traceId = knownTraceId(parameter('trace_id'));
        const text = parameter('span_id');
        const spanId = parseSpanId(text);
        const span = spanId === undefined ? undefined : await reader.readSpan(traceId, spanId);
        if (span === undefined)
          throw new TracingError('not_found', `Trace "tr-${traceId}" has no span "${text.slice(0, 100)}"`);
        return jsonResponse(toSpanAnswer(fromStoredSpan(span)));
      },
    },
  ];
}

function readSearch(message: Message): SearchText {
  const limit = readInteger(message, 'max_results') ?? DEFAULT_PAGE;
  if (limit < 1n || limit > LARGEST_PAGE) {
    throw new TracingError('invalid_argument', `Invalid maxResults ${limit}: expected 1 to ${LARGEST_PAGE}`);
  }
  const pageToken = readText(message, 'page_token') ?? '';
  return {
    experimentIds: readTexts(message, 'experiment_ids'),
    filter: readText(message, 'filter') ?? '',
    orderBy: readTexts(message, 'order_by'),
    limit: Number(limit),
    ...(pageToken === '' ? {} : { after: decodePageToken(pageToken) }),
    now: unixNanosFromMillis(Date.now()),
  };
}

/** Column by column: the whole text never exists. */
function* jsonPieces({ columns, ...rest }: SkeletonAnswer): Generator<string, void, undefined> {
  yield `${writeJson(rest).slice(0, -1)},"columns":`;
  let separator = '{';
  for (const [name, column] of Object.entries(columns)) {
    yield `${separator}"${name}":${JSON.stringify(column)}`;
    separator = ',';
  }
  yield '}}';
}

function toSpanAnswer(span: TracedSpan): SpanAnswer {
  const { meaning } = span;
  return {
    traceId: toMlflowTraceId(span.traceId),
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: span.kind,
    type: meaning.type,
    status: span.status,
    startUnixNano: String(span.start),
    ...(span.end === undefined ? {} : { endUnixNano: String(span.end) }),
    ...(meaning.inputs === undefined ? {} : { inputs: meaning.inputs }),
    ...(meaning.outputs === undefined ? {} : { outputs: meaning.outputs }),
    ...(meaning.model === undefined ? {} : { model: meaning.model }),
    ...(meaning.provider === undefined ? {} : { provider: meaning.provider }),
    ...(meaning.usage === undefined ? {} : { usage: meaning.usage }),
    ...(meaning.cost === undefined ? {} : { cost: meaning.cost }),
    dialect: meaning.dialect,
    attributes: span.attributes,
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: String(event.time),
      attributes: event.attributes,
    })),
    links: span.links.map((link) => ({
      traceId: toMlflowTraceId(link.traceId),
      spanId: link.spanId,
      attributes: link.attributes,
    })),
    scope: span.scope,
    resource: span.resource,
  };
}
