import {
  durationFromMillis,
  parseSpanId,
  parseTraceId,
  unixNanosFromMillis,
  type AttributeValue,
  type Span,
} from '@clew/core';
import { describe, expect, test } from 'vitest';
import { encodeRequest, encodeSpan, encodeValue } from './otlp-json.ts';
import { startTraceJson } from './start-trace-json.ts';
import { DEFAULT_EXPERIMENT_ID } from '@clew/core';

describe('encodeValue()', () => {
  test.each<{ value: AttributeValue; is: unknown }>([
    { value: 'a "b"', is: { stringValue: 'a "b"' } },
    { value: true, is: { boolValue: true } },
    { value: 3, is: { intValue: '3' } },
    { value: -0, is: { doubleValue: 0 } },
    { value: 0.5, is: { doubleValue: 0.5 } },
    { value: 1e300, is: { doubleValue: 1e300 } },
    { value: Number.NaN, is: { doubleValue: 'NaN' } },
    { value: Number.NEGATIVE_INFINITY, is: { doubleValue: '-Infinity' } },
    { value: 2n ** 63n - 1n, is: { intValue: '9223372036854775807' } },
    { value: 2n ** 63n, is: { stringValue: '9223372036854775808' } },
    { value: null, is: {} },
    { value: new Uint8Array([1, 2, 3]), is: { bytesValue: 'AQID' } },
    { value: [], is: { arrayValue: { values: [] } } },
    {
      value: [1, ['a']],
      is: { arrayValue: { values: [{ intValue: '1' }, { arrayValue: { values: [{ stringValue: 'a' }] } }] } },
    },
    { value: {}, is: { kvlistValue: { values: [] } } },
    { value: { a: 1 }, is: { kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } } },
  ])('$value', ({ value, is }) => {
    expect(JSON.parse(encodeValue(value))).toEqual(is);
  });

  test('half a surrogate pair does not make the text invalid', () => {
    expect(encodeValue('\uD83D')).toBe('{"stringValue":"\\ud83d"}');
  });
});

const SPAN: Span = {
  traceId: id(parseTraceId('ab'.repeat(16))),
  spanId: id(parseSpanId('cd'.repeat(8))),
  parentSpanId: id(parseSpanId('ef'.repeat(8))),
  name: 'a',
  kind: 'client',
  start: unixNanosFromMillis(1),
  end: unixNanosFromMillis(2),
  status: { code: 'error', message: 'bad' },
  attributes: { x: 'y' },
  events: [{ name: 'e', time: unixNanosFromMillis(1), attributes: {} }],
  links: [{ traceId: id(parseTraceId('12'.repeat(16))), spanId: id(parseSpanId('34'.repeat(8))), attributes: {} }],
  scope: { name: 's', version: '1', attributes: {} },
  resource: { 'service.name': 'shop' },
  traceState: '',
};

test('a request, field by field', () => {
  expect(JSON.parse(encodeRequest(SPAN.resource, SPAN.scope, [encodeSpan(SPAN)]))).toEqual({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            scope: { name: 's', version: '1' },
            spans: [
              {
                traceId: 'ab'.repeat(16),
                spanId: 'cd'.repeat(8),
                parentSpanId: 'ef'.repeat(8),
                name: 'a',
                kind: 3,
                startTimeUnixNano: '1000000',
                endTimeUnixNano: '2000000',
                status: { code: 2, message: 'bad' },
                attributes: [{ key: 'x', value: { stringValue: 'y' } }],
                events: [{ timeUnixNano: '1000000', name: 'e', attributes: [] }],
                links: [{ traceId: '12'.repeat(16), spanId: '34'.repeat(8), attributes: [] }],
              },
            ],
          },
        ],
      },
    ],
  });
});

test('a trace header, field by field', () => {
  const header = {
    traceId: SPAN.traceId,
    name: 'root',
    start: unixNanosFromMillis(1_762_161_330_250),
    duration: durationFromMillis(1204),
    state: 'OK',
    requestPreview: 'hi',
    metadata: { 'mlflow.trace_schema.version': '3' },
    tags: { 'mlflow.traceName': 'root' },
  } as const;
  expect(JSON.parse(startTraceJson(header, DEFAULT_EXPERIMENT_ID))).toEqual({
    trace: {
      trace_info: {
        trace_id: `tr-${'ab'.repeat(16)}`,
        trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
        request_preview: 'hi',
        request_time: '2025-11-03T09:15:30.250Z',
        execution_duration: '1.204s',
        state: 'OK',
        trace_metadata: { 'mlflow.trace_schema.version': '3' },
        tags: { 'mlflow.traceName': 'root' },
        assessments: [],
      },
    },
  });
});

function id<T>(parsed: T | undefined): T {
  if (parsed === undefined) throw new Error('not an id');
  return parsed;
}
