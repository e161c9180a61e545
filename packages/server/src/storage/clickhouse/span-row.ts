/** Spans to rows of the table `spans` and back. */
import {
  decodeJsonText,
  encodeJsonText,
  isAttributeList,
  isAttributeMap,
  must,
  parseSpanId,
  parseTraceId,
  SPAN_KINDS,
  type Attributes,
  type AttributeValue,
  type SkeletonSpan,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  type SpanSummary,
  type SpanStatus,
  type StoredSpan,
  type StringMap,
} from '@clew/core';
import type { SpanFact, SpanWrite, Versioned } from '../span-store.ts';
import {
  readBoolean,
  readInteger,
  readOptionalInteger,
  readOptionalNumber,
  readOptionalText,
  readText,
  readTextList,
  readTextMap,
  readTime,
  readTimeList,
  type Row,
} from './cells.ts';
import type { OutgoingRow } from './encode-row.ts';
import { readExperimentId, readTraceId } from './ids-of-row.ts';
import { readCost, readUsage, toSpendingCells } from './spending-cells.ts';
import { sql, type SqlFragment } from './sql.ts';

/** Columns of a {@link SpanFact}: none of them holds a payload. */
export const FACT_COLUMNS: SqlFragment = sql`span_id, version, parent_span_id, name, type, status, start_ns, end_ns, model, has_exception,
  experiment_id, request_preview, response_preview, input_tokens, output_tokens, total_tokens, cache_read_tokens,
  cache_creation_tokens, input_cost, output_cost, total_cost, session_id, user_id, trace_tags, dialect`;

/** Columns of a {@link SkeletonSpan}. */
export const SKELETON_COLUMNS: SqlFragment = sql`span_id, parent_span_id, name, type, status, start_ns, end_ns, model,
  total_tokens, has_exception`;

/** Columns of a {@link StoredSpan}. */
export const SPAN_COLUMNS: SqlFragment = sql`trace_id, span_id, parent_span_id, name, kind, type, status, status_message, start_ns, end_ns,
  trace_state, dialect, model, provider, input_tokens, output_tokens, total_tokens, cache_read_tokens,
  cache_creation_tokens, input_cost, output_cost, total_cost, session_id, user_id, attributes, payloads,
  event_names, event_times, event_attributes, links, scope_name, scope_version, scope_attributes, resource`;

/** Before a value that is text: it stands as it is, so that searches look at what was sent. */
export const TEXT_MARK = "'";

/** Characters up to which a value stands in `attributes`; a longer one in `payloads`. */
export const MAX_SHORT_CELL = 256;

/** Stands in `attributes` for a long value; no cell is empty, as text has its mark and JSON text at least a digit. */
export const LONG_CELL = '';

/** Takes the room of a version, first in the row, until the span is written. */
export const UNSET_VERSION: string = '0'.repeat(20);

export function toSpanRow(write: SpanWrite, fact: SpanFact): OutgoingRow {
  const { span } = write;
  const { summary } = span;
  const cells = toAttributeCells(span.attributes);
  const eventAttributes = span.events.map((event) => encodeJsonText(event.attributes));
  return {
    version: UNSET_VERSION,
    trace_id: span.traceId,
    span_id: span.spanId,
    experiment_id: write.experimentId,
    parent_span_id: span.parentSpanId ?? null,
    name: span.name,
    kind: span.kind,
    type: summary.type,
    status: span.status.code,
    status_message: span.status.code === 'error' ? span.status.message : '',
    start_ns: span.start.toString(),
    end_ns: span.end?.toString() ?? null,
    trace_state: span.traceState,
    dialect: summary.dialect,
    model: summary.model ?? null,
    provider: summary.provider ?? null,
    ...toSpendingCells(summary),
    session_id: summary.sessionId ?? null,
    user_id: summary.userId ?? null,
    has_exception: fact.hasException,
    request_preview: write.requestPreview ?? null,
    response_preview: write.responsePreview ?? null,
    trace_tags: fact.traceTags,
    payload_size: sizeOf([...Object.values(cells), ...eventAttributes]),
    ...toAttributeMaps(cells),
    event_names: span.events.map((event) => event.name),
    event_times: span.events.map((event) => event.time.toString()),
    event_attributes: eventAttributes,
    links: encodeJsonText(span.links.map(toLinkValue)),
    scope_name: span.scope.name,
    scope_version: span.scope.version,
    scope_attributes: encodeShared(span.scope.attributes),
    resource: encodeShared(span.resource),
  };
}

