/**
 * The header of a trace from its sources: the reference merge of MLflow's contract (section 4.6.1), as one pure
 * function over everything known, so that the order of arrival, resends and crashes cannot show.
 */
import {
  durationBetween,
  numberAttribute,
  isAttributeMap,
  parseJsonText,
  toMlflowTraceId,
  type Cost,
  type DurationNanos,
  type ExperimentId,
  type StringMap,
  type TagChange,
  type TokenUsage,
  type TraceHeader,
  type TraceId,
  type TraceStart,
  type TraceState,
  type UnixNanos,
} from '@clew/core';
import { toCostJson, toTokenUsageJson } from '@clew/core/wire';
import { totalCost, totalUsage } from '../otlp/usage.ts';
import { mergeStarts } from './merge-starts.ts';
import type { SpanFact } from '../storage/span-store.ts';

const TRACE_NAME_TAG = 'mlflow.traceName';
export const ARTIFACT_LOCATION_TAG = 'mlflow.artifactLocation';
export const SPANS_LOCATION_TAG = 'mlflow.trace.spansLocation';
const USAGE_KEY = 'mlflow.trace.tokenUsage';
const COST_KEY = 'mlflow.trace.cost';
const SESSION_KEY = 'mlflow.trace.session';
const USER_KEY = 'mlflow.trace.user';

/** Where an experiment keeps the files of its traces. */
export type ArtifactLocationOf = (experimentId: ExperimentId) => string;

/** Sources without their versions; starts are in order. */
export interface TraceFacts {
  readonly spans: readonly SpanFact[];
  readonly starts: readonly TraceStart[];
  readonly tags: readonly TagChange[];
}

