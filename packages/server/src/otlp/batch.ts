/** What the OTLP decoders make of a request: the spans that are sound, and why the others are not. */
import {
  SPAN_KINDS,
  unixNanos,
  type Attributes,
  type Scope,
  type SpanKind,
  type SpanStatus,
  type Span,
  type UnixNanos,
} from '@clew/core';

/** Values nest at most this deep. Protobuf readers in other languages stop at 48 such levels or fewer. */
const MAX_VALUE_DEPTH = 100;

export interface OtlpBatch {
  /** In the order of the request. */
  readonly spans: readonly Span[];
  readonly rejected: readonly RejectedSpan[];
}

export interface RejectedSpan {
  /** Position among all spans of the request, from 0. */
  readonly index: number;
  readonly problem: SpanProblem;
  /** For the sender: what is wrong and what was wanted. */
  readonly reason: string;
}

/**
 * `identity`: the trace id or span id is missing or has the wrong form; MLflow's contract refuses the whole request
 * then. `value`: something else is out of range.
 */
export type SpanProblem = 'identity' | 'value';

export interface OtlpError {
  /** `empty`: nothing was sent, or no `resource_spans` in it. `malformed`: these bytes are not an OTLP request. */
  readonly kind: 'empty' | 'malformed';
  /** `byte 17`, or a path such as `resourceSpans[0].scopeSpans[1].spans[3].traceId`; empty for the whole body. */
  readonly where: string;
  readonly message: string;
}

/** A span under construction: its optional fields are assigned, which is several times faster than spreading them. */
export type SpanDraft = { -readonly [key in keyof Span]: Span[key] };

/** Thrown inside the decoders when one span must be refused; never leaves this folder. */
export class SpanRefusal extends Error {
  override readonly name = 'SpanRefusal';
  readonly problem: SpanProblem;

  constructor(problem: SpanProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

export const NO_SCOPE: Scope = { name: '', version: '', attributes: Object.create(null) as Attributes };

export function emptyRequest(): OtlpError {
  return { kind: 'empty', where: '', message: 'Cannot read OTLP request: it holds no resource_spans' };
}

/** Numbers without a name, from newer protocols, are `unspecified`. */
export function spanKindOf(number: number): SpanKind {
  return SPAN_KINDS[number] ?? 'unspecified';
}

export function spanStatusOf(code: number, message: string): SpanStatus {
  if (code === 2) return { code: 'error', message };
  return code === 1 ? { code: 'ok' } : { code: 'unset' };
}

/** @throws SpanRefusal when the time lies past the year 2262. */
export function checkTime(nanos: bigint, field: string): UnixNanos {
  const time = unixNanos(nanos);
  if (time === undefined) {
    throw new SpanRefusal('value', `Cannot read ${field} "${nanos}": expected nanoseconds from 0 to 2^63 - 1`);
  }
  return time;
}

/** @throws SpanRefusal when values nest deeper than {@link MAX_VALUE_DEPTH}. */
export function checkDepth(depth: number): void {
  if (depth > MAX_VALUE_DEPTH) {
    throw new SpanRefusal('value', `Cannot read attribute: expected at most ${MAX_VALUE_DEPTH} nested levels`);
  }
}
