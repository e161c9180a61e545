/** From what an emitter sent to what it means: type, inputs, outputs, model, provider, usage, cost, session and user. */
import type { AttributeValue, Span, SpanMeaning, SpanSummary, SpanType, StoredSpan, TracedSpan } from '@clew/core';
import { readGenAi, genAiInputs, genAiOutputs } from './dialects/gen-ai.ts';
import { readAgentFramework } from './dialects/agent-framework.ts';
import { readClaudeCode } from './dialects/claude-code.ts';
import { readCodex } from './dialects/codex.ts';
import { readGenkit } from './dialects/genkit.ts';
import { readGoogleAdk } from './dialects/google-adk.ts';
import { readLangfuse } from './dialects/langfuse.ts';
import { readLangsmith } from './dialects/langsmith.ts';
import { readLitellm } from './dialects/litellm.ts';
import { readLivekit } from './dialects/livekit.ts';
import { readMastra } from './dialects/mastra.ts';
import { readMcp } from './dialects/mcp.ts';
import { readPydanticAi } from './dialects/pydantic-ai.ts';
import { readSpringAi } from './dialects/spring-ai.ts';
import { readStrands } from './dialects/strands.ts';
import { readVectorDb } from './dialects/vector-db.ts';
import { readVoltagent } from './dialects/voltagent.ts';
import { readAnyAgent } from './dialects/any-agent.ts';
import { readLaminar } from './dialects/laminar.ts';
import { readLogfire } from './dialects/logfire.ts';
import { readMonocle } from './dialects/monocle.ts';
import { readMlflow } from './dialects/mlflow.ts';
import { readIoValue, readOpenInference } from './dialects/openinference.ts';
import { indexedInputs, indexedOutputs, readOpenllmetry } from './dialects/openllmetry.ts';
import { readVercelAi, vercelAiInputs } from './dialects/vercel-ai.ts';
import { correctStatus } from './failure.ts';
import { conversationOf, roleOf } from './messages.ts';
import { decodeMap } from './payload.ts';
import { canonicalProvider } from './provider.ts';
import { recogniseDialect, type Dialect, type Recognised } from './recognise-dialect.ts';
import { readSpanFields, toIdentifier } from './span-fields.ts';
import { costFromFields, usageFromFields } from './token-usage.ts';
import { toWellFormed } from './well-formed.ts';

/** Reads the meaning of what a request brought, leaving out copies that are not worth keeping. */
export function normaliseSpans(spans: readonly Span[]): readonly TracedSpan[] {
  return spans.filter((span) => !isPendingCopy(span)).map(normaliseSpan);
}

/**
 * Reads a span's meaning. Its attributes stay as they came, so that a later release can read them again.
 *
 * The status is corrected where the emitter says in its own words that the span failed.
 */
export function normaliseSpan(span: Span): TracedSpan {
  const recognised = recogniseDialect(span);
  const status = correctStatus(span, recognised.foreign);
  return { ...span, status, meaning: readMeaning(span, recognised) };
}

/** The span as stores keep it. */
export function toStoredSpan(span: TracedSpan): StoredSpan {
  // Every span passes here, and naming the fields is several times faster than leaving some out of a spread.
  const stored: { -readonly [key in keyof StoredSpan]: StoredSpan[key] } = {
    traceId: span.traceId,
    spanId: span.spanId,
    name: span.name,
    kind: span.kind,
    start: span.start,
    status: span.status,
    attributes: span.attributes,
    events: span.events,
    links: span.links,
    scope: span.scope,
    resource: span.resource,
    traceState: span.traceState,
    summary: toSummary(span.meaning),
  };
  if (span.parentSpanId !== undefined) stored.parentSpanId = span.parentSpanId;
  if (span.end !== undefined) stored.end = span.end;
  return stored;
}

function toSummary(meaning: SpanMeaning): SpanSummary {
  const summary: { -readonly [key in keyof SpanSummary]: SpanSummary[key] } = {
    type: meaning.type,
    dialect: meaning.dialect,
  };
  if (meaning.model !== undefined) summary.model = meaning.model;
  if (meaning.provider !== undefined) summary.provider = meaning.provider;
  if (meaning.usage !== undefined) summary.usage = meaning.usage;
  if (meaning.cost !== undefined) summary.cost = meaning.cost;
  if (meaning.sessionId !== undefined) summary.sessionId = meaning.sessionId;
  if (meaning.userId !== undefined) summary.userId = meaning.userId;
  return summary;
}

/** A stored span with its inputs and outputs, read from its attributes by what is known of conventions today. */
export function fromStoredSpan({ summary, ...span }: StoredSpan): TracedSpan {
  const { inputs, outputs } = normaliseSpan(span).meaning;
  return {
    ...span,
    meaning: {
      ...summary,
      ...(inputs === undefined ? {} : { inputs }),
      ...(outputs === undefined ? {} : { outputs }),
    },
  };
}

/** Logfire announces a span that has begun by a copy, which points at a parent that is really the finished span. */
function isPendingCopy(span: Span): boolean {
  return span.attributes['logfire.span_type'] === 'pending_span';
}

