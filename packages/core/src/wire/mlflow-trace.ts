import type { Assessment } from '../assessment.ts';
import { TracingError } from '../errors.ts';
import { parseExperimentId, parseMlflowTraceId, toMlflowTraceId, type ExperimentId, type TraceId } from '../ids.ts';
import type { Cost, TokenUsage } from '../span.ts';
import {
  formatProtoDuration,
  formatTimestamp,
  parseProtoDuration,
  parseTimestamp,
  type DurationNanos,
  type UnixNanos,
} from '../time.ts';
import { TRACE_STATES, type StringMap, type TraceHeader, type TraceStart, type TraceState } from '../trace.ts';
import {
  readList,
  readMessage,
  readStringMap,
  readText,
  requireMessage,
  requireText,
  type Message,
} from './message.ts';
import { toAssessmentJson } from './mlflow-assessment.ts';
import type { TraceInfoJson, TraceLocationJson } from './mlflow-json.ts';
import { isAttributeMap } from '../attributes.ts';

const NANOS_PER_MILLI = 1_000_000n;

export function toTraceInfoJson(header: TraceHeader, assessments: readonly Assessment[]): TraceInfoJson {
  return {
    trace_id: toMlflowTraceId(header.traceId),
    ...(header.clientRequestId === undefined ? {} : { client_request_id: header.clientRequestId }),
    trace_location: toLocationJson(header.experimentId),
    ...(header.requestPreview === undefined ? {} : { request_preview: header.requestPreview }),
    ...(header.responsePreview === undefined ? {} : { response_preview: header.responsePreview }),
    request_time: formatTimestamp(floorToMillis(header.start) as UnixNanos),
    ...(header.duration === undefined
      ? {}
      : { execution_duration: formatProtoDuration(floorToMillis(header.duration) as DurationNanos) }),
    state: header.state,
    trace_metadata: header.metadata,
    tags: withoutOwn(header.tags),
    assessments: assessments.map(toAssessmentJson),
  };
}

/** Tags of ours hold what MLflow keeps elsewhere, such as links to runs. */
function withoutOwn(tags: StringMap): StringMap {
  return Object.keys(tags).some(isOwn) ? Object.fromEntries(Object.entries(tags).filter(([key]) => !isOwn(key))) : tags;
}

function isOwn(key: string): boolean {
  return key.startsWith('clew.run.');
}

function toLocationJson(experimentId: ExperimentId): TraceLocationJson {
  return { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } };
}

/** MLflow's headers count in milliseconds; spans keep the nanoseconds. */
function floorToMillis(nanos: bigint): bigint {
  return nanos - (nanos % NANOS_PER_MILLI);
}

export interface TraceInfoParts {
  readonly start: TraceStart;
  readonly tags: StringMap;
  /** Still as sent: they need ids and times. */
  readonly assessments: readonly Message[];
}

/**
 * Reads the `trace_info` of StartTraceV3.
 *
 * @throws {TracingError} `invalid_argument` naming the field.
 */
export function fromTraceInfoMessage(info: Message): TraceInfoParts {
  const clientRequestId = readText(info, 'client_request_id');
  const requestPreview = readText(info, 'request_preview');
  const responsePreview = readText(info, 'response_preview');
  const duration = readDuration(info);
  return {
    start: {
      traceId: requireTraceId(requireText(info, 'trace_id')),
      experimentId: readLocation(requireMessage(info, 'trace_location')),
      ...(clientRequestId === undefined ? {} : { clientRequestId }),
      start: readRequestTime(info),
      ...(duration === undefined ? {} : { duration }),
      state: readState(info),
      ...(requestPreview === undefined ? {} : { requestPreview }),
      ...(responsePreview === undefined ? {} : { responsePreview }),
      metadata: readStringMap(info, 'trace_metadata'),
    },
    tags: readStringMap(info, 'tags'),
    assessments: readList(info, 'assessments').filter(isAttributeMap),
  };
}

/** @throws {TracingError} `invalid_argument` when the text is neither `tr-` and 32 hex digits nor the digits alone. */
export function requireTraceId(text: string): TraceId {
  const traceId = parseMlflowTraceId(text);
  if (traceId === undefined) {
    throw new TracingError(
      'invalid_argument',
      `Cannot parse trace id "${text.slice(0, 100)}": expected "tr-" and 32 hex digits, not all zero`,
    );
  }
  return traceId;
}

function readLocation(location: Message): ExperimentId {
  const type = readText(location, 'type') ?? 'MLFLOW_EXPERIMENT';
  const experiment = readMessage(location, 'mlflow_experiment');
  if (type !== 'MLFLOW_EXPERIMENT' || experiment === undefined) {
    throw new TracingError(
      'invalid_argument',
      `Unsupported trace_location of type "${type}": expected MLFLOW_EXPERIMENT with "mlflow_experiment"`,
    );
  }
  const text = requireText(experiment, 'experiment_id');
  const experimentId = parseExperimentId(text);
  if (experimentId === undefined)
    throw new TracingError('not_found', `No experiment with id "${text.slice(0, 100)}" exists`);
  return experimentId;
}

function readRequestTime(info: Message): UnixNanos {
  const text = requireText(info, 'request_time');
  const time = parseTimestamp(text);
  if (time === undefined)
    throw new TracingError(
      'invalid_argument',
      `Invalid request_time "${text.slice(0, 100)}": expected an RFC 3339 time`,
    );
  return time;
}

function readDuration(info: Message): DurationNanos | undefined {
  const text = readText(info, 'execution_duration');
  if (text === undefined || text === '') return undefined;
  const duration = parseProtoDuration(text);
  if (duration === undefined) {
    throw new TracingError(
      'invalid_argument',
      `Invalid execution_duration "${text.slice(0, 100)}": expected seconds such as "1.25s"`,
    );
  }
  // MLflow counts milliseconds; a finer number would not survive its own clients' round trip.
  return (((duration + NANOS_PER_MILLI / 2n) / NANOS_PER_MILLI) * NANOS_PER_MILLI) as DurationNanos;
}

function readState(info: Message): TraceState {
  const word = readText(info, 'state') ?? 'STATE_UNSPECIFIED';
  const state = TRACE_STATES.find((known) => known === word);
  if (state === undefined)
    throw new TracingError(
      'invalid_argument',
      `Invalid state "${word.slice(0, 100)}": expected one of ${TRACE_STATES.join(', ')}`,
    );
  return state;
}

/** The JSON text of metadata `mlflow.trace.tokenUsage` and of attribute `mlflow.chat.tokenUsage`. */
export interface TokenUsageJson {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly cache_read_input_tokens?: number;
  readonly cache_creation_input_tokens?: number;
}

export function toTokenUsageJson(usage: TokenUsage): TokenUsageJson {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    ...(usage.cacheReadInputTokens === undefined ? {} : { cache_read_input_tokens: usage.cacheReadInputTokens }),
    ...(usage.cacheCreationInputTokens === undefined
      ? {}
      : { cache_creation_input_tokens: usage.cacheCreationInputTokens }),
  };
}

/** The JSON text of metadata `mlflow.trace.cost` and of attribute `mlflow.llm.cost`, in US dollars. */
export interface CostJson {
  readonly input_cost?: number;
  readonly output_cost?: number;
  readonly total_cost: number;
}

export function toCostJson(cost: Cost): CostJson {
  return {
    ...(cost.inputCost === undefined ? {} : { input_cost: cost.inputCost }),
    ...(cost.outputCost === undefined ? {} : { output_cost: cost.outputCost }),
    total_cost: cost.totalCost,
  };
}
