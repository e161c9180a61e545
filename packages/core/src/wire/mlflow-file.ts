/** The form of spans in MLflow's `traces.json`: every attribute is a text that holds JSON. */
import { fromHex } from '../ids.ts';
import { toBase64 } from '../json-text.ts';
import { writePlainJson } from '../plain-json.ts';
import type { SpanEvent, TracedSpan } from '../span.ts';
import { mlflowAttributes, MLFLOW_STATUS } from './mlflow-span.ts';

/** Times are `bigint`: write with `writeJson`. */
export function toMlflowFileSpan(span: TracedSpan): object {
  return {
    trace_id: hexToBase64(span.traceId),
    span_id: hexToBase64(span.spanId),
    parent_span_id: span.parentSpanId === undefined ? null : hexToBase64(span.parentSpanId),
    name: span.name,
    start_time_unix_nano: span.start,
    end_time_unix_nano: span.end ?? null,
    events: span.events.map(toFileEvent),
    status: { code: MLFLOW_STATUS[span.status.code], message: span.status.code === 'error' ? span.status.message : '' },
    attributes: Object.fromEntries(
      Object.entries(mlflowAttributes(span)).map(([key, value]) => [key, writePlainJson(value)]),
    ),
    ...(span.links.length === 0
      ? {}
      : {
          links: span.links.map((link) => ({
            trace_id: hexToBase64(link.traceId),
            span_id: hexToBase64(link.spanId),
            attributes: link.attributes,
          })),
        }),
  };
}

function toFileEvent(event: SpanEvent): object {
  return { name: event.name, time_unix_nano: event.time, attributes: event.attributes };
}

function hexToBase64(hex: string): string {
  return toBase64(fromHex(hex) ?? new Uint8Array());
}