/** @returns `undefined` when there is neither a span nor a start: tags alone make no trace. */
export function deriveTrace(
  traceId: TraceId,
  sources: TraceFacts,
  artifactLocationOf: ArtifactLocationOf,
): TraceHeader | undefined {
  const extent = measureExtent(sources.spans);
  const { root, first } = extent;
  const start = foldStarts(sources.starts);
  const experimentId = start?.experimentId ?? (root ?? first)?.experimentId;
  const begin = start?.start ?? first?.start;
  if (experimentId === undefined || begin === undefined) return undefined;

  const duration = deriveDuration(start, begin, extent.end);
  const tags = deriveTags(
    traceId,
    sources,
    root,
    `${artifactLocationOf(experimentId)}/traces/${toMlflowTraceId(traceId)}/artifacts`,
  );
  const metadata = deriveMetadata(start, sources.spans, extent);
  const usage = readUsage(metadata[USAGE_KEY]);
  const cost = readCost(metadata[COST_KEY]);
  const name = tags[TRACE_NAME_TAG];
  const requestPreview = start?.requestPreview ?? root?.requestPreview;
  const responsePreview = start?.responsePreview ?? root?.responsePreview;
  const sessionId = metadata[SESSION_KEY];
  const userId = metadata[USER_KEY];
  return {
    traceId,
    experimentId,
    ...(start?.clientRequestId === undefined ? {} : { clientRequestId: start.clientRequestId }),
    start: begin,
    ...(duration === undefined ? {} : { duration }),
    state: deriveState(start, root),
    ...(name === undefined ? {} : { name }),
    ...(requestPreview === undefined ? {} : { requestPreview }),
    ...(responsePreview === undefined ? {} : { responsePreview }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
    tags,
    metadata,
    spanCount: sources.spans.length,
    errorCount: extent.errorCount,
    isFinalized: start !== undefined,
  };
}

/** What one look at every span tells. */
interface Extent {
  /** By start, then id. */
  readonly first: SpanFact | undefined;
  /** The first without a parent. */
  readonly root: SpanFact | undefined;
  readonly end: UnixNanos | undefined;
  readonly errorCount: number;
  /** The first that names a session. */
  readonly ofSession: SpanFact | undefined;
  readonly ofUser: SpanFact | undefined;
}

/** Traces of a hundred thousand spans pass here with every batch: nothing is sorted. */
function measureExtent(spans: readonly SpanFact[]): Extent {
  let first: SpanFact | undefined;
  let root: SpanFact | undefined;
  let end: UnixNanos | undefined;
  let errorCount = 0;
  let ofSession: SpanFact | undefined;
  let ofUser: SpanFact | undefined;
  for (const span of spans) {
    first = earlier(first, span);
    if (span.parentSpanId === undefined) root = earlier(root, span);
    if (span.end !== undefined && (end === undefined || span.end > end)) end = span.end;
    if (span.status === 'error') errorCount += 1;
    if (span.sessionId !== undefined) ofSession = earlier(ofSession, span);
    if (span.userId !== undefined) ofUser = earlier(ofUser, span);
  }
  return { first, root, end, errorCount, ofSession, ofUser };
}

function earlier(known: SpanFact | undefined, span: SpanFact): SpanFact {
  if (known === undefined || span.start < known.start) return span;
  return span.start === known.start && span.spanId < known.spanId ? span : known;
}

function foldStarts(starts: readonly TraceStart[]): TraceStart | undefined {
  return starts.length === 0 ? undefined : starts.reduce(mergeStarts);
}

function deriveDuration(
  start: TraceStart | undefined,
  begin: UnixNanos,
  end: UnixNanos | undefined,
): DurationNanos | undefined {
  return start?.duration ?? (end === undefined ? undefined : durationBetween(begin, end));
}

/** A client's word is final once it says how the trace ended; until then the root span decides. */
function deriveState(start: TraceStart | undefined, root: SpanFact | undefined): TraceState {
  if (start !== undefined && start.state !== 'IN_PROGRESS' && start.state !== 'STATE_UNSPECIFIED') return start.state;
  if (root === undefined || root.end === undefined) return 'IN_PROGRESS';
  return root.status === 'error' ? 'ERROR' : 'OK';
}

function deriveTags(
  traceId: TraceId,
  sources: TraceFacts,
  root: SpanFact | undefined,
  artifactLocation: string,
): StringMap {
  const tags = createMap();
  if (root !== undefined && root.name !== '') tags[TRACE_NAME_TAG] = root.name;
  Object.assign(tags, root?.traceTags);
  for (const { key, value } of sources.tags) {
    if (value === undefined) delete tags[key];
    else tags[key] = value;
  }
  tags[ARTIFACT_LOCATION_TAG] = artifactLocation;
  // Readers look where this tag points, so it may only be there once there are spans to find (contract 4.7).
  if (sources.spans.length > 0) tags[SPANS_LOCATION_TAG] = 'TRACKING_STORE';
  else delete tags[SPANS_LOCATION_TAG];
  return tags;
}

function deriveMetadata(
  start: TraceStart | undefined,
  spans: readonly SpanFact[],
  { ofSession, ofUser }: Extent,
): StringMap {
  const metadata = createMap();
  metadata['mlflow.trace_schema.version'] = '3';
  const sessionId = ofSession?.sessionId;
  const userId = ofUser?.userId;
  if (sessionId !== undefined) metadata[SESSION_KEY] = sessionId;
  if (userId !== undefined) metadata[USER_KEY] = userId;
  const usage = totalUsage(spans);
  const cost = totalCost(spans);
  if (usage !== undefined) metadata[USAGE_KEY] = JSON.stringify(toTokenUsageJson(usage));
  if (cost !== undefined) metadata[COST_KEY] = JSON.stringify(toCostJson(cost));
  if (start !== undefined) Object.assign(metadata, start.metadata, { 'mlflow.trace.infoFinalized': 'true' });
  return metadata;
}

/** Whatever the metadata says is what is shown and summed: a client's own numbers win over the spans'. */
function readUsage(text: string | undefined): TokenUsage | undefined {
  const json = text === undefined ? undefined : parseJsonText(text);
  if (!isAttributeMap(json)) return undefined;
  const inputTokens = numberAttribute(json, 'input_tokens') ?? 0;
  const outputTokens = numberAttribute(json, 'output_tokens') ?? 0;
  const totalTokens = numberAttribute(json, 'total_tokens') ?? inputTokens + outputTokens;
  const read = numberAttribute(json, 'cache_read_input_tokens');
  const created = numberAttribute(json, 'cache_creation_input_tokens');
  return {
    inputTokens,
    outputTokens,
    totalTokens,
    ...(read === undefined ? {} : { cacheReadInputTokens: read }),
    ...(created === undefined ? {} : { cacheCreationInputTokens: created }),
  };
}

function readCost(text: string | undefined): Cost | undefined {
  const json = text === undefined ? undefined : parseJsonText(text);
  if (!isAttributeMap(json)) return undefined;
  const inputCost = numberAttribute(json, 'input_cost');
  const outputCost = numberAttribute(json, 'output_cost');
  const total = numberAttribute(json, 'total_cost') ?? (inputCost ?? 0) + (outputCost ?? 0);
  return {
    ...(inputCost === undefined ? {} : { inputCost }),
    ...(outputCost === undefined ? {} : { outputCost }),
    totalCost: total,
  };
}

function createMap(): { [key: string]: string } {
  return Object.create(null) as { [key: string]: string };
}