const READERS: { readonly [dialect in Dialect]: (span: Span) => Partial<SpanMeaning> } = {
  mlflow: readMlflow,
  openinference: readOpenInference,
  openllmetry: readOpenllmetry,
  'vercel-ai': readVercelAi,
  'gen-ai': readGenAi,
  'agent-framework': readAgentFramework,
  'claude-code': readClaudeCode,
  codex: readCodex,
  genkit: readGenkit,
  'google-adk': readGoogleAdk,
  langfuse: readLangfuse,
  langsmith: readLangsmith,
  litellm: readLitellm,
  livekit: readLivekit,
  mastra: readMastra,
  mcp: readMcp,
  'pydantic-ai': readPydanticAi,
  'spring-ai': readSpringAi,
  strands: readStrands,
  'any-agent': readAnyAgent,
  laminar: readLaminar,
  logfire: readLogfire,
  monocle: readMonocle,
  'vector-db': readVectorDb,
  voltagent: readVoltagent,
};

function readMeaning(span: Span, { dialect, foreign }: Recognised): SpanMeaning {
  const primary = readPrimary(span, dialect, foreign);
  const type = primary.type ?? 'UNKNOWN';
  const fields = readSpanFields(span.attributes);
  const model = primary.model ?? fields.model;
  return withoutUnknown(type, dialect ?? '', {
    inputs: completeInputs(span, type, primary.inputs),
    outputs: primary.outputs ?? fallbackOutputs(span, type),
    model,
    provider: canonicalProvider(primary.provider ?? fields.provider, model),
    usage: primary.usage ?? usageFromFields(fields, span),
    cost: primary.cost ?? costFromFields(fields),
    sessionId: primary.sessionId ?? fields.sessionId ?? fromMetadata(span, SESSION_KEYS),
    userId: primary.userId ?? fields.userId ?? fromMetadata(span, USER_KEYS),
  });
}

/** MLflow's own attributes win over the convention below them. */
function readPrimary(span: Span, dialect: Dialect | undefined, foreign: Dialect | undefined): Partial<SpanMeaning> {
  const meaning = foreign === undefined ? NOTHING : READERS[foreign](span);
  return dialect === 'mlflow' ? { ...meaning, ...readMlflow(span) } : meaning;
}

const NOTHING: Partial<SpanMeaning> = {};

type Known = Omit<SpanMeaning, 'type' | 'dialect'>;
type Draft = { readonly [key in keyof Known]-?: Known[key] | undefined };

/** Every span passes here: assignments are several times faster than spreading. */
function withoutUnknown(type: SpanType, dialect: string, draft: Draft): SpanMeaning {
  const meaning: { -readonly [key in keyof SpanMeaning]: SpanMeaning[key] } = { type: toWellFormed(type), dialect };
  if (draft.inputs !== undefined) meaning.inputs = draft.inputs;
  if (draft.outputs !== undefined) meaning.outputs = draft.outputs;
  if (draft.model !== undefined) meaning.model = toWellFormed(draft.model);
  if (draft.provider !== undefined) meaning.provider = toWellFormed(draft.provider);
  if (draft.usage !== undefined) meaning.usage = draft.usage;
  if (draft.cost !== undefined) meaning.cost = draft.cost;
  if (draft.sessionId !== undefined) meaning.sessionId = toWellFormed(draft.sessionId);
  if (draft.userId !== undefined) meaning.userId = toWellFormed(draft.userId);
  return meaning;
}

/** What the primary convention lacks comes from the next one that has it; a lone system prompt is not a request. */
function completeInputs(span: Span, type: SpanType, inputs: AttributeValue | undefined): AttributeValue | undefined {
  if (inputs === undefined) return fallbackInputs(span, type, () => true);
  const messages = conversationOf(inputs);
  if (messages === undefined || !messages.every(isSystem)) return inputs;
  const fuller = conversationOf(fallbackInputs(span, type, hasUserMessage));
  if (fuller === undefined) return inputs;
  return { messages: [...messages, ...fuller.filter((message) => !isSystem(message))] };
}

function fallbackInputs(
  span: Span,
  type: SpanType,
  isWanted: (value: AttributeValue) => boolean,
): AttributeValue | undefined {
  const { attributes } = span;
  const sources =
    type === 'TOOL'
      ? []
      : [
          () => (attributes['ai.operationId'] === undefined ? undefined : vercelAiInputs(attributes)),
          () => genAiInputs(span),
          () => indexedInputs(attributes),
        ];
  for (const read of [...sources, () => readIoValue(attributes, 'input')]) {
    const value = read();
    if (value !== undefined && isWanted(value)) return value;
  }
  return undefined;
}

function fallbackOutputs(span: Span, type: SpanType): AttributeValue | undefined {
  const { attributes } = span;
  const messages = type === 'TOOL' ? undefined : (genAiOutputs(span) ?? indexedOutputs(attributes));
  return messages ?? readIoValue(attributes, 'output');
}

function isSystem(message: AttributeValue): boolean {
  return roleOf(message) === 'system';
}

function hasUserMessage(value: AttributeValue): boolean {
  return conversationOf(value)?.some((message) => roleOf(message) === 'user') === true;
}

const METADATA = ['metadata', 'metadata.requester_metadata'];
const SESSION_KEYS = ['session_id', 'thread_id', 'sessionId'];
const USER_KEYS = ['user_id', 'userId'];

/** Some emitters hide session and user in metadata that is JSON text. */
function fromMetadata({ attributes }: Span, keys: readonly string[]): string | undefined {
  for (const source of METADATA) {
    const value = attributes[source];
    if (typeof value === 'string' && !keys.some((key) => value.includes(key))) continue;
    const metadata = decodeMap(value);
    if (metadata === undefined) continue;
    const found = keys.map((key) => toIdentifier(metadata[key])).find((text) => text !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}
