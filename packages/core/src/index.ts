export type { Brand } from './brand.ts';
export {
  createAttributes,
  isAttributeList,
  isAttributeMap,
  numberAttribute,
  textAttribute,
  type Attributes,
  type AttributeValue,
} from './attributes.ts';
export {
  ASSESSMENT_SOURCES,
  type Assessment,
  type AssessmentError,
  type AssessmentSourceType,
  type AssessmentValue,
} from './assessment.ts';
export { readChatMessages } from './chat.ts';
export { firstText, firstValue, type ChatPart, type ChatToolCall } from './chat-blocks.ts';
export {
  normaliseFinishReason,
  systemPromptOf,
  toChatMessages,
  type ChatMessage,
  type ChatSide,
} from './chat-message.ts';
export { fail, must, ok, TracingError, unreachable, type ErrorCode, type Result } from './errors.ts';
export {
  DEFAULT_ORDER,
  EVERYTHING,
  NUMBER_FIELDS,
  TEXT_FIELDS,
  type Filter,
  type FilterError,
  type NumberComparison,
  type NumberField,
  type Order,
  type OrderKey,
  type SpanCondition,
  type Test,
  type TextField,
} from './filter/ast.ts';
export { matchesFilter, numberOfText, type FilterSubject } from './filter/match.ts';
export { comparePlaces, compareTraces, orderKeys, parseOrderBy, type TracePlace } from './filter/order.ts';
export { SPAN_FIELD_NAMES, TRACE_FIELD_NAMES } from './filter/field.ts';
export { parseFilter, type ParseOptions } from './filter/parse.ts';
export { printFilter, type FilterSpelling } from './filter/print.ts';
export { compilePattern, type PatternError } from './filter/regular-expression.ts';
export { spanContent } from './filter/span-content.ts';
export { contentPatterns } from './filter/text-pattern.ts';
export {
  assessmentIdFromBytes,
  DEFAULT_EXPERIMENT_ID,
  fromHex,
  parseAssessmentId,
  parseExperimentId,
  parseMlflowTraceId,
  parseSpanId,
  parseTraceId,
  spanIdFromBytes,
  toHex,
  toMlflowTraceId,
  traceIdFromBytes,
  type AssessmentId,
  type ExperimentId,
  type SpanId,
  type TraceId,
} from './ids.ts';
export {
  attributeText,
  decodeJsonText,
  encodeJsonText,
  fromBase64,
  fromPlain,
  parseJsonText,
  toBase64,
} from './json-text.ts';
export { writePlainJson } from './plain-json.ts';
export {
  buildSkeleton,
  layOutSkeleton,
  SKELETON_FLAGS,
  SKELETON_STATUSES,
  toSkeletonSource,
  type SkeletonColumns,
  type SkeletonSource,
  type SkeletonSpan,
} from './skeleton.ts';
export { packSkeleton, unpackSkeleton, type PackedSkeleton } from './skeleton-pack.ts';
export {
  SPAN_KINDS,
  SPAN_TYPES,
  type Cost,
  type KnownSpanType,
  type Scope,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
  type SpanMeaning,
  type SpanStatus,
  type SpanSummary,
  type StoredSpan,
  type SpanType,
  type TokenUsage,
  type TracedSpan,
} from './span.ts';
export {
  addDuration,
  durationBetween,
  durationFromMillis,
  durationFromNanos,
  formatProtoDuration,
  formatTimestamp,
  parseProtoDuration,
  parseTimestamp,
  toDurationMillis,
  toUnixMillis,
  unixNanos,
  unixNanosFromMillis,
  type DurationNanos,
  type UnixNanos,
} from './time.ts';
export {
  TRACE_STATES,
  type Experiment,
  type StringMap,
  type TagChange,
  type TraceHeader,
  type TraceStart,
  type TraceState,
} from './trace.ts';
