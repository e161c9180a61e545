/** Trace headers, starts and tag changes to rows and back. */
import { createHash } from 'node:crypto';
import {
  must,
  TRACE_STATES,
  type DurationNanos,
  type TagChange,
  type TraceHeader,
  type TraceStart,
  type TraceState,
} from '@clew/core';
import {
  readBoolean,
  readInteger,
  readNumber,
  readOptionalInteger,
  readOptionalText,
  readText,
  readTextMap,
  readTime,
  type Row,
} from './cells.ts';
import { startKey } from '../start-key.ts';
import type { HeaderWrite, Versioned } from '../span-store.ts';
import type { OutgoingRow } from './encode-row.ts';
import { readExperimentId, readTraceId } from './ids-of-row.ts';
import { readCost, readUsage, toSpendingCells } from './spending-cells.ts';
import { sql, type SqlFragment } from './sql.ts';

export const HEADER_COLUMNS: SqlFragment = sql`trace_id, experiment_id, client_request_id, start_ns, duration_ns, state, name,
  request_preview, response_preview, session_id, user_id, input_tokens, output_tokens, total_tokens, cache_read_tokens,
  cache_creation_tokens, input_cost, output_cost, total_cost, tags, metadata, span_count, error_count, is_finalized`;

export const START_COLUMNS: SqlFragment = sql`trace_id, version, experiment_id, client_request_id, start_ns, duration_ns, state, request_preview,
  response_preview, metadata`;

export function toHeaderRow({ header, version }: HeaderWrite): OutgoingRow {
  return {
    version: version.toString(),
    ...toStartCells(header),
    name: header.name ?? null,
    session_id: header.sessionId ?? null,
    user_id: header.userId ?? null,
    ...toSpendingCells(header),
    tags: header.tags,
    span_count: header.spanCount,
    error_count: header.errorCount,
    is_finalized: header.isFinalized,
  };
}

export function toHeader(row: Row): TraceHeader {
  const name = readOptionalText(row, 'name');
  const sessionId = readOptionalText(row, 'session_id');
  const userId = readOptionalText(row, 'user_id');
  return {
    ...toStartFields(row),
    ...(name === undefined ? {} : { name }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...readUsage(row),
    ...readCost(row),
    tags: readTextMap(row, 'tags'),
    spanCount: readNumber(row, 'span_count'),
    errorCount: readNumber(row, 'error_count'),
    isFinalized: readBoolean(row, 'is_finalized'),
  };
}

export function toStartRow(start: TraceStart, version: bigint): OutgoingRow {
  return {
    version: version.toString(),
    start_id: createHash('sha256').update(startKey(start)).digest('hex').slice(0, 32),
    ...toStartCells(start),
  };
}

function toStartCells(start: TraceStart): OutgoingRow {
  return {
    trace_id: start.traceId,
    experiment_id: start.experimentId,
    client_request_id: start.clientRequestId ?? null,
    start_ns: start.start.toString(),
    duration_ns: start.duration?.toString() ?? null,
    state: start.state,
    request_preview: start.requestPreview ?? null,
    response_preview: start.responsePreview ?? null,
    metadata: start.metadata,
  };
}

export function toStart(row: Row): Versioned<TraceStart> {
  return { ...toStartFields(row), version: readInteger(row, 'version') };
}

function toStartFields(row: Row): TraceStart {
  const clientRequestId = readOptionalText(row, 'client_request_id');
  const duration = readOptionalInteger(row, 'duration_ns');
  const requestPreview = readOptionalText(row, 'request_preview');
  const responsePreview = readOptionalText(row, 'response_preview');
  return {
    traceId: readTraceId(row, 'trace_id'),
    experimentId: readExperimentId(row, 'experiment_id'),
    ...(clientRequestId === undefined ? {} : { clientRequestId }),
    start: readTime(row, 'start_ns'),
    ...(duration === undefined ? {} : { duration: duration as DurationNanos }),
    state: readState(row),
    ...(requestPreview === undefined ? {} : { requestPreview }),
    ...(responsePreview === undefined ? {} : { responsePreview }),
    metadata: readTextMap(row, 'metadata'),
  };
}

export function toTagRow(change: TagChange, version: bigint): OutgoingRow {
  return {
    trace_id: change.traceId,
    key: change.key,
    version: version.toString(),
    value: change.value ?? null,
  };
}

export function toTagChange(row: Row): Versioned<TagChange> {
  return {
    version: readInteger(row, 'version'),
    traceId: readTraceId(row, 'trace_id'),
    key: readText(row, 'key'),
    value: readOptionalText(row, 'value'),
  };
}

function readState(row: Row): TraceState {
  return must(
    TRACE_STATES.find((state) => state === row['state']),
    'a trace state',
  );
}
