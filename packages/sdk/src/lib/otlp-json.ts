/**
 * Spans to OTLP/JSON (opentelemetry-proto 1.x, JSON mapping): ids as hex, 64-bit integers as text, enums as numbers.
 *
 * Text is built piece by piece and never as one object tree: a batch holds megabytes of messages.
 */
import { SPAN_KINDS, toBase64, type Attributes, type AttributeValue, type Scope, type Span } from '@clew/core';

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const STATUS_CODES = { unset: 0, ok: 1, error: 2 } as const;

/** An `ExportTraceServiceRequest` around spans already encoded by {@link encodeSpan}. */
export function encodeRequest(resource: Attributes, scope: Scope, encodedSpans: readonly string[]): string {
  const scopeText = `{"name":${JSON.stringify(scope.name)},"version":${JSON.stringify(scope.version)}}`;
  const resourceText = `{"attributes":${encodeAttributes(resource)}}`;
  const scopeSpans = `[{"scope":${scopeText},"spans":[${encodedSpans.join(',')}]}]`;
  return `{"resourceSpans":[{"resource":${resourceText},"scopeSpans":${scopeSpans}}]}`;
}

export function encodeSpan(span: Span): string {
  const fields = [
    `"traceId":"${span.traceId}"`,
    `"spanId":"${span.spanId}"`,
    `"name":${JSON.stringify(span.name)}`,
    `"kind":${Math.max(0, SPAN_KINDS.indexOf(span.kind))}`,
    `"startTimeUnixNano":"${span.start}"`,
    `"attributes":${encodeAttributes(span.attributes)}`,
    `"status":${encodeStatus(span.status)}`,
  ];
  if (span.parentSpanId !== undefined) fields.push(`"parentSpanId":"${span.parentSpanId}"`);
  if (span.end !== undefined) fields.push(`"endTimeUnixNano":"${span.end}"`);
  if (span.events.length > 0) fields.push(`"events":[${span.events.map(encodeEvent).join(',')}]`);
  if (span.links.length > 0) fields.push(`"links":[${span.links.map(encodeLink).join(',')}]`);
  return `{${fields.join(',')}}`;
}

function encodeStatus(status: Span['status']): string {
  const message =
    status.code === 'error' && status.message !== '' ? `"message":${JSON.stringify(status.message)},` : '';
  return `{${message}"code":${STATUS_CODES[status.code]}}`;
}

function encodeEvent({ name, time, attributes }: Span['events'][number]): string {
  return `{"timeUnixNano":"${time}","name":${JSON.stringify(name)},"attributes":${encodeAttributes(attributes)}}`;
}

function encodeLink({ traceId, spanId, attributes }: Span['links'][number]): string {
  return `{"traceId":"${traceId}","spanId":"${spanId}","attributes":${encodeAttributes(attributes)}}`;
}

function encodeAttributes(attributes: Attributes): string {
  return `[${Object.keys(attributes)
    .map((key) => encodePair(key, attributes[key] ?? null))
    .join(',')}]`;
}

function encodePair(key: string, value: AttributeValue): string {
  return `{"key":${JSON.stringify(key)},"value":${encodeValue(value)}}`;
}

/** A JavaScript number without a fraction is an integer: users write `3`, not `3n`. */
export function encodeValue(value: AttributeValue): string {
  switch (typeof value) {
    case 'string':
      return `{"stringValue":${JSON.stringify(value)}}`;
    case 'boolean':
      return value ? '{"boolValue":true}' : '{"boolValue":false}';
    case 'number':
      return encodeNumber(value);
    case 'bigint':
      return value > INT64_MAX || value < INT64_MIN ? `{"stringValue":"${value}"}` : `{"intValue":"${value}"}`;
    default:
      return encodeObject(value);
  }
}

function encodeNumber(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return `{"intValue":"${value}"}`;
  return Number.isFinite(value) ? `{"doubleValue":${value}}` : `{"doubleValue":"${value}"}`;
}

function encodeObject(value: AttributeValue & (object | null)): string {
  if (value === null) return '{}';
  if (value instanceof Uint8Array) return `{"bytesValue":"${toBase64(value)}"}`;
  if (Array.isArray(value)) {
    const items = value as readonly AttributeValue[];
    return `{"arrayValue":{"values":[${items.map(encodeValue).join(',')}]}}`;
  }
  return `{"kvlistValue":{"values":${encodeAttributes(value as Attributes)}}}`;
}
