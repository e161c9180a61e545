import type { Assessment, AssessmentError, AssessmentSourceType, AssessmentValue } from '../assessment.ts';
import { ASSESSMENT_SOURCES } from '../assessment.ts';
import type { AttributeValue } from '../attributes.ts';
import { TracingError } from '../errors.ts';
import { parseAssessmentId, parseSpanId, toMlflowTraceId, type AssessmentId, type TraceId } from '../ids.ts';
import { encodeJsonText, parseJsonText } from '../json-text.ts';
import { formatTimestamp, parseTimestamp, type UnixNanos } from '../time.ts';
import { readBoolean, readMessage, readStringMap, readText, readValue, requireText, type Message } from './message.ts';
import type { AssessmentErrorJson, AssessmentJson } from './mlflow-json.ts';

const JSON_FORMAT = 'JSON_FORMAT';

export function toAssessmentJson(assessment: Assessment): AssessmentJson {
  const { value } = assessment;
  return {
    assessment_id: assessment.assessmentId,
    assessment_name: assessment.name,
    trace_id: toMlflowTraceId(assessment.traceId),
    ...(assessment.spanId === undefined ? {} : { span_id: assessment.spanId }),
    source: { source_type: assessment.source.type, source_id: assessment.source.id },
    create_time: formatTimestamp(assessment.createTime),
    last_update_time: formatTimestamp(assessment.lastUpdateTime),
    ...(value.kind === 'feedback' ? { feedback: toFeedbackJson(value) } : { expectation: toExpectationJson(value) }),
    ...(assessment.rationale === undefined ? {} : { rationale: assessment.rationale }),
    ...(Object.keys(assessment.metadata).length === 0 ? {} : { metadata: assessment.metadata }),
    ...(assessment.overrides === undefined ? {} : { overrides: assessment.overrides }),
    valid: assessment.valid,
  };
}

/** What ingest adds to an assessment that a client left open. */
export interface AssessmentDefaults {
  readonly traceId: TraceId;
  /** Used when the client sent no id. */
  readonly assessmentId: AssessmentId;
  readonly now: UnixNanos;
}

/**
 * Reads an assessment as MLflow's clients send it. The trace is the caller's: the path wins over the body.
 *
 * @throws {TracingError} `invalid_argument` unless there is exactly one of `feedback` and `expectation`.
 */
export function fromAssessmentMessage(message: Message, defaults: AssessmentDefaults): Assessment {
  const value = readAssessmentValue(message);
  const createTime = readTime(message, 'create_time') ?? defaults.now;
  const rationale = readText(message, 'rationale');
  const overrides = readId(message, 'overrides');
  const spanId = readSpan(message);
  return {
    assessmentId: readId(message, 'assessment_id') ?? defaults.assessmentId,
    traceId: defaults.traceId,
    ...(spanId === undefined ? {} : { spanId }),
    name:
      readText(message, 'assessment_name') ??
      (value.kind === 'feedback' ? 'feedback' : requireText(message, 'assessment_name')),
    source: readSource(message),
    value,
    ...(rationale === undefined ? {} : { rationale }),
    metadata: readStringMap(message, 'metadata'),
    createTime,
    lastUpdateTime: readTime(message, 'last_update_time') ?? createTime,
    ...(overrides === undefined ? {} : { overrides }),
    valid: readBoolean(message, 'valid') ?? true,
  };
}

/**
 * Changes the fields that a mask names; metadata is merged, everything else replaced. Where an assessment stands, who
 * made it and what it overrides cannot change.
 *
 * @param paths - In snake_case; unknown ones are ignored.
 * @throws {TracingError} `invalid_argument` for the value of another kind.
 */
export function applyAssessmentUpdate(
  before: Assessment,
  message: Message,
  paths: readonly string[],
  now: UnixNanos,
): Assessment {
  const has = (path: string): boolean => paths.some((one) => one === path || one.startsWith(`${path}.`));
  const rationale = readText(message, 'rationale');
  const valid = readBoolean(message, 'valid');
  return {
    ...before,
    ...(has('assessment_name') ? { name: requireText(message, 'assessment_name') } : {}),
    ...(has('feedback') || has('expectation') ? { value: readSameKind(before, message) } : {}),
    ...(has('rationale') && rationale !== undefined ? { rationale } : {}),
    ...(has('metadata')
      ? { metadata: Object.assign(Object.create(null), before.metadata, readStringMap(message, 'metadata')) }
      : {}),
    ...(has('valid') && valid !== undefined ? { valid } : {}),
    // Strictly later, so that a change always shows.
    lastUpdateTime: now > before.lastUpdateTime ? now : ((before.lastUpdateTime + 1_000_000n) as UnixNanos),
  };
}

function readSameKind(before: Assessment, message: Message): AssessmentValue {
  const value = readAssessmentValue(message);
  if (value.kind === before.value.kind) return value;
  throw new TracingError(
    'invalid_argument',
    `Cannot put an ${value.kind} into assessment "${before.assessmentId}": it is ${before.value.kind}`,
  );
}

