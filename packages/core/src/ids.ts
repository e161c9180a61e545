import type { Brand } from './brand.ts';

/** 16 bytes as 32 lower-case hex digits; never all zero (W3C Trace Context, section 3.2.2.3). */
export type TraceId = Brand<string, 'TraceId'>;
/** 8 bytes as 16 lower-case hex digits; never all zero (W3C Trace Context, section 3.2.2.4). */
export type SpanId = Brand<string, 'SpanId'>;
/** A letter or digit, then up to 63 letters, digits, `_` or `-`. Ours are decimal; `0` is the built-in experiment. */
export type ExperimentId = Brand<string, 'ExperimentId'>;
/** `a-` and 32 hex digits when we make one; any text of up to 64 printable characters from a client. */
export type AssessmentId = Brand<string, 'AssessmentId'>;

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;
const EXPERIMENT_ID = /^[A-Za-z0-9][\w-]{0,63}$/;
const ASSESSMENT_ID = /^[\x21-\x7e]{1,64}$/;
const MLFLOW_PREFIX = 'tr-';

/** Where traces go that name no experiment. Exists in every store. */
export const DEFAULT_EXPERIMENT_ID = '0' as ExperimentId;

/** Accepts either case: OTLP/JSON senders use both. */
export function parseTraceId(text: string): TraceId | undefined {
  const id = text.toLowerCase();
  return TRACE_ID.test(id) ? (id as TraceId) : undefined;
}

/** Accepts either case: OTLP/JSON senders use both. */
export function parseSpanId(text: string): SpanId | undefined {
  const id = text.toLowerCase();
  return SPAN_ID.test(id) ? (id as SpanId) : undefined;
}

export function parseExperimentId(text: string): ExperimentId | undefined {
  return EXPERIMENT_ID.test(text) ? (text as ExperimentId) : undefined;
}

export function parseAssessmentId(text: string): AssessmentId | undefined {
  return ASSESSMENT_ID.test(text) ? (text as AssessmentId) : undefined;
}

/** The form MLflow's clients use: `tr-` before the 32 hex digits. */
export function toMlflowTraceId(id: TraceId): string {
  return MLFLOW_PREFIX + id;
}

/** Reads MLflow's `tr-…` form and the bare 32 digits of its older clients. */
export function parseMlflowTraceId(text: string): TraceId | undefined {
  return parseTraceId(text.startsWith(MLFLOW_PREFIX) ? text.slice(MLFLOW_PREFIX.length) : text);
}

/** `undefined` unless there are exactly 16 bytes, not all zero. */
export function traceIdFromBytes(bytes: Uint8Array): TraceId | undefined {
  return bytes.length === 16 ? parseTraceId(toHex(bytes)) : undefined;
}

/** `undefined` unless there are exactly 8 bytes, not all zero. */
export function spanIdFromBytes(bytes: Uint8Array): SpanId | undefined {
  return bytes.length === 8 ? parseSpanId(toHex(bytes)) : undefined;
}

/** Makes an assessment id of 16 random bytes handed in. */
export function assessmentIdFromBytes(bytes: Uint8Array): AssessmentId {
  return `a-${toHex(bytes)}` as AssessmentId;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The bytes of an even number of hex digits, or `undefined`. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
