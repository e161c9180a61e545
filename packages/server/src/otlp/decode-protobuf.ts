/** Protobuf bytes to spans: one pass over `ExportTraceServiceRequest`, without an object tree in between. */
import {
  createAttributes,
  fail,
  ok,
  spanIdFromBytes,
  toHex,
  traceIdFromBytes,
  type Attributes,
  type AttributeValue,
  type Result,
  type Scope,
  type Span,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  type SpanStatus,
  type TraceId,
} from '@clew/core';
import {
  checkDepth,
  checkTime,
  emptyRequest,
  NO_SCOPE,
  spanKindOf,
  SpanRefusal,
  spanStatusOf,
  type OtlpBatch,
  type OtlpError,
  type RejectedSpan,
  type SpanDraft,
} from './batch.ts';
import {
  enterMessage,
  leaveMessage,
  MalformedProtobuf,
  openProtobuf,
  readBytes,
  readDouble,
  readEnum,
  readFixed64,
  readInt64,
  readKey,
  readTag,
  readText,
  skipField,
  type ProtobufReader,
} from './protobuf-reader.ts';

/*
 * Cases below are wire tags, `field number * 8 + wire type`, from opentelemetry-proto 1.x: a field that arrives with
 * another wire type than its own is an unknown field. Wire types: 0 varint, 1 eight bytes, 2 length and bytes.
 */

/**
 * Reads an `ExportTraceServiceRequest`.
 *
 * A span with a bad id or time is refused alone; bytes that are not this message are an error with their offset.
 * Never throws. Byte values are copies: they do not keep the request in memory.
 */
export function decodeOtlpProtobuf(bytes: Uint8Array): Result<OtlpBatch, OtlpError> {
  const reader = openProtobuf(bytes);
  const spans: Span[] = [];
  const rejected: RejectedSpan[] = [];
  let groups = 0;
  try {
    while (reader.pos < bytes.length) {
      if (readTag(reader, bytes.length) === 10) {
        groups += 1;
        readResourceSpans(reader, bytes.length, spans, rejected);
      } else {
        skipField(reader, bytes.length);
      }
    }
  } catch (error) {
    if (!(error instanceof MalformedProtobuf)) throw error;
    return fail({ kind: 'malformed', where: `byte ${error.offset}`, message: error.message });
  }
  return groups === 0 ? fail(emptyRequest()) : ok({ spans, rejected });
}

function readResourceSpans(reader: ProtobufReader, limit: number, spans: Span[], rejected: RejectedSpan[]): void {
  const end = enterMessage(reader, limit);
  const start = reader.pos;
  const refusals: SpanRefusal[] = [];
  let resource: Attributes = createAttributes();
  // The resource may follow its spans on the wire, so it is looked for first.
  while (reader.pos < end) {
    if (readTag(reader, end) === 10) resource = readOr(refusals, reader, end, readResource) ?? resource;
    else skipField(reader, end);
  }
  leaveMessage(reader, end);
  reader.pos = start;
  while (reader.pos < end) {
    if (readTag(reader, end) === 18) readScopeSpans(reader, end, resource, refusals, spans, rejected);
    else skipField(reader, end);
  }
}

function readResource(reader: ProtobufReader, limit: number): Attributes {
  const end = enterMessage(reader, limit);
  const attributes = createAttributes();
  while (reader.pos < end) {
    if (readTag(reader, end) === 10) readKeyValue(reader, end, attributes, 1);
    else skipField(reader, end);
  }
  leaveMessage(reader, end);
  return attributes;
}

function readScopeSpans(
  reader: ProtobufReader,
  limit: number,
  resource: Attributes,
  resourceRefusals: readonly SpanRefusal[],
  spans: Span[],
  rejected: RejectedSpan[],
): void {
  const end = enterMessage(reader, limit);
  const start = reader.pos;
  const refusals = [...resourceRefusals];
  let scope: Scope = NO_SCOPE;
  while (reader.pos < end) {
    if (readTag(reader, end) === 10) scope = readOr(refusals, reader, end, readScope) ?? scope;
    else skipField(reader, end);
  }
  leaveMessage(reader, end);
  reader.pos = start;
  while (reader.pos < end) {
    if (readTag(reader, end) !== 18) {
      skipField(reader, end);
      continue;
    }
    const spanStart = reader.pos;
    try {
      if (refusals[0] !== undefined) throw refusals[0];
      spans.push(readSpan(reader, end, scope, resource));
    } catch (error) {
      if (!(error instanceof SpanRefusal)) throw error;
      rejected.push({ index: spans.length + rejected.length, problem: error.problem, reason: error.message });
      reader.pos = spanStart;
      reader.pos = enterMessage(reader, end);
    }
  }
}

