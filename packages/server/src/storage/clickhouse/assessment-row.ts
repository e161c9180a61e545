/** Assessments to rows and back. */
import {
  ASSESSMENT_SOURCES,
  decodeJsonText,
  encodeJsonText,
  must,
  parseAssessmentId,
  type Assessment,
  type AssessmentError,
  type AssessmentValue,
} from '@clew/core';
import { readBoolean, readOptionalText, readText, readTextMap, readTime, type Row } from './cells.ts';
import type { OutgoingRow } from './encode-row.ts';
import { readTraceId } from './ids-of-row.ts';
import { readSpanId } from './span-row.ts';
import { sql, type SqlFragment } from './sql.ts';

export const ASSESSMENT_COLUMNS: SqlFragment = sql`trace_id, assessment_id, span_id, name, source_type, source_id, kind, value,
  is_serialized, error_code, error_message, error_stack_trace, rationale, metadata, create_ns, update_ns, overrides,
  is_valid`;

export function toAssessmentRow(assessment: Assessment, version: bigint): OutgoingRow {
  const { value } = assessment;
  const error = value.kind === 'feedback' ? value.error : undefined;
  return {
    trace_id: assessment.traceId,
    assessment_id: assessment.assessmentId,
    version: version.toString(),
    span_id: assessment.spanId ?? null,
    name: assessment.name,
    source_type: assessment.source.type,
    source_id: assessment.source.id,
    kind: value.kind,
    value: encodeJsonText(value.value),
    is_serialized: value.kind === 'expectation' && value.serialized,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    error_stack_trace: error?.stackTrace ?? null,
    rationale: assessment.rationale ?? null,
    metadata: assessment.metadata,
    create_ns: assessment.createTime.toString(),
    update_ns: assessment.lastUpdateTime.toString(),
    overrides: assessment.overrides ?? null,
    is_valid: assessment.valid,
  };
}

export function toAssessment(row: Row): Assessment {
  const spanId = readOptionalText(row, 'span_id');
  const rationale = readOptionalText(row, 'rationale');
  const overrides = readOptionalText(row, 'overrides');
  return {
    assessmentId: must(parseAssessmentId(readText(row, 'assessment_id')), 'an assessment id'),
    traceId: readTraceId(row, 'trace_id'),
    ...(spanId === undefined ? {} : { spanId: readSpanId(row, 'span_id') }),
    name: readText(row, 'name'),
    source: {
      type: must(
        ASSESSMENT_SOURCES.find((type) => type === row['source_type']),
        'an assessment source',
      ),
      id: readText(row, 'source_id'),
    },
    value: toValue(row),
    ...(rationale === undefined ? {} : { rationale }),
    metadata: readTextMap(row, 'metadata'),
    createTime: readTime(row, 'create_ns'),
    lastUpdateTime: readTime(row, 'update_ns'),
    ...(overrides === undefined ? {} : { overrides: must(parseAssessmentId(overrides), 'an assessment id') }),
    valid: readBoolean(row, 'is_valid'),
  };
}

function toValue(row: Row): AssessmentValue {
  const value = decodeJsonText(readText(row, 'value'));
  if (value === undefined) throw new Error('Expected JSON text');
  if (readText(row, 'kind') === 'expectation') {
    return { kind: 'expectation', value, serialized: readBoolean(row, 'is_serialized') };
  }
  const error = toError(row);
  return { kind: 'feedback', value, ...(error === undefined ? {} : { error }) };
}

function toError(row: Row): AssessmentError | undefined {
  const code = readOptionalText(row, 'error_code');
  if (code === undefined) return undefined;
  const message = readOptionalText(row, 'error_message');
  const stackTrace = readOptionalText(row, 'error_stack_trace');
  return {
    code,
    ...(message === undefined ? {} : { message }),
    ...(stackTrace === undefined ? {} : { stackTrace }),
  };
}
