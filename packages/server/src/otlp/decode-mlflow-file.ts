/**
 * MLflow's `traces.json`, as all its clients have written it: Python 3 (values are JSON text), Python 2.14 to 2.22
 * (`context`, `parent_id`), Python 3.5.0 (hex ids) and TypeScript (decoded values, unusable trace ids).
 */
import {
  createAttributes,
  fromBase64,
  isAttributeList,
  isAttributeMap,
  parseJsonText,
  parseSpanId,
  parseTraceId,
  spanIdFromBytes,
  traceIdFromBytes,
  unixNanos,
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  type SpanStatus,
  type TraceId,
  type UnixNanos,
} from '@clew/core';
import { NO_SCOPE, type SpanDraft } from './batch.ts';
import { toWellFormed } from './well-formed.ts';

const REQUEST_ID = 'mlflow.traceRequestId';
/** A client's own events had microseconds for nanoseconds in some releases; no nanosecond of this century is smaller. */
const SMALLEST_NANOS = 10n ** 17n;

/**
 * Reads the spans of a file. Those that cannot be read are left out: an upload is never refused for what it holds.
 *
 * @param traceId - Of the path: what the file says is wrong in some releases.
 * @returns `undefined` when the bytes are no such file.
 */
export function decodeMlflowFile(bytes: Uint8Array, traceId: TraceId): readonly Span[] | undefined {
  const document = parseJsonText(new TextDecoder().decode(bytes));
  const items = isAttributeMap(document) ? document['spans'] : undefined;
  if (!isAttributeList(items)) return undefined;
  const spans = items.filter(isAttributeMap);
  // Per document, not per value: the text "3" and the number 3 look alike in one of the two forms.
  const isEncoded = spans.some((span) => {
    const id = mapOf(span['attributes'])[REQUEST_ID];
    return typeof id === 'string' && id.startsWith('"');
  });
  return spans.flatMap((span) => readSpan(span, traceId, isEncoded) ?? []);
}

function readSpan(span: Attributes, traceId: TraceId, isEncoded: boolean): Span | undefined {
  const context = mapOf(span['context']);
  const spanId = readSpanId(span['span_id'] ?? context['span_id']);
  const start = readTime(span['start_time_unix_nano'] ?? span['start_time']);
  if (spanId === undefined || start === undefined) return undefined;
  const parentSpanId = readSpanId(span['parent_span_id'] ?? span['parent_id']);
  const end = readTime(span['end_time_unix_nano'] ?? span['end_time']);
  const draft: SpanDraft = {
    traceId,
    spanId,
    name: textOf(span['name']),
    kind: 'unspecified',
    start,
    status: readStatus(span),
    attributes: readAttributes(mapOf(span['attributes']), isEncoded),
    events: listOf(span['events']).flatMap((event) => readEvent(event) ?? []),
    links: listOf(span['links']).flatMap((link) => readLink(link) ?? []),
    scope: NO_SCOPE,
    resource: createAttributes(),
    traceState: '',
  };
  if (parentSpanId !== undefined) draft.parentSpanId = parentSpanId;
  if (end !== undefined && end > 0n) draft.end = end;
  return draft;
}

/** Base64 of 8 bytes, 16 hex digits, or `0x` and up to 16 of them. */
function readSpanId(value: AttributeValue | undefined): SpanId | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (value.startsWith('0x')) return parseSpanId(value.slice(2).padStart(16, '0'));
  const bytes = fromBase64(value);
  return parseSpanId(value) ?? (bytes === undefined ? undefined : spanIdFromBytes(bytes));
}

function readTraceId(value: AttributeValue | undefined): TraceId | undefined {
  if (typeof value !== 'string') return undefined;
  const bytes = fromBase64(value);
  return parseTraceId(value.replace(/^(?:0x|tr-)/, '')) ?? (bytes === undefined ? undefined : traceIdFromBytes(bytes));
}

function readTime(value: AttributeValue | undefined): UnixNanos | undefined {
  if (typeof value === 'bigint') return unixNanos(value);
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return unixNanos(BigInt(value));
  return typeof value === 'number' && Number.isFinite(value) ? unixNanos(BigInt(Math.round(value))) : undefined;
}

function readStatus(span: Attributes): SpanStatus {
  const status = mapOf(span['status']);
  const code = textOf(status['code'] ?? span['status_code']).replace(/^STATUS_CODE_/, '');
  if (code === 'ERROR') return { code: 'error', message: textOf(status['message'] ?? span['status_message']) };
  return code === 'OK' ? { code: 'ok' } : { code: 'unset' };
}

function readAttributes(attributes: Attributes, isEncoded: boolean): Attributes {
  const read = createAttributes();
  for (const [key, value] of Object.entries(attributes)) {
    const decoded = isEncoded && typeof value === 'string' ? (parseJsonText(value) ?? value) : value;
    read[key] = typeof decoded === 'string' ? toWellFormed(decoded) : decoded;
  }
  return read;
}

function readEvent(event: Attributes): SpanEvent | undefined {
  const time = readTime(event['time_unix_nano'] ?? event['timestamp']);
  if (time === undefined) return undefined;
  return {
    name: textOf(event['name']),
    time: time < SMALLEST_NANOS ? (unixNanos(time * 1000n) ?? time) : time,
    attributes: readAttributes(mapOf(event['attributes']), false),
  };
}

function readLink(link: Attributes): SpanLink | undefined {
  const traceId = readTraceId(link['trace_id']);
  const spanId = readSpanId(link['span_id']);
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, attributes: readAttributes(mapOf(link['attributes']), false) };
}

const NOTHING: Attributes = createAttributes();

function mapOf(value: AttributeValue | undefined): Attributes {
  return isAttributeMap(value) ? value : NOTHING;
}

function listOf(value: AttributeValue | undefined): readonly Attributes[] {
  return isAttributeList(value) ? value.filter(isAttributeMap) : [];
}

function textOf(value: AttributeValue | undefined): string {
  return typeof value === 'string' ? toWellFormed(value) : '';
}
