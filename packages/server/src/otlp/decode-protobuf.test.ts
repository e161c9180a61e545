import {
  createAttributes,
  isAttributeList,
  isAttributeMap,
  must,
  SPAN_KINDS,
  spanIdFromBytes,
  toBase64,
  traceIdFromBytes,
  unixNanos,
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanStatus,
} from '@clew/core';
import * as fc from 'fast-check';
import { PbfWriter } from 'pbf';
import { describe, expect, test } from 'vitest';
import type { OtlpBatch } from './batch.ts';
import { decodeOtlpJson } from './decode-json.ts';
import { decodeOtlpProtobuf } from './decode-protobuf.ts';
import { encodeOtlpProtobuf } from './testing/encode-protobuf.ts';

describe('decodeOtlpProtobuf()', () => {
  test('reads back any span', () => {
    fc.assert(
      fc.property(fc.array(spanArbitrary(), { minLength: 1, maxLength: 3 }), (spans) => {
        expect(batchOf(decodeOtlpProtobuf(encodeOtlpProtobuf(spans)))).toEqual({ spans, rejected: [] });
      }),
      { numRuns: 200 },
    );
  });

  test('a request as JSON and its protobuf twin are the same spans', () => {
    fc.assert(
      fc.property(spanArbitrary(), (span) => {
        const json = decodeOtlpJson(new TextEncoder().encode(JSON.stringify(toOtlpJson(span))));
        const protobuf = decodeOtlpProtobuf(encodeOtlpProtobuf([span]));
        expect(batchOf(json)).toEqual(batchOf(protobuf));
      }),
      { numRuns: 200 },
    );
  });

  test('byte values are copies: the request is not kept in memory, not even a Buffer', () => {
    const bytes = Buffer.from(
      encodeOtlpProtobuf([spanOf({ attributes: attributesOf({ k: new Uint8Array([1, 2]) }) })]),
    );
    const batch = batchOf(decodeOtlpProtobuf(bytes));
    bytes.fill(0);
    expect(batch.spans[0]?.attributes).toEqual({ k: new Uint8Array([1, 2]) });
  });

  test('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeOtlpProtobuf(bytes)).toHaveProperty('ok');
      }),
      { numRuns: 1000 },
    );
  });

  test('never throws on a request with some bytes changed, cut off or put in', () => {
    fc.assert(
      fc.property(
        spanArbitrary(),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        (span, changes, cut) => {
          const bytes = encodeOtlpProtobuf([span]).slice();
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          expect(decodeOtlpProtobuf(bytes)).toHaveProperty('ok');
          expect(decodeOtlpProtobuf(bytes.subarray(0, cut % bytes.length))).toHaveProperty('ok');
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each([
    { why: 'no bytes', bytes: [], kind: 'empty', where: '' },
    { why: 'an unknown field only', bytes: [0x78, 1], kind: 'empty', where: '' },
    { why: 'a length past the end', bytes: [0x0a, 5, 0], kind: 'malformed', where: 'byte 1' },
    { why: 'field number 0', bytes: [0x0a, 2, 0x02, 0], kind: 'malformed', where: 'byte 2' },
    {
      why: 'an endless varint',
      bytes: [0x0a, ...Array.from({ length: 12 }, () => 0xff)],
      kind: 'malformed',
      where: 'byte 1',
    },
    { why: 'a group that never ends', bytes: [0x0b, 0x08, 1], kind: 'malformed', where: 'byte 3' },
    { why: 'groups in groups', bytes: Array.from({ length: 5000 }, () => 0x0b), kind: 'malformed', where: 'byte 33' },
    { why: 'wire type 7', bytes: [0x0f], kind: 'malformed', where: 'byte 1' },
  ])('refuses the request: $why', ({ bytes, kind, where }) => {
    expect(decodeOtlpProtobuf(new Uint8Array(bytes))).toMatchObject({ ok: false, error: { kind, where } });
  });

  test('skips fields it does not know, groups among them', () => {
    const known = encodeOtlpProtobuf([spanOf({ name: 'kept' })]);
    // Field 100 as each wire type, and as a group with a field inside.
    const unknown = [
      0xa0, 6, 1, 0xa1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0xa2, 6, 1, 7, 0xa5, 6, 0, 0, 0, 0, 0xa3, 6, 0x08, 1, 0xa4, 6,
    ];
    const batch = batchOf(decodeOtlpProtobuf(new Uint8Array([...unknown, ...known, ...unknown])));
    expect(batch.spans.map(({ name }) => name)).toEqual(['kept']);
  });

  test.each([
    {
      why: 'no trace id',
      write: (span: PbfWriter) => span.writeBytesField(2, new Uint8Array(8).fill(1)),
      problem: 'identity',
    },
    {
      why: 'a zero span id',
      write: (span: PbfWriter) => {
        span.writeBytesField(1, new Uint8Array(16).fill(1));
        span.writeBytesField(2, new Uint8Array(8));
      },
      problem: 'identity',
    },
    {
      why: 'a parent of 3 bytes',
      write: (span: PbfWriter) => {
        span.writeBytesField(1, new Uint8Array(16).fill(1));
        span.writeBytesField(2, new Uint8Array(8).fill(1));
        span.writeBytesField(4, new Uint8Array(3).fill(1));
      },
      problem: 'value',
    },
  ])('refuses one span alone: $why', ({ write, problem }) => {
    const bad = new PbfWriter();
    bad.writeMessage(
      1,
      (_, group) =>
        group.writeMessage(2, (_scope, scope) => scope.writeMessage(2, (_span, span) => write(span), null), null),
      null,
    );
    const good = encodeOtlpProtobuf([spanOf({ name: 'good' })]);
    const batch = batchOf(decodeOtlpProtobuf(new Uint8Array([...bad.finish(), ...good])));
    expect(batch.spans.map(({ name }) => name)).toEqual(['good']);
    expect(batch.rejected).toMatchObject([{ index: 0, problem }]);
  });

  test('values nested 100,000 levels refuse their span, not the process', () => {
    const deep = wrap(new Uint8Array([0x18, 7]), Array.from({ length: 100_000 }, () => [0x0a, 0x2a]).flat());
    // An attribute of a span with ids, in a scope, in a resource.
    const keyValue = wrap(deep, [0x12]);
    const ids = [0x0a, 16, ...new Uint8Array(16).fill(1), 0x12, 8, ...new Uint8Array(8).fill(1)];
    const span = new Uint8Array([...ids, ...wrap(keyValue, [0x4a])]);
    const batch = batchOf(decodeOtlpProtobuf(wrap(span, [0x12, 0x12, 0x0a])));
    expect(batch).toMatchObject({ spans: [], rejected: [{ index: 0, problem: 'value' }] });
  });
});

/** Puts tags and lengths before some bytes, the innermost first. */
function wrap(bytes: Uint8Array, tags: readonly number[]): Uint8Array {
  const heads: number[][] = [];
  let length = bytes.length;
  for (const tag of tags) {
    const head = [tag];
    let rest = length;
    for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
    head.push(rest);
    heads.push(head);
    length += head.length;
  }
  return new Uint8Array([...heads.reverse().flat(), ...bytes]);
}

function batchOf(result: ReturnType<typeof decodeOtlpProtobuf>): OtlpBatch {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function spanOf(changes: Partial<Span>): Span {
  return {
    traceId: must(traceIdFromBytes(new Uint8Array(16).fill(1)), 'a trace id'),
    spanId: must(spanIdFromBytes(new Uint8Array(8).fill(2)), 'a span id'),
    name: '',
    kind: 'internal',
    start: must(unixNanos(1n), 'a time'),
    status: { code: 'unset' },
    attributes: createAttributes(),
    events: [],
    links: [],
    scope: { name: '', version: '', attributes: createAttributes() },
    resource: createAttributes(),
    traceState: '',
    ...changes,
  };
}

function attributesOf(values: { readonly [key: string]: AttributeValue }): Attributes {
  return Object.assign(createAttributes(), values);
}

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

function valueArbitrary(): fc.Arbitrary<AttributeValue> {
  return fc.letrec<{ value: AttributeValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constant(null),
      fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text)),
      fc.boolean(),
      fc.bigInt(INT64),
      fc.double(),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(keyArbitrary(), tie('value'), { maxKeys: 4 }).map(attributesOf),
    ),
  })).value;
}

