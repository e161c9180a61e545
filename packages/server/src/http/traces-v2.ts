/** MLflow's traces as its clients before 3.0 know them (contract section 1.7): the same traces in another form. */
import {
  durationFromMillis,
  must,
  parseTraceId,
  toHex,
  toUnixMillis,
  TRACE_STATES,
  TracingError,
  unixNanosFromMillis,
  type StringMap,
  type TraceHeader,
  type TraceState,
} from '@clew/core';
import { readInteger, readStringMap, readText, readTexts, requireText, type Message } from '@clew/core/wire';
import { toPairs } from '../tracking/run.ts';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';
import { readTrace, searchTraces } from './traces.ts';

const INPUTS = 'mlflow.traceInputs';
const OUTPUTS = 'mlflow.traceOutputs';

export function traceV2Routes(services: Services): readonly Route[] {
  const { pipeline, experiments, randomBytes } = services;
  const under = ['2.0'] as const;
  return [
    {
      method: 'POST',
      under,
      path: '/traces',
      async handle({ message }) {
        const { experimentId } = await experiments.requireActive(requireText(message, 'experiment_id'));
        const start = readInteger(message, 'timestamp_ms');
        if (start === undefined)
          throw new TracingError('invalid_argument', 'Missing value for required parameter "timestamp_ms"');
        const { header } = await pipeline.startTrace({
          start: {
            traceId: must(parseTraceId(toHex(randomBytes(16))), 'a trace id'),
            experimentId,
            start: unixNanosFromMillis(Number(start)),
            state: 'IN_PROGRESS',
            ...readMetadata(message),
          },
          tags: readStringMap(message, 'tags'),
          assessments: [],
        });
        return jsonResponse({ trace_info: toTraceInfoV2(header) });
      },
    },
    {
      method: 'PATCH',
      under,
      path: '/traces/:request_id',
      async handle({ message, parameter }) {
        const before = (await readTrace(services, parameter('request_id'))).header;
        const end = readInteger(message, 'timestamp_ms');
        const { header } = await pipeline.startTrace({
          start: {
            traceId: before.traceId,
            experimentId: before.experimentId,
            start: before.start,
            ...(end === undefined
              ? {}
              : { duration: durationFromMillis(Math.max(0, Number(end) - toUnixMillis(before.start))) }),
            state: readStatus(message) ?? before.state,
            ...readMetadata(message),
          },
          tags: readStringMap(message, 'tags'),
          assessments: [],
        });
        return jsonResponse({ trace_info: toTraceInfoV2(header) });
      },
    },
    {
      method: 'GET',
      under,
      path: '/traces/:request_id/info',
      async handle({ parameter }) {
        const { header } = await readTrace(services, parameter('request_id'));
        return jsonResponse({ trace_info: toTraceInfoV2(header) });
      },
    },
    {
      method: 'GET',
      under,
      path: '/traces',
      async handle({ message, signal }) {
        const experimentIds = readTexts(message, 'experiment_ids');
        if (experimentIds.length === 0)
          throw new TracingError('invalid_argument', 'Missing value for required parameter "experiment_ids"');
        return searchTraces(services, experimentIds, message, signal, (headers) => headers.map(toTraceInfoV2));
      },
    },
  ];
}

/** Older clients have no previews; they keep the beginning of both in metadata. */
function readMetadata(message: Message): {
  readonly metadata: StringMap;
  readonly requestPreview?: string;
  readonly responsePreview?: string;
} {
  const metadata = readStringMap(message, 'request_metadata');
  const { [INPUTS]: inputs, [OUTPUTS]: outputs } = metadata;
  return {
    metadata,
    ...(inputs === undefined ? {} : { requestPreview: inputs }),
    ...(outputs === undefined ? {} : { responsePreview: outputs }),
  };
}

function readStatus(message: Message): TraceState | undefined {
  const word = readText(message, 'status');
  if (word === undefined) return undefined;
  if (word === 'TRACE_STATUS_UNSPECIFIED') return 'STATE_UNSPECIFIED';
  const state = TRACE_STATES.find((known) => known === word);
  if (state !== undefined) return state;
  throw new TracingError(
    'invalid_argument',
    `Invalid status "${word.slice(0, 100)}": expected OK, ERROR or IN_PROGRESS`,
  );
}

function toTraceInfoV2(header: TraceHeader): object {
  const metadata = { ...header.metadata };
  if (header.requestPreview !== undefined) metadata[INPUTS] ??= header.requestPreview;
  if (header.responsePreview !== undefined) metadata[OUTPUTS] ??= header.responsePreview;
  return {
    request_id: header.traceId,
    experiment_id: header.experimentId,
    timestamp_ms: toUnixMillis(header.start),
    execution_time_ms: header.duration === undefined ? 0 : Math.floor(Number(header.duration / 1_000_000n)),
    status: header.state === 'STATE_UNSPECIFIED' ? 'TRACE_STATUS_UNSPECIFIED' : header.state,
    request_metadata: toPairs(metadata),
    tags: toPairs(header.tags),
  };
}
