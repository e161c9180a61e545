import { must, parseTraceId } from '@clew/core';
import { describe, expect, test } from 'vitest';
import { decodeMlflowFile } from './decode-mlflow-file.ts';

const TRACE = must(parseTraceId('0af7651916cd43dd8448eb211c80319c'), 'a trace id');

function decode(document: string) {
  return decodeMlflowFile(new TextEncoder().encode(document), TRACE);
}

const PYTHON = `{"request": "ignored", "spans": [{"trace_id": "Cvd2WRbNQ92ESOshHIAxnA==", "span_id": "t61rcWkgMzE=", "parent_span_id": null,
  "name": "answer", "start_time_unix_nano": 1762161330250000001, "end_time_unix_nano": 1762161331454000000,
  "events": [{"name": "exception", "time_unix_nano": 1762161331000000000, "attributes": {"exception.message": "bad"}}],
  "status": {"code": "STATUS_CODE_ERROR", "message": "bad"},
  "attributes": {"mlflow.traceRequestId": "\\"tr-${TRACE}\\"", "mlflow.spanInputs": "{\\"n\\": 3}", "three": "3", "text": "\\"3\\""}}]}`;

const OLD_PYTHON = `{"spans": [{"name": "answer", "context": {"trace_id": "0x1", "span_id": "0xb7ad6b7169203331"}, "parent_id": "0x1",
  "start_time": 1762161330250000001, "end_time": null, "status_code": "OK", "status_message": "",
  "attributes": {"mlflow.traceRequestId": "\\"${TRACE}\\"", "three": "3"}, "events": [{"name": "e", "timestamp": 1762161331000000, "attributes": {}}]}]}`;

const HEX_PYTHON = `{"spans": [{"trace_id": "tr-${TRACE}", "span_id": "b7ad6b7169203331", "parent_span_id": "b7ad6b7169203332", "name": "answer",
  "start_time_unix_nano": 1762161330250000001, "status": {"code": "OK"}, "attributes": {}}]}`;

const TYPESCRIPT = `{"spans": [{"trace_id": "AAAAAAAAAAAAAAAAAAAAAA==", "span_id": "t61rcWkgMzE=", "parent_span_id": "", "name": "answer",
  "start_time_unix_nano": 1762161330250000001, "status": {"code": "STATUS_CODE_OK"},
  "attributes": {"mlflow.traceRequestId": "tr-${TRACE}", "three": 3, "text": "3", "mlflow.spanInputs": {"n": 3}}}]}`;

describe("MLflow's traces.json", () => {
  test('of Python: values are JSON text', () => {
    expect(decode(PYTHON)).toMatchObject([
      {
        traceId: TRACE,
        spanId: 'b7ad6b7169203331',
        start: 1762161330250000001n,
        end: 1762161331454000000n,
        status: { code: 'error', message: 'bad' },
        attributes: { three: 3n, text: '3', 'mlflow.spanInputs': { n: 3n } },
        events: [{ name: 'exception', time: 1762161331000000000n, attributes: { 'exception.message': 'bad' } }],
      },
    ]);
    expect(decode(PYTHON)?.[0]).not.toHaveProperty('parentSpanId');
  });

  test('of Python before 3: hex ids in a context, microseconds for nanoseconds in events', () => {
    expect(decode(OLD_PYTHON)).toMatchObject([
      {
        spanId: 'b7ad6b7169203331',
        parentSpanId: '0000000000000001',
        status: { code: 'ok' },
        attributes: { three: 3n },
        events: [{ time: 1762161331000000000n }],
      },
    ]);
    expect(decode(OLD_PYTHON)?.[0]).not.toHaveProperty('end');
  });

  test('of Python 3.5.0: hex ids', () => {
    expect(decode(HEX_PYTHON)).toMatchObject([{ spanId: 'b7ad6b7169203331', parentSpanId: 'b7ad6b7169203332' }]);
  });

  test("of TypeScript: decoded values, an empty parent, and the path's trace id", () => {
    const spans = decode(TYPESCRIPT);
    expect(spans).toMatchObject([
      { traceId: TRACE, attributes: { three: 3n, text: '3', 'mlflow.spanInputs': { n: 3n } } },
    ]);
    expect(spans?.[0]).not.toHaveProperty('parentSpanId');
  });

  test('spans that cannot be read are left out', () => {
    expect(decode('{"spans": [{"name": "no id"}, 3, null]}')).toEqual([]);
  });

  test.each(['', '[]', '{"spans": 3}', 'no JSON'])('%j is no such file', (document) => {
    expect(decode(document)).toBeUndefined();
  });
});