/** Reads one message; when it must be refused, remembers why and goes on behind it. */
function readOr<T>(
  refusals: SpanRefusal[],
  reader: ProtobufReader,
  limit: number,
  read: (reader: ProtobufReader, limit: number) => T,
): T | undefined {
  const start = reader.pos;
  try {
    return read(reader, limit);
  } catch (error) {
    if (!(error instanceof SpanRefusal)) throw error;
    refusals.push(error);
    reader.pos = start;
    reader.pos = enterMessage(reader, limit);
    return undefined;
  }
}

function readScope(reader: ProtobufReader, limit: number): Scope {
  const end = enterMessage(reader, limit);
  const attributes = createAttributes();
  let name = '';
  let version = '';
  while (reader.pos < end) {
    switch (readTag(reader, end)) {
      case 10:
        name = readText(reader, end);
        break;
      case 18:
        version = readText(reader, end);
        break;
      case 26:
        readKeyValue(reader, end, attributes, 1);
        break;
      default:
        skipField(reader, end);
    }
  }
  leaveMessage(reader, end);
  return { name, version, attributes };
}

const NO_BYTES = new Uint8Array(0);

function readSpan(reader: ProtobufReader, limit: number, scope: Scope, resource: Attributes): Span {
  const end = enterMessage(reader, limit);
  const attributes = createAttributes();
  const events: SpanEvent[] = [];
  const links: SpanLink[] = [];
  let traceId = NO_BYTES;
  let spanId = NO_BYTES;
  let parentSpanId = NO_BYTES;
  let traceState = '';
  let name = '';
  let kind = 0;
  let startTime = 0n;
  let endTime = 0n;
  let status: SpanStatus = { code: 'unset' };
  while (reader.pos < end) {
    switch (readTag(reader, end)) {
      case 10:
        traceId = readBytes(reader, end);
        break;
      case 18:
        spanId = readBytes(reader, end);
        break;
      case 26:
        traceState = readText(reader, end);
        break;
      case 34:
        parentSpanId = readBytes(reader, end);
        break;
      case 42:
        name = readText(reader, end);
        break;
      case 48:
        kind = readEnum(reader, end);
        break;
      case 57:
        startTime = readFixed64(reader, end);
        break;
      case 65:
        endTime = readFixed64(reader, end);
        break;
      case 74:
        readKeyValue(reader, end, attributes, 1);
        break;
      case 90:
        events.push(readEvent(reader, end));
        break;
      case 106: {
        const link = readLink(reader, end);
        if (link !== undefined) links.push(link);
        break;
      }
      case 122:
        status = readStatus(reader, end);
        break;
      default:
        skipField(reader, end);
    }
  }
  leaveMessage(reader, end);
  const span: SpanDraft = {
    traceId: checkTraceId(traceId),
    spanId: checkSpanId(spanId),
    name,
    kind: spanKindOf(kind),
    start: checkTime(startTime, 'start_time_unix_nano'),
    status,
    attributes,
    events,
    links,
    scope,
    resource,
    traceState,
  };
  const parent = checkParentSpanId(parentSpanId);
  if (parent !== undefined) span.parentSpanId = parent;
  if (endTime !== 0n) span.end = checkTime(endTime, 'end_time_unix_nano');
  return span;
}

function checkTraceId(bytes: Uint8Array): TraceId {
  const id = traceIdFromBytes(bytes);
  if (id !== undefined) return id;
  throw new SpanRefusal('identity', idProblem('trace id', bytes, 16));
}

function checkSpanId(bytes: Uint8Array): SpanId {
  const id = spanIdFromBytes(bytes);
  if (id !== undefined) return id;
  throw new SpanRefusal('identity', idProblem('span id', bytes, 8));
}

/** Empty and all-zero ids mean a root. */
function checkParentSpanId(bytes: Uint8Array): SpanId | undefined {
  if (bytes.length === 0) return undefined;
  const id = spanIdFromBytes(bytes);
  if (id !== undefined) return id;
  if (bytes.length === 8) return undefined;
  throw new SpanRefusal('value', idProblem('parent span id', bytes, 8));
}

