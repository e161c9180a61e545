/** For tests and benchmarks: spans as the protobuf request an exporter would send. */
import { fromHex, isAttributeList, SPAN_KINDS, type Attributes, type AttributeValue, type Span } from '@clew/core';
import { PbfWriter } from 'pbf';

/** One `resource_spans` per resource object and one `scope_spans` per scope object, in the order of the spans. */
export function encodeOtlpProtobuf(spans: readonly Span[]): Uint8Array {
  const writer = new PbfWriter();
  for (const ofResource of groupBy(spans, (span) => span.resource)) {
    writer.writeMessage(1, writeResourceSpans, ofResource);
  }
  return writer.finish();
}

const STATUS_CODES = { unset: 0, ok: 1, error: 2 } as const;

function groupBy(spans: readonly Span[], key: (span: Span) => object): readonly (readonly Span[])[] {
  const groups = new Map<object, Span[]>();
  for (const span of spans) groups.set(key(span), [...(groups.get(key(span)) ?? []), span]);
  return [...groups.values()];
}

function writeResourceSpans(spans: readonly Span[], writer: PbfWriter): void {
  writer.writeMessage(
    1,
    (resource: Attributes, inner) => writeAttributes(resource, inner, 1),
    spans[0]?.resource ?? {},
  );
  for (const ofScope of groupBy(spans, (span) => span.scope)) writer.writeMessage(2, writeScopeSpans, ofScope);
}

function writeScopeSpans(spans: readonly Span[], writer: PbfWriter): void {
  const scope = spans[0]?.scope;
  if (scope !== undefined) {
    writer.writeMessage(
      1,
      (_, inner) => {
        writeText(writer, 1, scope.name);
        writeText(writer, 2, scope.version);
        writeAttributes(scope.attributes, inner, 3);
      },
      scope,
    );
  }
  for (const span of spans) writer.writeMessage(2, writeSpan, span);
}

function writeSpan(span: Span, writer: PbfWriter): void {
  writer.writeBytesField(1, bytesOf(span.traceId));
  writer.writeBytesField(2, bytesOf(span.spanId));
  if (span.traceState !== '') writeText(writer, 3, span.traceState);
  if (span.parentSpanId !== undefined) writer.writeBytesField(4, bytesOf(span.parentSpanId));
  writeText(writer, 5, span.name);
  writer.writeVarintField(6, SPAN_KINDS.indexOf(span.kind));
  writeTime(writer, 7, span.start);
  if (span.end !== undefined) writeTime(writer, 8, span.end);
  writeAttributes(span.attributes, writer, 9);
  for (const event of span.events) {
    writer.writeMessage(
      11,
      () => {
        writeTime(writer, 1, event.time);
        writeText(writer, 2, event.name);
        writeAttributes(event.attributes, writer, 3);
      },
      event,
    );
  }
  for (const link of span.links) {
    writer.writeMessage(
      13,
      () => {
        writer.writeBytesField(1, bytesOf(link.traceId));
        writer.writeBytesField(2, bytesOf(link.spanId));
        writeAttributes(link.attributes, writer, 4);
      },
      link,
    );
  }
  writer.writeMessage(
    15,
    () => {
      if (span.status.code === 'error') writeText(writer, 2, span.status.message);
      writer.writeVarintField(3, STATUS_CODES[span.status.code]);
    },
    span,
  );
}

function writeAttributes(attributes: Attributes, writer: PbfWriter, field: number): void {
  for (const key of Object.keys(attributes)) {
    writer.writeMessage(field, writeKeyValue, [key, attributes[key] ?? null] as const);
  }
}

function writeKeyValue([key, value]: readonly [string, AttributeValue], writer: PbfWriter): void {
  writeText(writer, 1, key);
  writer.writeMessage(2, writeAnyValue, value);
}

function writeAnyValue(value: AttributeValue, writer: PbfWriter): void {
  if (typeof value === 'string') writeText(writer, 1, value);
  else if (typeof value === 'boolean') writer.writeBooleanField(2, value);
  else if (typeof value === 'bigint') writeInt64(writer, 3, value);
  else if (typeof value === 'number') writer.writeDoubleField(4, value);
  else if (value instanceof Uint8Array) writer.writeBytesField(7, value);
  else if (isAttributeList(value)) {
    writer.writeMessage(
      5,
      () => {
        for (const item of value) writer.writeMessage(1, writeAnyValue, item);
      },
      value,
    );
  } else if (value !== null) {
    writer.writeMessage(6, (map: Attributes) => writeAttributes(map, writer, 1), value);
  }
}

const ENCODER = new TextEncoder();

/** `pbf` itself writes some characters beyond U+FFFF wrongly. */
function writeText(writer: PbfWriter, field: number, text: string): void {
  writer.writeBytesField(field, ENCODER.encode(text));
}

/** `pbf` takes numbers; these are exact. */
function writeInt64(writer: PbfWriter, field: number, value: bigint): void {
  writer.writeTag(field, 0);
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) writeByte(writer, Number(rest & 0x7fn) | 0x80);
  writeByte(writer, Number(rest));
}

function writeTime(writer: PbfWriter, field: number, time: bigint): void {
  writer.writeTag(field, 1);
  writer.writeFixed32(Number(time & 0xffffffffn));
  writer.writeFixed32(Number(time >> 32n));
}

function writeByte(writer: PbfWriter, byte: number): void {
  writer.realloc(1);
  writer.buf[writer.pos] = byte;
  writer.pos += 1;
}

function bytesOf(hex: string): Uint8Array {
  return fromHex(hex) ?? new Uint8Array();
}