function keyArbitrary(): fc.Arbitrary<string> {
  return fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', ''), fc.string({ maxLength: 20 }));
}

function attributesArbitrary(): fc.Arbitrary<Attributes> {
  return fc.array(fc.tuple(keyArbitrary(), valueArbitrary()), { maxLength: 6 }).map((entries) => {
    const attributes = createAttributes();
    for (const [key, value] of entries) attributes[key] = value;
    return attributes;
  });
}

function bytesArbitrary(length: number): fc.Arbitrary<Uint8Array> {
  return fc
    .uint8Array({ minLength: length, maxLength: length })
    .filter((bytes) => bytes.some((byte: number) => byte !== 0));
}

function spanArbitrary(): fc.Arbitrary<Span> {
  const traceId = bytesArbitrary(16).map((bytes) => must(traceIdFromBytes(bytes), 'a trace id'));
  const spanId = bytesArbitrary(8).map((bytes) => must(spanIdFromBytes(bytes), 'a span id'));
  const time = fc.bigInt({ min: 1n, max: INT64.max }).map((nanos) => must(unixNanos(nanos), 'a time'));
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const status = fc.oneof(
    fc.constantFrom<SpanStatus>({ code: 'unset' }, { code: 'ok' }),
    text.map((message): SpanStatus => ({ code: 'error', message })),
  );
  const attributes = attributesArbitrary();
  return fc.record(
    {
      traceId,
      spanId,
      parentSpanId: spanId,
      name: text,
      kind: fc.constantFrom(...SPAN_KINDS),
      start: time,
      end: time,
      status,
      attributes,
      events: fc.array(fc.record({ name: text, time, attributes }), { maxLength: 2 }),
      links: fc.array(fc.record({ traceId, spanId, attributes }), { maxLength: 2 }),
      scope: fc.record({ name: text, version: text, attributes }),
      resource: attributes,
      traceState: text,
    },
    {
      requiredKeys: [
        'traceId',
        'spanId',
        'name',
        'kind',
        'start',
        'status',
        'attributes',
        'events',
        'links',
        'scope',
        'resource',
        'traceState',
      ],
    },
  );
}

