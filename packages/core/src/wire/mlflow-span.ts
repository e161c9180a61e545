/** Spans as MLflow's readers want them: every attribute of the emitter, and MLflow's own filled from the meaning. */
import { createAttributes, type Attributes, type AttributeValue } from '../attributes.ts';
import { fromHex, toMlflowTraceId } from '../ids.ts';
import { fromPlain, toBase64 } from '../json-text.ts';
import type { SpanEvent, SpanKind, SpanStatus, TracedSpan } from '../span.ts';
import { toCostJson, toTokenUsageJson } from './mlflow-trace.ts';

/** MLflow's and protobuf's words for a span's status. */
export const MLFLOW_STATUS: Readonly<Record<SpanStatus['code'], string>> = {
  unset: 'STATUS_CODE_UNSET',
  ok: 'STATUS_CODE_OK',
  error: 'STATUS_CODE_ERROR',
};

const KIND = {
  unspecified: 'SPAN_KIND_UNSPECIFIED',
  internal: 'SPAN_KIND_INTERNAL',
  server: 'SPAN_KIND_SERVER',
  client: 'SPAN_KIND_CLIENT',
  producer: 'SPAN_KIND_PRODUCER',
  consumer: 'SPAN_KIND_CONSUMER',
} as const satisfies Record<SpanKind, string>;

/** The API form (`traces/get`, `batchGet`): protobuf JSON of an OTLP span. Times are `bigint`: write with `writeJson`. */
export function toMlflowApiSpan(span: TracedSpan): object {
  return {
    trace_id: hexToBase64(span.traceId),
    span_id: hexToBase64(span.spanId),
    ...(span.traceState === '' ? {} : { trace_state: span.traceState }),
    ...(span.parentSpanId === undefined ? {} : { parent_span_id: hexToBase64(span.parentSpanId) }),
    name: span.name,
    ...(span.kind === 'unspecified' ? {} : { kind: KIND[span.kind] }),
    start_time_unix_nano: span.start,
    ...(span.end === undefined ? {} : { end_time_unix_nano: span.end }),
    attributes: toKeyValues(mlflowAttributes(span)),
    events: span.events.map(toApiEvent),
    ...(span.links.length === 0
      ? {}
      : {
          links: span.links.map((link) => ({
            trace_id: hexToBase64(link.traceId),
            span_id: hexToBase64(link.spanId),
            attributes: toKeyValues(link.attributes),
          })),
        }),
    status: toApiStatus(span.status),
  };
}

/** The emitter's attributes with MLflow's reserved ones filled from the span's meaning. */
export function mlflowAttributes(span: TracedSpan): Attributes {
  const { meaning } = span;
  const attributes = createAttributes();
  for (const [key, value] of Object.entries(span.attributes)) attributes[key] = value;
  attributes['mlflow.traceRequestId'] = toMlflowTraceId(span.traceId);
  attributes['mlflow.spanType'] = meaning.type;
  if (meaning.inputs !== undefined) attributes['mlflow.spanInputs'] = meaning.inputs;
  if (meaning.outputs !== undefined) attributes['mlflow.spanOutputs'] = meaning.outputs;
  if (meaning.usage !== undefined) attributes['mlflow.chat.tokenUsage'] = fromPlain(toTokenUsageJson(meaning.usage));
  if (meaning.cost !== undefined) attributes['mlflow.llm.cost'] = fromPlain(toCostJson(meaning.cost));
  if (meaning.model !== undefined) attributes['mlflow.llm.model'] = meaning.model;
  if (meaning.provider !== undefined) attributes['mlflow.llm.provider'] = meaning.provider;
  return attributes;
}

function toApiEvent(event: SpanEvent): object {
  return { name: event.name, time_unix_nano: event.time, attributes: toKeyValues(event.attributes) };
}

function toApiStatus(status: SpanStatus): object {
  return {
    code: MLFLOW_STATUS[status.code],
    ...(status.code === 'error' && status.message !== '' ? { message: status.message } : {}),
  };
}

function toKeyValues(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toAnyValue(value) }));
}

/** OTLP's `AnyValue` in protobuf JSON. Null is the value with nothing set; an empty list or map stays one. */
function toAnyValue(value: AttributeValue): object {
  switch (typeof value) {
    case 'string':
      return { string_value: value };
    case 'boolean':
      return { bool_value: value };
    case 'bigint':
      return { int_value: value };
    case 'number':
      return { double_value: value };
    default:
      return toCompoundValue(value);
  }
}

function toCompoundValue(value: AttributeValue & (object | null)): object {
  if (value === null) return {};
  if (value instanceof Uint8Array) return { bytes_value: value };
  if (Array.isArray(value)) {
    const items = value as readonly AttributeValue[];
    return { array_value: items.length === 0 ? {} : { values: items.map(toAnyValue) } };
  }
  const values = toKeyValues(value as Attributes);
  return { kvlist_value: values.length === 0 ? {} : { values } };
}

function hexToBase64(hex: string): string {
  return toBase64(fromHex(hex) ?? new Uint8Array());
}