export function toStoredSpan(row: Row): StoredSpan {
  const parentSpanId = readOptionalText(row, 'parent_span_id');
  const end = readOptionalInteger(row, 'end_ns');
  return {
    traceId: readTraceId(row, 'trace_id'),
    spanId: readSpanId(row, 'span_id'),
    ...(parentSpanId === undefined ? {} : { parentSpanId: readSpanId(row, 'parent_span_id') }),
    name: readText(row, 'name'),
    kind: must(
      SPAN_KINDS.find((kind) => kind === row['kind']),
      'a span kind',
    ),
    start: readTime(row, 'start_ns'),
    ...(end === undefined ? {} : { end: readTime(row, 'end_ns') }),
    status: toStatus(row),
    attributes: toAttributes(row),
    events: toEvents(row),
    links: toLinks(row),
    scope: {
      name: readText(row, 'scope_name'),
      version: readText(row, 'scope_version'),
      attributes: decodeMap(readText(row, 'scope_attributes')),
    },
    resource: decodeMap(readText(row, 'resource')),
    traceState: readText(row, 'trace_state'),
    summary: toSummary(row),
  };
}

export function toFact(row: Row): Versioned<SpanFact> {
  const skeleton = toSkeletonSpan(row);
  const requestPreview = readOptionalText(row, 'request_preview');
  const responsePreview = readOptionalText(row, 'response_preview');
  const sessionId = readOptionalText(row, 'session_id');
  const userId = readOptionalText(row, 'user_id');
  return {
    ...skeleton,
    version: readInteger(row, 'version'),
    experimentId: readExperimentId(row, 'experiment_id'),
    dialect: readText(row, 'dialect'),
    ...(requestPreview === undefined ? {} : { requestPreview }),
    ...(responsePreview === undefined ? {} : { responsePreview }),
    ...readUsage(row),
    ...readCost(row),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    traceTags: readTextMap(row, 'trace_tags'),
  };
}

export function toSkeletonSpan(row: Row): SkeletonSpan {
  const parentSpanId = readOptionalText(row, 'parent_span_id');
  const end = readOptionalInteger(row, 'end_ns');
  const model = readOptionalText(row, 'model');
  const totalTokens = readOptionalNumber(row, 'total_tokens');
  return {
    spanId: readSpanId(row, 'span_id'),
    ...(parentSpanId === undefined ? {} : { parentSpanId: readSpanId(row, 'parent_span_id') }),
    name: readText(row, 'name'),
    type: readText(row, 'type'),
    status: readStatusCode(row),
    start: readTime(row, 'start_ns'),
    ...(end === undefined ? {} : { end: readTime(row, 'end_ns') }),
    ...(model === undefined ? {} : { model }),
    ...(totalTokens === undefined ? {} : { totalTokens }),
    hasException: readBoolean(row, 'has_exception'),
  };
}

export function readSpanId(row: Row, column: string): SpanId {
  return must(parseSpanId(readText(row, column)), 'a span id');
}

/** Spans of one request share their scope and resource. */
const encoded = new WeakMap<Attributes, string>();

function encodeShared(attributes: Attributes): string {
  const known = encoded.get(attributes);
  if (known !== undefined) return known;
  const json = encodeJsonText(attributes);
  encoded.set(attributes, json);
  return json;
}

function toAttributeCells(attributes: Attributes): StringMap {
  const cells = Object.create(null) as { [key: string]: string };
  for (const key in attributes) cells[key] = toAttributeCell(attributes[key] ?? null);
  return cells;
}