const STATUS_CODES = { unset: 0, ok: 1, error: 2 } as const;

/** The request in OTLP/JSON, with numbers and text mixed as senders do. */
function toOtlpJson(span: Span): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: toKeyValues(span.resource) },
        scopeSpans: [
          {
            scope: { ...span.scope, attributes: toKeyValues(span.scope.attributes) },
            spans: [
              {
                traceId: span.traceId,
                spanId: span.spanId,
                ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
                name: span.name,
                kind: SPAN_KINDS.indexOf(span.kind),
                startTimeUnixNano: span.start.toString(),
                ...(span.end === undefined ? {} : { endTimeUnixNano: span.end.toString() }),
                status: {
                  code: STATUS_CODES[span.status.code],
                  message: span.status.code === 'error' ? span.status.message : '',
                },
                attributes: toKeyValues(span.attributes),
                events: span.events.map((event) => ({
                  name: event.name,
                  timeUnixNano: event.time.toString(),
                  attributes: toKeyValues(event.attributes),
                })),
                links: span.links.map((link) => ({ ...link, attributes: toKeyValues(link.attributes) })),
                traceState: span.traceState,
              },
            ],
          },
        ],
      },
    ],
  };
}

function toKeyValues(attributes: Attributes): readonly object[] {
  return Object.keys(attributes).map((key) => ({ key, value: toAnyValue(attributes[key] ?? null) }));
}

function toAnyValue(value: AttributeValue): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      return { intValue: value.toString() };
    case 'number':
      return { doubleValue: Number.isFinite(value) && !Object.is(value, -0) ? value : toDoubleText(value) };
    default:
      return toCompoundValue(value);
  }
}

function toDoubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function toCompoundValue(value: AttributeValue & (object | null)): object {
  if (value === null) return {};
  if (value instanceof Uint8Array) return { bytesValue: toBase64(value) };
  if (isAttributeList(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  return { kvlistValue: { values: isAttributeMap(value) ? toKeyValues(value) : [] } };
}