function readAssessmentValue(message: Message): AssessmentValue {
  const feedback = readMessage(message, 'feedback');
  const expectation = readMessage(message, 'expectation');
  if ((feedback === undefined) === (expectation === undefined)) {
    const found = feedback === undefined ? 'neither' : 'both';
    throw new TracingError(
      'invalid_argument',
      `Invalid assessment: expected one of "feedback" and "expectation", got ${found}`,
    );
  }
  return feedback === undefined ? readExpectation(expectation ?? {}) : readFeedback(feedback);
}

function readFeedback(feedback: Message): AssessmentValue {
  const error = readMessage(feedback, 'error');
  const value = toDouble(readValue(feedback, 'value') ?? null);
  if (value === null && error === undefined) {
    throw new TracingError('invalid_argument', 'Invalid feedback: expected a "value" or an "error"');
  }
  return error === undefined ? { kind: 'feedback', value } : { kind: 'feedback', value, error: readError(error) };
}

function readExpectation(expectation: Message): AssessmentValue {
  const serialized = readMessage(expectation, 'serialized_value');
  if (serialized === undefined) {
    const value = readValue(expectation, 'value');
    if (value === undefined)
      throw new TracingError('invalid_argument', 'Invalid expectation: expected a "value" or a "serialized_value"');
    return { kind: 'expectation', value: toDouble(value), serialized: false };
  }
  const format = readText(serialized, 'serialization_format');
  if (format !== undefined && format !== JSON_FORMAT) {
    throw new TracingError('invalid_argument', `Invalid serialization_format "${format}": expected ${JSON_FORMAT}`);
  }
  const value = parseJsonText(requireText(serialized, 'value'));
  if (value === undefined) throw new TracingError('invalid_argument', 'Invalid serialized_value: expected JSON text');
  return { kind: 'expectation', value, serialized: true };
}

/** `google.protobuf.Value` knows doubles only: an integer comes back as `4.0`. */
function toDouble(value: AttributeValue): AttributeValue {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return (value as readonly AttributeValue[]).map(toDouble);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const map = Object.create(null) as { [key: string]: AttributeValue };
  for (const [key, item] of Object.entries(value)) map[key] = toDouble(item);
  return map;
}

function readError(error: Message): AssessmentError {
  const message = readText(error, 'error_message');
  const stackTrace = readText(error, 'stack_trace');
  return {
    code: readText(error, 'error_code') ?? '',
    ...(message === undefined ? {} : { message }),
    ...(stackTrace === undefined ? {} : { stackTrace }),
  };
}

function readSource(message: Message): Assessment['source'] {
  const source = readMessage(message, 'source') ?? {};
  const word = readText(source, 'source_type') ?? 'SOURCE_TYPE_UNSPECIFIED';
  // MLflow 3.0's clients still wrote the older spelling.
  const type = word === 'AI_JUDGE' ? 'LLM_JUDGE' : ASSESSMENT_SOURCES.find((known) => known === word);
  if (type === undefined) {
    throw new TracingError(
      'invalid_argument',
      `Invalid source_type "${word}": expected one of ${ASSESSMENT_SOURCES.join(', ')}`,
    );
  }
  return { type: type satisfies AssessmentSourceType, id: readText(source, 'source_id') ?? 'default' };
}

function readId(message: Message, name: string): AssessmentId | undefined {
  const text = readText(message, name);
  if (text === undefined || text === '') return undefined;
  const id = parseAssessmentId(text);
  if (id === undefined)
    throw new TracingError(
      'invalid_argument',
      `Invalid ${name} "${text.slice(0, 100)}": expected up to 64 printable characters`,
    );
  return id;
}

function readSpan(message: Message): Assessment['spanId'] {
  const text = readText(message, 'span_id');
  if (text === undefined || text === '') return undefined;
  const id = parseSpanId(text);
  if (id === undefined)
    throw new TracingError('invalid_argument', `Invalid span_id "${text.slice(0, 100)}": expected 16 hex digits`);
  return id;
}

function readTime(message: Message, name: string): UnixNanos | undefined {
  const text = readText(message, name);
  if (text === undefined || text === '') return undefined;
  const time = parseTimestamp(text);
  if (time === undefined)
    throw new TracingError('invalid_argument', `Invalid ${name} "${text.slice(0, 100)}": expected an RFC 3339 time`);
  return time;
}

function toFeedbackJson(
  value: AssessmentValue & { readonly kind: 'feedback' },
): NonNullable<AssessmentJson['feedback']> {
  return {
    ...(value.value === null ? {} : { value: value.value }),
    ...(value.error === undefined ? {} : { error: toErrorJson(value.error) }),
  };
}

function toErrorJson(error: AssessmentError): AssessmentErrorJson {
  return {
    error_code: error.code,
    ...(error.message === undefined ? {} : { error_message: error.message }),
    ...(error.stackTrace === undefined ? {} : { stack_trace: error.stackTrace }),
  };
}

function toExpectationJson(
  value: AssessmentValue & { readonly kind: 'expectation' },
): NonNullable<AssessmentJson['expectation']> {
  if (!value.serialized) return { value: value.value };
  return { serialized_value: { serialization_format: JSON_FORMAT, value: encodeJsonText(value.value) } };
}
