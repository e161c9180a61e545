/** Small valid values for tests of stores; every id is new in this process. */
import {
  createAttributes,
  must,
  parseAssessmentId,
  parseExperimentId,
  parseSpanId,
  parseTraceId,
  type Assessment,
  type AssessmentId,
  type AttributeValue,
  type Attributes,
  type Experiment,
  type ExperimentId,
  type SpanId,
  type SpanSummary,
  type StringMap,
  type TagChange,
  type TraceHeader,
  type TraceId,
  type StoredSpan,
  type TraceStart,
  type UnixNanos,
} from '@clew/core';
import type { BatchVersions, SourceBatch, SpanFact, SpanStore, SpanWrite, Versioned } from '../span-store.ts';

let made = 0;

/** Spread over the id space, as random ids are: their order says nothing of the order they were made in. */
function nextHex(digits: number): string {
  made += 1;
  const spread = (BigInt(made) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  return `${spread.toString(16).padStart(16, '0')}${made.toString(16).padStart(16, '0')}`.slice(0, digits);
}

export function newTraceId(): TraceId {
  return must(parseTraceId(nextHex(32)), 'a trace id');
}

export function newSpanId(): SpanId {
  return must(parseSpanId(nextHex(16)), 'a span id');
}

export function newExperimentId(): ExperimentId {
  return must(parseExperimentId(`e${nextHex(32)}`), 'an experiment id');
}

export function newAssessmentId(): AssessmentId {
  return must(parseAssessmentId(`a-${nextHex(32)}`), 'an assessment id');
}

/** An instant so many milliseconds after noon of 2026-01-01. */
export function at(millis: number): UnixNanos {
  return (1_767_268_800_000_000_000n + BigInt(Math.round(millis * 1_000_000))) as UnixNanos;
}

/** A map with a null prototype, as ingest makes them. */
export function attributes(entries: readonly (readonly [string, AttributeValue])[] = []): Attributes {
  const map = createAttributes();
  for (const [key, value] of entries) map[key] = value;
  return map;
}

/** As {@link attributes}, for maps of text. */
export function textMap(entries: readonly (readonly [string, string])[] = []): StringMap {
  const map = Object.create(null) as { [key: string]: string };
  for (const [key, value] of entries) map[key] = value;
  return map;
}

/** A root span of 20 ms with nothing optional. */
export function sampleSpan(given: Partial<StoredSpan> = {}): StoredSpan {
  return {
    traceId: newTraceId(),
    spanId: newSpanId(),
    name: 'answer',
    kind: 'internal',
    start: at(0),
    end: at(20),
    status: { code: 'unset' },
    attributes: attributes(),
    events: [],
    links: [],
    scope: { name: '', version: '', attributes: attributes() },
    resource: attributes(),
    traceState: '',
    summary: sampleSummary(),
    ...given,
  };
}

export function sampleSummary(given: Partial<SpanSummary> = {}): SpanSummary {
  return { type: 'UNKNOWN', dialect: '', ...given };
}

/** The span without an end. */
export function stillRunning(span: StoredSpan): StoredSpan {
  const { end: _, ...rest } = span;
  return rest;
}

/** A finished trace of 20 ms with nothing optional. */
export function sampleHeader(given: Partial<TraceHeader> = {}): TraceHeader {
  return {
    traceId: newTraceId(),
    experimentId: newExperimentId(),
    start: at(0),
    state: 'OK',
    tags: textMap(),
    metadata: textMap(),
    spanCount: 1,
    errorCount: 0,
    isFinalized: false,
    ...given,
  };
}

export function sampleStart(given: Partial<TraceStart> = {}): TraceStart {
  return {
    traceId: newTraceId(),
    experimentId: newExperimentId(),
    start: at(0),
    state: 'OK',
    metadata: textMap(),
    ...given,
  };
}

/** Somebody's approval of a whole trace. */
export function sampleAssessment(given: Partial<Assessment> = {}): Assessment {
  return {
    assessmentId: newAssessmentId(),
    traceId: newTraceId(),
    name: 'helpful',
    source: { type: 'HUMAN', id: 'ada' },
    value: { kind: 'feedback', value: true },
    metadata: textMap(),
    createTime: at(0),
    lastUpdateTime: at(0),
    valid: true,
    ...given,
  };
}

export function sampleExperiment(given: Partial<Experiment> = {}): Experiment {
  const experimentId = newExperimentId();
  return {
    experimentId,
    name: `experiment ${experimentId}`,
    artifactLocation: `mlflow-artifacts:/${experimentId}`,
    lifecycleStage: 'active',
    creationTime: at(0),
    lastUpdateTime: at(0),
    tags: textMap(),
    ...given,
  };
}

const DEFAULT_TARGET = newExperimentId();

export async function writeSpans(store: SpanStore, spans: readonly StoredSpan[]): Promise<void> {
  await writeBatch(store, { spans: spans.map((span): SpanWrite => ({ span, experimentId: DEFAULT_TARGET })) });
}

/** A batch as its sender has it. */
export type SampleBatch = Partial<Omit<SourceBatch, 'spans'>> & { readonly spans?: readonly SpanWrite[] };

export async function writeBatch(
  store: SpanStore,
  { spans = [], starts = [], tags = [], assessments = [] }: SampleBatch,
): Promise<BatchVersions> {
  return store.writeSources({ spans: store.prepareSpans(spans), starts, tags, assessments });
}

let version = 0n;

/** Each beats the ones written before. */
export async function writeHeaders(store: SpanStore, headers: readonly TraceHeader[]): Promise<void> {
  await store.writeHeaders(headers.map((header) => ({ header, version: (version += 1n) })));
}

/** What a trace's header is derived from, without versions. */
export async function readFacts(store: SpanStore, traceId: TraceId): Promise<TraceFacts> {
  const { spans = [], starts = [], tags = [] } = (await store.readSources([traceId])).get(traceId) ?? {};
  return { spans: spans.map(unversioned), starts: starts.map(unversioned), tags: tags.map(unversioned) };
}

interface TraceFacts {
  readonly spans: readonly SpanFact[];
  readonly starts: readonly TraceStart[];
  readonly tags: readonly TagChange[];
}

function unversioned<T extends object>(source: Versioned<T>): Omit<Versioned<T>, 'version'> {
  const { version: _, ...rest } = source;
  return rest;
}

export async function readAllSpans(store: SpanStore, traceId: TraceId): Promise<readonly StoredSpan[]> {
  const spans: StoredSpan[] = [];
  for await (const chunk of store.readSpans(traceId)) spans.push(...chunk);
  return spans;
}
