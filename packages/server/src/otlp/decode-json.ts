/** OTLP/JSON bytes to spans: camelCase and snake_case names, hex ids, 64-bit integers as text or numbers, digit-exact. */
import {
  createAttributes,
  fail,
  fromBase64,
  ok,
  parseJsonText,
  parseSpanId,
  parseTraceId,
  SPAN_KINDS,
  type Attributes,
  type AttributeValue,
  type Result,
  type Scope,
  type Span,
  type SpanEvent,
  type SpanId,
  type SpanKind,
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
import { toWellFormed } from './well-formed.ts';

const INTEGER = /^-?\d{1,20}$/;
const STATUS_CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];
const LOWEST_INT64 = -(2n ** 63n);
const LARGEST_INT64 = 2n ** 63n - 1n;

/**
 * Reads an `ExportTraceServiceRequest` in its JSON form.
 *
 * A span with a bad id or time is refused alone; a body that is not this message is an error with the path to the
 * place. Never throws.
 */
export function decodeOtlpJson(bytes: Uint8Array): Result<OtlpBatch, OtlpError> {
  if (bytes.length === 0) return fail(emptyRequest());
  const text = decodeUtf8(bytes);
  if (text === undefined)
    return fail({ kind: 'malformed', where: '', message: 'Cannot read OTLP/JSON: expected UTF-8' });
  try {
    return readRequestText(text);
  } catch (error) {
    if (error instanceof Malformed) return fail({ kind: 'malformed', where: error.path, message: error.message });
    if (!(error instanceof SyntaxError)) throw error;
    return fail({ kind: 'malformed', where: '', message: `Cannot read OTLP/JSON: ${error.message}` });
  }
}

type JsonObject = { readonly [key: string]: unknown };

/** Something is not what the message says; `path` grows as the error travels outwards. */
class Malformed extends Error {
  override readonly name = 'Malformed';
  path: string;
  readonly wanted: string;

  constructor(path: string, wanted: string) {
    super();
    this.path = path;
    this.wanted = wanted;
  }

  override get message(): string {
    return `Cannot read OTLP/JSON${this.path === '' ? '' : ` at ${this.path}`}: expected ${this.wanted}`;
  }
}

/** An integer that `JSON.parse` may have changed. */
class RoundedInteger extends Malformed {
  constructor(path: string) {
    super(path, 'an integer without fraction or exponent');
  }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

/** Most senders write 64-bit integers as text; only when a number may have been rounded is the text read exactly. */
function readRequestText(text: string): Result<OtlpBatch, OtlpError> {
  try {
    return readRequest(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof RoundedInteger)) throw error;
    return readRequest(parseJsonText(text));
  }
}

function readRequest(value: unknown): Result<OtlpBatch, OtlpError> {
  const request = asObject(value, '');
  const spans: Span[] = [];
  const rejected: RejectedSpan[] = [];
  let groups = 0;
  forEach(request, 'resourceSpans', 'resource_spans', (item) => {
    groups += 1;
    readResourceSpans(item, spans, rejected);
  });
  return groups === 0 ? fail(emptyRequest()) : ok({ spans, rejected });
}

function readResourceSpans(group: JsonObject, spans: Span[], rejected: RejectedSpan[]): void {
  const resource = optionalObject(group, 'resource', 'resource');
  const refusals: SpanRefusal[] = [];
  const attributes = resource === undefined ? createAttributes() : readOr(refusals, () => readAttributes(resource));
  forEach(group, 'scopeSpans', 'scope_spans', (scopeGroup) => {
    const scopeRefusals = [...refusals];
    const scopeObject = optionalObject(scopeGroup, 'scope', 'scope');
    const scope = scopeObject === undefined ? NO_SCOPE : readScope(scopeObject, scopeRefusals);
    forEach(scopeGroup, 'spans', 'spans', (spanObject) => {
      try {
        if (scopeRefusals[0] !== undefined) throw scopeRefusals[0];
        spans.push(readSpan(spanObject, scope, attributes));
      } catch (error) {
        if (!(error instanceof SpanRefusal)) throw error;
        rejected.push({ index: spans.length + rejected.length, problem: error.problem, reason: error.message });
      }
    });
  });
}