function idProblem(what: string, bytes: Uint8Array, length: number): string {
  return `Cannot parse ${what} "${toHex(bytes.subarray(0, 20))}": expected ${length} bytes, not all zero, got ${bytes.length}`;
}

function readEvent(reader: ProtobufReader, limit: number): SpanEvent {
  const end = enterMessage(reader, limit);
  const attributes = createAttributes();
  let time = 0n;
  let name = '';
  while (reader.pos < end) {
    switch (readTag(reader, end)) {
      case 9:
        time = readFixed64(reader, end);
        break;
      case 18:
        name = readText(reader, end);
        break;
      case 26:
        readKeyValue(reader, end, attributes, 1);
        break;
      default:
        skipField(reader, end);
    }
  }
  leaveMessage(reader, end);
  return { name, time: checkTime(time, 'time_unix_nano'), attributes };
}

/** A link whose ids lead nowhere is left out: it is not worth losing the span. */
function readLink(reader: ProtobufReader, limit: number): SpanLink | undefined {
  const end = enterMessage(reader, limit);
  const attributes = createAttributes();
  let trace = NO_BYTES;
  let span = NO_BYTES;
  while (reader.pos < end) {
    switch (readTag(reader, end)) {
      case 10:
        trace = readBytes(reader, end);
        break;
      case 18:
        span = readBytes(reader, end);
        break;
      case 34:
        readKeyValue(reader, end, attributes, 1);
        break;
      default:
        skipField(reader, end);
    }
  }
  leaveMessage(reader, end);
  const traceId = traceIdFromBytes(trace);
  const spanId = spanIdFromBytes(span);
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId, attributes };
}

function readStatus(reader: ProtobufReader, limit: number): SpanStatus {
  const end = enterMessage(reader, limit);
  let code = 0;
  let message = '';
  while (reader.pos < end) {
    switch (readTag(reader, end)) {
      case 18:
        message = readText(reader, end);
        break;
      case 24:
        code = readEnum(reader, end);
        break;
      default:
        skipField(reader, end);
    }
  }
  leaveMessage(reader, end);
  return spanStatusOf(code, message);
}

function readKeyValue(
  reader: ProtobufReader,
  limit: number,
  into: { [key: string]: AttributeValue },
  depth: number,
): void {
  const end = enterMessage(reader, limit);
  let key = '';
  let value: AttributeValue = null;
  while (reader.pos < end) {
    switch (readTag(reader, end)) {
      case 10:
        key = readKey(reader, end);
        break;
      case 18:
        value = readAnyValue(reader, end, depth);
        break;
      default:
        skipField(reader, end);
    }
  }
  leaveMessage(reader, end);
  into[key] = value;
}

function readAnyValue(reader: ProtobufReader, limit: number, depth: number): AttributeValue {
  const end = enterMessage(reader, limit);
  let value: AttributeValue = null;
  while (reader.pos < end) {
    switch (readTag(reader, end)) {
      case 10:
        value = readText(reader, end);
        break;
      case 16:
        value = readInt64(reader, end) !== 0n;
        break;
      case 24:
        value = readInt64(reader, end);
        break;
      case 33:
        value = readDouble(reader, end);
        break;
      case 42:
        value = readArray(reader, end, depth);
        break;
      case 50:
        value = readKeyValues(reader, end, depth);
        break;
      case 58:
        value = readBytes(reader, end).slice();
        break;
      default:
        skipField(reader, end);
    }
  }
  leaveMessage(reader, end);
  return value;
}

function readArray(reader: ProtobufReader, limit: number, depth: number): readonly AttributeValue[] {
  checkDepth(depth);
  const end = enterMessage(reader, limit);
  const items: AttributeValue[] = [];
  while (reader.pos < end) {
    if (readTag(reader, end) === 10) items.push(readAnyValue(reader, end, depth + 1));
    else skipField(reader, end);
  }
  leaveMessage(reader, end);
  return items;
}

function readKeyValues(reader: ProtobufReader, limit: number, depth: number): Attributes {
  checkDepth(depth);
  const end = enterMessage(reader, limit);
  const entries = createAttributes();
  while (reader.pos < end) {
    if (readTag(reader, end) === 10) readKeyValue(reader, end, entries, depth + 1);
    else skipField(reader, end);
  }
  leaveMessage(reader, end);
  return entries;
}