/** Long values apart, so that searches for short ones do not read them; their places are kept, because order is. */
function toAttributeMaps(cells: StringMap): { readonly attributes: StringMap; readonly payloads: StringMap } {
  const attributes = Object.create(null) as { [key: string]: string };
  const payloads = Object.create(null) as { [key: string]: string };
  for (const [key, cell] of Object.entries(cells)) {
    const isLong = cell.length > MAX_SHORT_CELL;
    attributes[key] = isLong ? LONG_CELL : cell;
    if (isLong) payloads[key] = cell;
  }
  return { attributes, payloads };
}

/** Text after a mark, anything else as JSON text; so is text with half a character, which UTF-8 cannot hold. */
function toAttributeCell(value: AttributeValue): string {
  return typeof value === 'string' && value.isWellFormed() ? TEXT_MARK + value : encodeJsonText(value);
}

function toAttributes(row: Row): Attributes {
  const attributes = Object.create(null) as { [key: string]: AttributeValue };
  const payloads = readTextMap(row, 'payloads');
  for (const [key, short] of Object.entries(readTextMap(row, 'attributes'))) {
    const cell = short === LONG_CELL ? must(payloads[key], 'a long value') : short;
    attributes[key] = cell.startsWith(TEXT_MARK) ? cell.slice(TEXT_MARK.length) : decodeValue(cell);
  }
  return attributes;
}

function toSummary(row: Row): SpanSummary {
  const model = readOptionalText(row, 'model');
  const provider = readOptionalText(row, 'provider');
  const sessionId = readOptionalText(row, 'session_id');
  const userId = readOptionalText(row, 'user_id');
  return {
    type: readText(row, 'type'),
    ...(model === undefined ? {} : { model }),
    ...(provider === undefined ? {} : { provider }),
    ...readUsage(row),
    ...readCost(row),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    dialect: readText(row, 'dialect'),
  };
}

function readStatusCode(row: Row): SpanStatus['code'] {
  const code = readText(row, 'status');
  if (code !== 'unset' && code !== 'ok' && code !== 'error') throw new Error(`Unexpected span status "${code}"`);
  return code;
}

function toStatus(row: Row): SpanStatus {
  const code = readStatusCode(row);
  return code === 'error' ? { code, message: readText(row, 'status_message') } : { code };
}

function toEvents(row: Row): readonly SpanEvent[] {
  const times = readTimeList(row, 'event_times');
  const attributes = readTextList(row, 'event_attributes');
  return readTextList(row, 'event_names').map((name, index) => ({
    name,
    time: must(times[index], 'the time of an event'),
    attributes: decodeMap(must(attributes[index], 'the attributes of an event')),
  }));
}

function toLinkValue(link: SpanLink): AttributeValue {
  return [link.traceId, link.spanId, link.attributes];
}

function toLinks(row: Row): readonly SpanLink[] {
  const links = decodeValue(readText(row, 'links'));
  if (!isAttributeList(links)) throw new Error('Expected a list of links');
  return links.map((link) => {
    const [traceId, spanId, attributes] = isAttributeList(link) ? link : [];
    if (typeof traceId !== 'string' || typeof spanId !== 'string' || !isAttributeMap(attributes)) {
      throw new Error('Expected a link');
    }
    return {
      traceId: must(parseTraceId(traceId), 'a trace id'),
      spanId: must(parseSpanId(spanId), 'a span id'),
      attributes,
    };
  });
}

function decodeValue(json: string): AttributeValue {
  const value = decodeJsonText(json);
  if (value === undefined) throw new Error(`Expected JSON text, got ${JSON.stringify(json.slice(0, 100))}`);
  return value;
}

function decodeMap(json: string): Attributes {
  const value = decodeValue(json);
  if (!isAttributeMap(value)) throw new Error('Expected JSON text of a map');
  return value;
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((size, text) => size + text.length, 0);
}
