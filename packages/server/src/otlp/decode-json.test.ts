import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OtlpBatch } from './batch.ts';
import { decodeOtlpJson } from './decode-json.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

describe('decodeOtlpJson()', () => {
  test('reads every field of a span', () => {
    const [span] = decode({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeSpans: [
            {
              scope: { name: 'lib', version: '1.2', attributes: [{ key: 'a', value: { boolValue: true } }] },
              spans: [
                {
                  traceId: TRACE_ID.toUpperCase(),
                  spanId: SPAN_ID,
                  parentSpanId: '00000000000000ff',
                  traceState: 'a=1',
                  name: 'answer',
                  kind: 3,
                  startTimeUnixNano: '1762161330250000001',
                  endTimeUnixNano: '1762161331454000002',
                  attributes: [{ key: 'n', value: { intValue: '7' } }],
                  events: [{ name: 'e', timeUnixNano: '5', attributes: [{ key: 'k', value: { stringValue: 'v' } }] }],
                  links: [{ traceId: TRACE_ID, spanId: SPAN_ID, attributes: [] }],
                  status: { code: 2, message: 'boom' },
                },
              ],
            },
          ],
        },
      ],
    }).spans;
    expect(span).toEqual({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      parentSpanId: '00000000000000ff',
      traceState: 'a=1',
      name: 'answer',
      kind: 'client',
      start: 1762161330250000001n,
      end: 1762161331454000002n,
      status: { code: 'error', message: 'boom' },
      attributes: { n: 7n },
      events: [{ name: 'e', time: 5n, attributes: { k: 'v' } }],
      links: [{ traceId: TRACE_ID, spanId: SPAN_ID, attributes: {} }],
      scope: { name: 'lib', version: '1.2', attributes: { a: true } },
      resource: { 'service.name': 'shop' },
    });
  });

  test('reads the snake_case names of the protobuf definition too', () => {
    const body = {
      resource_spans: [
        {
          scope_spans: [
            {
              spans: [
                {
                  trace_id: TRACE_ID,
                  span_id: SPAN_ID,
                  start_time_unix_nano: 5,
                  attributes: [
                    { key: 'k', value: { kvlist_value: { values: [{ key: 'n', value: { int_value: 1 } }] } } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    };
    expect(decode(body).spans[0]).toMatchObject({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      start: 5n,
      attributes: { k: { n: 1n } },
    });
  });

  test.each([
    { why: 'text', any: { stringValue: 'a' }, value: 'a' },
    { why: 'an integer as text', any: { intValue: '-9223372036854775808' }, value: -9223372036854775808n },
    { why: 'an integer as a number', any: { intValue: 3 }, value: 3n },
    { why: 'a double that is whole', any: { doubleValue: 3 }, value: 3 },
    { why: 'NaN', any: { doubleValue: 'NaN' }, value: Number.NaN },
    { why: 'infinity', any: { doubleValue: '-Infinity' }, value: -Infinity },
    { why: 'bytes', any: { bytesValue: 'AQI=' }, value: new Uint8Array([1, 2]) },
    { why: 'a list', any: { arrayValue: { values: [{ intValue: '1' }, {}] } }, value: [1n, null] },
    { why: 'a list without values', any: { arrayValue: {} }, value: [] },
    { why: 'nothing set', any: {}, value: null },
    { why: 'no value at all', any: undefined, value: null },
  ])('reads a value: $why', ({ any, value }) => {
    expect(decode(requestOf({ attributes: [{ key: 'k', value: any }] })).spans[0]?.attributes).toEqual({ k: value });
  });

  test('keeps 64-bit integers exact when they are JSON numbers', () => {
    const text = JSON.stringify(requestOf({ attributes: [{ key: 'k', value: { intValue: 1 } }] }))
      .replace('"intValue":1', '"intValue":9007199254740993')
      .replace('"startTimeUnixNano":"1"', '"startTimeUnixNano":1762161330250000001');
    const span = batchOf(decodeOtlpJson(new TextEncoder().encode(text))).spans[0];
    expect(span?.attributes).toEqual({ k: 9007199254740993n });
    expect(span?.start).toBe(1762161330250000001n);
  });

  test('takes enumerations by name', () => {
    const span = decode(requestOf({ kind: 'SPAN_KIND_SERVER', status: { code: 'STATUS_CODE_OK' } })).spans[0];
    expect(span).toMatchObject({ kind: 'server', status: { code: 'ok' } });
  });

  test('an unknown kind, an empty or zero parent, and a zero end are left open', () => {
    const [first, second] = decode(
      requestOf({ kind: 77, parentSpanId: '' }, { parentSpanId: '0000000000000000', endTimeUnixNano: '0' }),
    ).spans;
    expect(first?.kind).toBe('unspecified');
    expect(first).not.toHaveProperty('parentSpanId');
    expect(second).not.toHaveProperty('parentSpanId');
    expect(second).not.toHaveProperty('end');
  });

  test('the last of two attributes with one key wins, and no key is special', () => {
    const attributes = [
      { key: 'a', value: { intValue: '1' } },
      { key: 'a', value: { intValue: '2' } },
      { key: '__proto__', value: { stringValue: 'p' } },
      { key: 'constructor', value: { stringValue: 'c' } },
    ];
    const read = decode(requestOf({ attributes })).spans[0]?.attributes ?? {};
    expect(Object.entries(read)).toEqual([
      ['a', 2n],
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(({} as { readonly p?: unknown }).p).toBeUndefined();
  });

  test('half characters become U+FFFD, whole ones stay', () => {
    const attributes = [{ key: 'k\ud800', value: { stringValue: 'a\udc00b😀' } }];
    expect(decode(requestOf({ name: '\ud83d', attributes })).spans[0]).toMatchObject({
      name: '\ufffd',
      attributes: { 'k\ufffd': 'a\ufffdb😀' },
    });
  });

  test('a link that leads nowhere is left out', () => {
    expect(decode(requestOf({ links: [{ traceId: 'zz', spanId: SPAN_ID }] })).spans[0]?.links).toEqual([]);
  });

  test.each([
    { why: 'no trace id', span: { traceId: undefined }, problem: 'identity', reason: 'Cannot parse trace id ""' },
    { why: 'a zero trace id', span: { traceId: '0'.repeat(32) }, problem: 'identity', reason: 'not all zero' },
    {
      why: 'a trace id in base64',
      span: { traceId: 'Cvd2WRbNQ92ESOshHIAxnA==' },
      problem: 'identity',
      reason: '32 hex digits',
    },
    {
      why: 'a short span id',
      span: { spanId: 'b7ad' },
      problem: 'identity',
      reason: 'Cannot parse span id "b7ad": expected 16',
    },
    {
      why: 'a bad parent',
      span: { parentSpanId: 'xyz' },
      problem: 'value',
      reason: 'Cannot parse parent span id "xyz"',
    },
    {
      why: 'a time past 2262',
      span: { startTimeUnixNano: '9223372036854775808' },
      problem: 'value',
      reason: 'startTimeUnixNano',
    },
    {
      why: 'values nested 101 levels',
      span: { attributes: [{ key: 'k', value: nested(101) }] },
      problem: 'value',
      reason: '100 nested',
    },
  ])('refuses one span alone: $why', ({ span, problem, reason }) => {
    const batch = decode(requestOf({ name: 'before' }, span, { name: 'after' }));
    expect(batch.spans.map(({ name }) => name)).toEqual(['before', 'after']);
    expect(batch.rejected).toEqual([{ index: 1, problem, reason: expect.stringContaining(reason) as string }]);
  });

  test('takes values nested 100 levels', () => {
    expect(decode(requestOf({ attributes: [{ key: 'k', value: nested(100) }] })).spans).toHaveLength(1);
  });

  test('a resource that cannot be kept refuses every span under it', () => {
    const request = requestOf({}, {});
    const resource = { attributes: [{ key: 'k', value: nested(101) }] };
    const batch = decode({
      resourceSpans: [{ ...request.resourceSpans[0], resource }, ...requestOf({}).resourceSpans],
    });
    expect(batch.spans).toHaveLength(1);
    expect(batch.rejected.map(({ index }) => index)).toEqual([0, 1]);
  });

  test.each([
    { why: 'no bytes', body: '', kind: 'empty', where: '' },
    { why: 'no resource spans', body: '{}', kind: 'empty', where: '' },
    { why: 'an empty list', body: '{"resourceSpans":[]}', kind: 'empty', where: '' },
    { why: 'cut-off JSON', body: '{"resourceSpans":[', kind: 'malformed', where: '' },
    { why: 'a list', body: '[]', kind: 'malformed', where: '' },
    {
      why: 'spans that are no list',
      body: '{"resourceSpans":[{"scopeSpans":[{"spans":5}]}]}',
      kind: 'malformed',
      where: 'resourceSpans[0].scopeSpans[0].spans',
    },
    {
      why: 'a number where an id belongs',
      body: JSON.stringify(requestOf({}, { traceId: 5 })),
      kind: 'malformed',
      where: 'resourceSpans[0].scopeSpans[0].spans[1].traceId',
    },
    {
      why: 'text where an integer belongs',
      body: JSON.stringify(requestOf({ attributes: [{ key: 'k', value: { intValue: 'x' } }] })),
      kind: 'malformed',
      where: 'resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.intValue',
    },
    {
      why: 'an integer beyond 64 bits',
      body: JSON.stringify(requestOf({ attributes: [{ key: 'k', value: { intValue: '9223372036854775808' } }] })),
      kind: 'malformed',
      where: 'resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.intValue',
    },
    {
      why: 'bytes that are not base64',
      body: JSON.stringify(requestOf({ attributes: [{ key: 'k', value: { bytesValue: '*' } }] })),
      kind: 'malformed',
      where: 'resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.bytesValue',
    },
  ])('refuses the request: $why', ({ body, kind, where }) => {
    const result = decodeOtlpJson(new TextEncoder().encode(body));
    expect(result).toMatchObject({ ok: false, error: { kind, where } });
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(decodeOtlpJson(new Uint8Array([0x7b, 0xff, 0x7d]))).toMatchObject({
      ok: false,
      error: { kind: 'malformed' },
    });
  });

  test('a million nested lists are refused, not recursed into', () => {
    const value = `${'{"arrayValue":{"values":['.repeat(250_000)}${']}}'.repeat(250_000)}`;
    const text = JSON.stringify(requestOf({ attributes: [{ key: 'k', value: 0 }] })).replace(
      '"value":0',
      `"value":${value}`,
    );
    const batch = batchOf(decodeOtlpJson(new TextEncoder().encode(text)));
    expect(batch.rejected).toHaveLength(1);
  });

  test('never throws, whatever the JSON', () => {
    const names = [
      'resourceSpans',
      'scopeSpans',
      'spans',
      'traceId',
      'attributes',
      'key',
      'value',
      'intValue',
      'status',
    ];
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 8 },
        fc.constantFrom(null, true, 5, 1.5, '', 'ab', TRACE_ID, '9'.repeat(40)),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
      ),
    })).value;
    fc.assert(
      fc.property(tree, (value) => {
        const body = { resourceSpans: [{ scopeSpans: [{ spans: [value, { traceId: value, attributes: [value] }] }] }] };
        expect(decodeOtlpJson(new TextEncoder().encode(JSON.stringify(body)))).toHaveProperty('ok');
      }),
      { numRuns: 300 },
    );
  });
});

interface Request {
  readonly resourceSpans: readonly object[];
}

function requestOf(...spans: readonly object[]): Request {
  const full = spans.map((span) => ({ traceId: TRACE_ID, spanId: SPAN_ID, startTimeUnixNano: '1', ...span }));
  return { resourceSpans: [{ scopeSpans: [{ spans: full }] }] };
}

/** A list in a list in a list … */
function nested(levels: number): object {
  let value: object = { stringValue: 'x' };
  for (let level = 0; level < levels; level += 1) value = { arrayValue: { values: [value] } };
  return value;
}

function decode(request: object): OtlpBatch {
  return batchOf(decodeOtlpJson(new TextEncoder().encode(JSON.stringify(request))));
}

function batchOf(result: ReturnType<typeof decodeOtlpJson>): OtlpBatch {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
