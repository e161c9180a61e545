/** From the bytes of an OTLP request to spans that only have to be written: all the work that needs no store. */
import type { ExperimentId, Result } from '@clew/core';
import type { OtlpError, RejectedSpan } from '../otlp/batch.ts';
import { decodeOtlpJson } from '../otlp/decode-json.ts';
import { decodeOtlpProtobuf } from '../otlp/decode-protobuf.ts';
import type { PreparedSpan, SpanWriter } from '../storage/span-store.ts';
import { toSpanWrites } from './span-writes.ts';

export interface OtlpRequest {
  readonly bytes: Uint8Array;
  readonly wire: 'protobuf' | 'json';
  readonly experimentId: ExperimentId;
}

export interface PreparedRequest {
  readonly spans: readonly PreparedSpan[];
  readonly rejected: readonly RejectedSpan[];
}

/** Takes the bytes over. */
export type PrepareRequest = (request: OtlpRequest) => Promise<Result<PreparedRequest, OtlpError>>;

/** @param prepareSpans - Of the store that will write them. */
export function prepareRequest(
  { bytes, wire, experimentId }: OtlpRequest,
  prepareSpans: SpanWriter['prepareSpans'],
): Result<PreparedRequest, OtlpError> {
  const decoded = wire === 'protobuf' ? decodeOtlpProtobuf(bytes) : decodeOtlpJson(bytes);
  if (!decoded.ok) return decoded;
  const { spans, rejected } = decoded.value;
  return { ok: true, value: { spans: prepareSpans(toSpanWrites(experimentId, spans)), rejected } };
}