function readScope(scope: JsonObject, refusals: SpanRefusal[]): Scope {
  return {
    name: textField(scope, 'name', 'name'),
    version: textField(scope, 'version', 'version'),
    attributes: readOr(refusals, () => readAttributes(scope)),
  };
}

/** A resource or scope that cannot be kept refuses every span under it, so the refusal waits for them. */
function readOr(refusals: SpanRefusal[], read: () => Attributes): Attributes {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SpanRefusal)) throw error;
    refusals.push(error);
    return createAttributes();
  }
}

function readSpan(span: JsonObject, scope: Scope, resource: Attributes): Span {
  const traceId = readTraceId(span);
  const spanId = readSpanId(span);
  const parentSpanId = readParentSpanId(span);
  const start = checkTime(readInteger(span, 'startTimeUnixNano', 'start_time_unix_nano'), 'startTimeUnixNano');
  const end = checkTime(readInteger(span, 'endTimeUnixNano', 'end_time_unix_nano'), 'endTimeUnixNano');
  const events: SpanEvent[] = [];
  forEach(span, 'events', 'events', (event) => events.push(readEvent(event)));
  const links: SpanLink[] = [];
  forEach(span, 'links', 'links', (link) => {
    const read = readLink(link);
    if (read !== undefined) links.push(read);
  });
  const draft: SpanDraft = {
    traceId,
    spanId,
    name: textField(span, 'name', 'name'),
    kind: readKind(span),
    start,
    status: readStatus(span),
    attributes: readAttributes(span),
    events,
    links,
    scope,
    resource,
    traceState: textField(span, 'traceState', 'trace_state'),
  };
  if (parentSpanId !== undefined) draft.parentSpanId = parentSpanId;
  if (end !== 0n) draft.end = end;
  return draft;
}

function readTraceId(span: JsonObject): TraceId {
  const text = textField(span, 'traceId', 'trace_id');
  const id = parseTraceId(text);
  if (id !== undefined) return id;
  throw new SpanRefusal('identity', idProblem('trace id', text, 32));
}

function readSpanId(span: JsonObject): SpanId {
  const text = textField(span, 'spanId', 'span_id');
  const id = parseSpanId(text);
  if (id !== undefined) return id;
  throw new SpanRefusal('identity', idProblem('span id', text, 16));
}

/** Empty and all-zero ids mean a root. */
function readParentSpanId(span: JsonObject): SpanId | undefined {
  const text = textField(span, 'parentSpanId', 'parent_span_id');
  if (text === '' || text === '0000000000000000') return undefined;
  const id = parseSpanId(text);
  if (id !== undefined) return id;
  throw new SpanRefusal('value', idProblem('parent span id', text, 16));
}

function idProblem(what: string, text: string, digits: number): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `Cannot parse ${what} "${shown}": expected ${digits} hex digits, not all zero`;
}

function readKind(span: JsonObject): SpanKind {
  const value = span['kind'];
  if (typeof value === 'string' && !INTEGER.test(value)) {
    const name = value.replace(/^SPAN_KIND_/, '').toLowerCase();
    return SPAN_KINDS.find((kind) => kind === name) ?? 'unspecified';
  }
  return spanKindOf(Number(readInteger(span, 'kind', 'kind')));
}

function readStatus(span: JsonObject): SpanStatus {
  const status = optionalObject(span, 'status', 'status');
  if (status === undefined) return { code: 'unset' };
  const message = textField(status, 'message', 'message');
  const named = STATUS_CODES.indexOf(String(status['code']));
  return spanStatusOf(named === -1 ? Number(readInteger(status, 'code', 'code')) : named, message);
}

function readEvent(event: JsonObject): SpanEvent {
  return {
    name: textField(event, 'name', 'name'),
    time: checkTime(readInteger(event, 'timeUnixNano', 'time_unix_nano'), 'timeUnixNano'),
    attributes: readAttributes(event),
  };
}

/** A link whose ids lead nowhere is left out: it is not worth losing the span. */
function readLink(link: JsonObject): SpanLink | undefined {
  const traceId = parseTraceId(textField(link, 'traceId', 'trace_id'));
  const spanId = parseSpanId(textField(link, 'spanId', 'span_id'));
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, attributes: readAttributes(link) };
}

