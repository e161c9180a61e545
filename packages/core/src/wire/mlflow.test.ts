import { describe, expect, test } from 'vitest';
import type { Assessment } from '../assessment.ts';
import { parseAssessmentId, parseSpanId, parseTraceId, type AssessmentId, type TraceId } from '../ids.ts';
import { fromPlain, parseJsonText } from '../json-text.ts';
import type { TracedSpan } from '../span.ts';
import type { UnixNanos } from '../time.ts';
import { writeJson } from './json.ts';
import type { Message } from './message.ts';
import { fromAssessmentMessage, toAssessmentJson } from './mlflow-assessment.ts';
import { toMlflowApiSpan } from './mlflow-span.ts';
import { fromTraceInfoMessage } from './mlflow-trace.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const defaults = {
  traceId: parseTraceId(TRACE) as TraceId,
  assessmentId: parseAssessmentId(`a-${'1'.repeat(32)}`) as AssessmentId,
  now: 1762161330250000000n as UnixNanos,
};

function read(json: unknown): Assessment {
  return fromAssessmentMessage(fromPlain(json) as Message, defaults);
}

describe('writeJson()', () => {
  test('writes 64-bit integers as numbers, exactly', () => {
    expect(writeJson({ t: 1762161330250000001n, list: [1n, 'x', null, undefined], none: undefined })).toBe(
      '{"t":1762161330250000001,"list":[1,"x",null,null]}',
    );
  });
});

describe('fromAssessmentMessage()', () => {
  test('a feedback gets an id, times and validity, and comes back as sent', () => {
    const json = toAssessmentJson(
      read({
        assessment_name: 'helpful',
        source: { source_type: 'HUMAN', source_id: 'ada' },
        feedback: { value: true },
        rationale: 'answered',
      }),
    );
    expect(json).toEqual({
      assessment_id: `a-${'1'.repeat(32)}`,
      assessment_name: 'helpful',
      trace_id: `tr-${TRACE}`,
      source: { source_type: 'HUMAN', source_id: 'ada' },
      create_time: '2025-11-03T09:15:30.250Z',
      last_update_time: '2025-11-03T09:15:30.250Z',
      feedback: { value: true },
      rationale: 'answered',
      valid: true,
    });
  });

  test('an expectation keeps the form it was sent in', () => {
    const serialized = { serialized_value: { serialization_format: 'JSON_FORMAT', value: '{"answer":42}' } };
    expect(toAssessmentJson(read({ assessment_name: 'e', expectation: serialized })).expectation).toEqual(serialized);
    expect(toAssessmentJson(read({ assessment_name: 'e', expectation: { value: 'x' } })).expectation).toEqual({
      value: 'x',
    });
  });

  test('a feedback may hold an error and no value', () => {
    const { feedback } = toAssessmentJson(read({ feedback: { error: { error_code: 'X', error_message: 'm' } } }));
    expect(feedback).toEqual({ error: { error_code: 'X', error_message: 'm' } });
  });

  test.each([
    { why: 'neither kind', json: { assessment_name: 'a' }, says: 'got neither' },
    { why: 'both kinds', json: { feedback: { value: 1 }, expectation: { value: 1 } }, says: 'got both' },
    {
      why: 'a foreign format',
      json: { assessment_name: 'a', expectation: { serialized_value: { serialization_format: 'XML', value: '<a/>' } } },
      says: '"XML"',
    },
    { why: 'an unknown source', json: { feedback: { value: 1 }, source: { source_type: 'ORACLE' } }, says: '"ORACLE"' },
    { why: 'a bad span id', json: { feedback: { value: 1 }, span_id: 'xyz' }, says: '16 hex digits' },
    { why: 'an expectation without a name', json: { expectation: { value: 1 } }, says: '"assessment_name"' },
  ])('refuses $why', ({ json, says }) => {
    expect(() => read(json)).toThrow(says);
  });
});

describe('fromTraceInfoMessage()', () => {
  const info = {
    trace_id: `tr-${TRACE}`,
    trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '7' } },
    request_time: '2025-11-03T09:15:30.250Z',
  };

  test.each([
    { text: '0.0015s', nanos: 2_000_000n },
    { text: '1.2345678901s', nanos: 1_235_000_000n },
    { text: undefined, nanos: undefined },
  ])('execution_duration $text is rounded to milliseconds', ({ text, nanos }) => {
    expect(
      fromTraceInfoMessage(fromPlain({ ...info, execution_duration: text ?? null }) as Message).start.duration,
    ).toBe(nanos);
  });

  test.each([
    { why: 'a bad trace id', change: { trace_id: 'my-trace' }, says: 'Cannot parse trace id "my-trace"' },
    { why: 'another kind of place', change: { trace_location: { type: 'UC_SCHEMA' } }, says: 'UC_SCHEMA' },
    { why: 'a bad time', change: { request_time: 'now' }, says: '"now"' },
    { why: 'a bad duration', change: { execution_duration: '3' }, says: 'expected seconds' },
    { why: 'a bad state', change: { state: 'FINE' }, says: '"FINE"' },
  ])('refuses $why', ({ change, says }) => {
    expect(() => fromTraceInfoMessage(fromPlain({ ...info, ...change }) as Message)).toThrow(says);
  });
});

describe('toMlflowApiSpan()', () => {
  const span: TracedSpan = {
    traceId: defaults.traceId,
    spanId: parseSpanId('b7ad6b7169203331') as TracedSpan['spanId'],
    name: 'answer',
    kind: 'internal',
    start: 1762161330250000001n as UnixNanos,
    status: { code: 'error', message: 'bad' },
    attributes: { retries: 3n, ratio: 3, text: '3', none: null, list: [], map: {} },
    events: [],
    links: [],
    scope: { name: '', version: '', attributes: {} },
    resource: {},
    traceState: '',
    meaning: { type: 'CHAIN', inputs: { q: 'hi' }, dialect: 'mlflow' },
  };

  test('keeps the kinds of values apart, and nanoseconds exact', () => {
    const text = writeJson(toMlflowApiSpan(span));
    expect(text).toContain('"start_time_unix_nano":1762161330250000001');
    const { attributes } = JSON.parse(text) as { attributes: readonly { key: string; value: unknown }[] };
    expect(Object.fromEntries(attributes.map(({ key, value }) => [key, value]))).toEqual({
      retries: { int_value: 3 },
      ratio: { double_value: 3 },
      text: { string_value: '3' },
      none: {},
      list: { array_value: {} },
      map: { kvlist_value: {} },
      'mlflow.traceRequestId': { string_value: `tr-${TRACE}` },
      'mlflow.spanType': { string_value: 'CHAIN' },
      'mlflow.spanInputs': { kvlist_value: { values: [{ key: 'q', value: { string_value: 'hi' } }] } },
    });
  });

  test('ids are base64, and a root has no parent', () => {
    const json = parseJsonText(writeJson(toMlflowApiSpan(span)));
    expect(json).toMatchObject({
      span_id: 't61rcWkgMzE=',
      trace_id: 'CvdlGRbNQ92ESOshHIAxnA==',
      status: { code: 'STATUS_CODE_ERROR', message: 'bad' },
    });
    expect(json).not.toHaveProperty('parent_span_id');
  });
});
