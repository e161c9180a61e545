/** Spans that failed although their status does not say so. */
import type { Attributes, Span, SpanStatus } from '@clew/core';
import type { Dialect } from './recognise-dialect.ts';

/** The span's status, with each emitter's own sign of failure. An exception event alone is none: it may be handled. */
export function correctStatus(span: Span, dialect: Dialect | undefined): SpanStatus {
  const { status, attributes } = span;
  if (status.code === 'error') return status.message === '' ? { code: 'error', message: errorMessage(span) } : status;
  const failed = dialect === undefined ? undefined : SIGNS[dialect]?.(span);
  const isFailed = failed ?? (status.code === 'unset' && isSet(attributes['error.type']));
  return isFailed ? { code: 'error', message: errorMessage(span) } : status;
}

/** `undefined` leaves the decision to `error.type`. */
const SIGNS: { readonly [dialect in Dialect]?: (span: Span) => boolean | undefined } = {
  langfuse: ({ attributes }) => attributes['langfuse.observation.level'] === 'ERROR' || undefined,
  // LangSmith sets OK before ERROR, and the SDK then refuses ERROR.
  langsmith: ({ attributes, events }) =>
    (attributes['gen_ai.completion'] === undefined && events.some((event) => event.name === 'exception')) || undefined,
  'claude-code': ({ attributes }) => isFalse(attributes['success']) || undefined,
  genkit: ({ attributes }) => attributes['genkit:state'] === 'error' || undefined,
  livekit: ({ attributes }) => attributes['lk.function_tool.is_error'] === true || undefined,
  strands: ({ attributes }) => attributes['gen_ai.tool.status'] === 'error' || undefined,
};

const MESSAGE_KEYS = ['error.message', 'langfuse.observation.status_message', 'error', 'error.type'];

function errorMessage({ attributes, events }: Span): string {
  const exception = events.findLast((event) => event.name === 'exception')?.attributes;
  const said = text(exception, 'exception.message');
  if (said !== undefined) return said;
  for (const key of MESSAGE_KEYS) {
    const value = text(attributes, key);
    if (value !== undefined) return value;
  }
  return text(exception, 'exception.type') ?? '';
}

function text(attributes: Attributes | undefined, key: string): string | undefined {
  const value = attributes?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isSet(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isFalse(value: unknown): boolean {
  return value === false || value === 'false';
}
