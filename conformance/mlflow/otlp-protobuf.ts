/** OTLP protobuf written from scratch, so that no code under test can agree with itself. */

export interface OtlpSpan {
  /** Hex; empty to send none. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly start: bigint;
  /** 0 while it runs. */
  readonly end: bigint;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  /** Bigints are integers, numbers doubles. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events?: readonly {
    readonly name: string;
    readonly time: bigint;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** An `ExportTraceServiceRequest` with one resource and one scope. */
export function encodeOtlp(spans: readonly OtlpSpan[], resource: Readonly<Record<string, unknown>> = {}): Uint8Array {
  const scopeSpans = Buffer.concat([
    field(1, field(1, text('conformance'))),
    ...spans.map((one) => field(2, encodeSpan(one))),
  ]);
  return field(1, Buffer.concat([field(1, attributes(1, resource)), field(2, scopeSpans)]));
}

function encodeSpan(one: OtlpSpan): Buffer {
  return Buffer.concat([
    field(1, hex(one.traceId)),
    field(2, hex(one.spanId)),
    ...(one.parentSpanId === undefined ? [] : [field(4, hex(one.parentSpanId))]),
    field(5, text(one.name)),
    ...(one.kind === undefined ? [] : [varintField(6, BigInt(one.kind))]),
    fixed64(7, one.start),
    fixed64(8, one.end),
    attributes(9, one.attributes),
    ...(one.events ?? []).map((event) =>
      field(11, Buffer.concat([fixed64(1, event.time), field(2, text(event.name)), attributes(3, event.attributes)])),
    ),
    ...(one.links ?? []).map((link) =>
      field(13, Buffer.concat([field(1, hex(link.traceId)), field(2, hex(link.spanId))])),
    ),
    field(15, varintField(3, BigInt(one.status))),
  ]);
}

function attributes(number: number, map: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.concat(
    Object.entries(map).map(([key, value]) =>
      field(number, Buffer.concat([field(1, text(key)), field(2, anyValue(value))])),
    ),
  );
}

function anyValue(value: unknown): Buffer {
  switch (typeof value) {
    case 'string':
      return field(1, text(value));
    case 'boolean':
      return varintField(2, value ? 1n : 0n);
    case 'bigint':
      return varintField(3, BigInt.asUintN(64, value));
    case 'number': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value);
      return Buffer.concat([tag(4, 1), bytes]);
    }
    default:
      if (value === null || value === undefined) return Buffer.alloc(0);
      if (Array.isArray(value)) return field(5, Buffer.concat(value.map((item) => field(1, anyValue(item)))));
      return field(6, attributes(1, value as Record<string, unknown>));
  }
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, 2), varint(BigInt(content.length)), content]);
}

function varintField(number: number, value: bigint): Buffer {
  return Buffer.concat([tag(number, 0), varint(value)]);
}

function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([tag(number, 1), bytes]);
}

function tag(number: number, wireType: number): Buffer {
  return varint(BigInt(number * 8 + wireType));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

function text(value: string): Buffer {
  return Buffer.from(value, 'utf8');
}

function hex(value: string): Buffer {
  return Buffer.from(value, 'hex');
}