function readAttributes(owner: JsonObject): Attributes {
  const attributes = createAttributes();
  forEach(owner, 'attributes', 'attributes', (item) => {
    attributes[textField(item, 'key', 'key')] = readAnyValue(item['value'], 'value', 1);
  });
  return attributes;
}

function readAnyValue(value: unknown, path: string, depth: number): AttributeValue {
  if (value === undefined || value === null) return null;
  const any = asObject(value, path);
  const text = any['stringValue'] ?? any['string_value'];
  if (typeof text === 'string') return toWellFormed(text);
  const integer = any['intValue'] ?? any['int_value'];
  if (integer !== undefined) return checkInt64(integer, `${path}.intValue`);
  const flag = any['boolValue'] ?? any['bool_value'];
  if (typeof flag === 'boolean') return flag;
  const double = any['doubleValue'] ?? any['double_value'];
  if (double !== undefined) return toDouble(double, `${path}.doubleValue`);
  const list = any['arrayValue'] ?? any['array_value'];
  if (list !== undefined && list !== null) return readArray(asObject(list, `${path}.arrayValue`), depth);
  const map = any['kvlistValue'] ?? any['kvlist_value'];
  if (map !== undefined && map !== null) return readKeyValues(asObject(map, `${path}.kvlistValue`), depth);
  const bytes = any['bytesValue'] ?? any['bytes_value'];
  if (typeof bytes === 'string') return toBytes(bytes, `${path}.bytesValue`);
  if ((text ?? flag ?? bytes ?? null) !== null) throw new Malformed(path, 'an AnyValue');
  return null;
}

function readArray(list: JsonObject, depth: number): readonly AttributeValue[] {
  checkDepth(depth);
  const items: AttributeValue[] = [];
  const values = asList(list['values'], 'values');
  for (const [index, item] of values.entries()) items.push(readAnyValue(item, `values[${index}]`, depth + 1));
  return items;
}

function readKeyValues(map: JsonObject, depth: number): Attributes {
  checkDepth(depth);
  const entries = createAttributes();
  forEach(map, 'values', 'values', (item) => {
    entries[textField(item, 'key', 'key')] = readAnyValue(item['value'], 'value', depth + 1);
  });
  return entries;
}

function checkInt64(value: unknown, path: string): bigint {
  const integer = toInteger(value, path);
  if (integer < LOWEST_INT64 || integer > LARGEST_INT64) throw new Malformed(path, 'a 64-bit integer');
  return integer;
}

function toInteger(value: unknown, path: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) {
    if (!Number.isSafeInteger(value)) throw new RoundedInteger(path);
    return BigInt(value);
  }
  if (typeof value === 'string' && INTEGER.test(value)) return BigInt(value);
  throw new Malformed(path, 'an integer');
}

function toDouble(value: unknown, path: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === 'NaN') return Number.NaN;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new Malformed(path, 'a number');
  return number;
}

function toBytes(text: string, path: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new Malformed(path, 'base64');
  return bytes;
}

function textField(owner: JsonObject, name: string, snakeName: string): string {
  const value = owner[name] ?? owner[snakeName] ?? '';
  if (typeof value !== 'string') throw new Malformed(name, 'text');
  return toWellFormed(value);
}

function readInteger(owner: JsonObject, name: string, snakeName: string): bigint {
  return toInteger(owner[name] ?? owner[snakeName] ?? 0, name);
}

function optionalObject(owner: JsonObject, name: string, snakeName: string): JsonObject | undefined {
  const value = owner[name] ?? owner[snakeName];
  return value === undefined || value === null ? undefined : asObject(value, name);
}

/** Visits the objects of a list, and puts `name[index].` before the path of what goes wrong there. */
function forEach(owner: JsonObject, name: string, snakeName: string, visit: (item: JsonObject) => void): void {
  const items = asList(owner[name] ?? owner[snakeName], name);
  let index = 0;
  try {
    for (; index < items.length; index += 1) visit(asObject(items[index], ''));
  } catch (error) {
    if (error instanceof Malformed) error.path = join(`${name}[${index}]`, error.path);
    throw error;
  }
}

function join(outer: string, inner: string): string {
  return inner === '' ? outer : `${outer}.${inner}`;
}

function asList(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Malformed(path, 'a list');
  return value;
}

function asObject(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(path, 'an object');
  return value as JsonObject;
}
