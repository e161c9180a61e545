import { describe, expect, test } from 'vitest';
import { must } from '../errors.ts';
import { parseExperimentId, parseTraceId } from '../ids.ts';
import { durationFromMillis, unixNanos } from '../time.ts';
import type { TraceHeader } from '../trace.ts';
import type { Order } from './ast.ts';
import { comparePlaces, compareTraces, orderKeys, parseOrderBy } from './order.ts';

describe('parseOrderBy() reads', () => {
  test.each<[text: string, order: Order]>([
    ['execution_time_ms DESC', { key: { by: 'execution_time_ms' }, descending: true }],
    ['timestamp', { key: { by: 'timestamp_ms' }, descending: false }],
    ['end_time asc', { key: { by: 'end_time_ms' }, descending: false }],
    ['attributes.request_id Desc', { key: { by: 'trace_id' }, descending: true }],
    ['trace.experiment_id', { key: { by: 'experiment_id' }, descending: false }],
    ['run_id', { key: { by: 'run_id' }, descending: false }],
    ['tag.env DESC', { key: { by: 'tag', key: 'env' }, descending: true }],
    ['tags.`my key` DESC', { key: { by: 'tag', key: 'my key' }, descending: true }],
    ['metadata."mlflow.trace.session"', { key: { by: 'metadata', key: 'mlflow.trace.session' }, descending: false }],
    ['duration DESC', { key: { by: 'execution_time_ms' }, descending: true }],
    ['tokens.total DESC', { key: { by: 'total_tokens' }, descending: true }],
  ])('%s', (text, order) => {
    expect(parseOrderBy([text])).toEqual({ ok: true, value: [order] });
  });

  test('several, and none', () => {
    expect(parseOrderBy(['tag.env ASC', 'timestamp_ms'])).toMatchObject({ ok: true, value: [{}, {}] });
    expect(parseOrderBy([])).toEqual({ ok: true, value: [] });
  });
});

describe('parseOrderBy() refuses', () => {
  test.each<[list: readonly string[], index: number, offset: number, message: string]>([
    [['foo'], 0, 0, 'Cannot parse order at "foo": there is no field "foo"'],
    [['name', ''], 1, 0, 'Cannot parse order at its end: a field to order by is missing here'],
    [['name DOWN'], 0, 5, 'Cannot parse order at "DOWN": only ASC or DESC can follow the field'],
    [['name ASC DESC'], 0, 9, 'Cannot parse order at "DESC": only ASC or DESC can follow the field'],
    [['name, status'], 0, 4, 'Cannot parse order at ",": only ASC or DESC can follow the field'],
    [
      ['timestamp', 'timestamp_ms DESC'],
      1,
      0,
      'Cannot parse order at "timestamp_ms": traces are ordered by this already',
    ],
    [['tag.a', 'tags.a'], 1, 0, 'Cannot parse order at "tags.a": traces are ordered by this already'],
    [['text'], 0, 0, 'Cannot parse order at "text": traces cannot be ordered by text'],
    [['span.name'], 0, 0, 'Cannot parse order at "span.name": traces cannot be ordered by span.name'],
    [['feedback.score'], 0, 0, 'Cannot parse order at "feedback.score": traces cannot be ordered by feedback.score'],
    [
      ['metadata.`mlflow.trace.tokenUsage`'],
      0,
      0,
      'Cannot parse order at "metadata.`mlflow.trace.tokenUsage`": this is JSON; order by total_tokens instead',
    ],
  ])('%j', (list, index, offset, message) => {
    expect(parseOrderBy(list)).toMatchObject({ ok: false, error: { index, offset, message } });
  });

  test('only keys that are really the same', () => {
    expect(parseOrderBy(['tag.a', 'tag.b', 'metadata.a'])).toMatchObject({ ok: true });
  });
});

describe('compareTraces()', () => {
  const sorted = (order: readonly string[], headers: readonly TraceHeader[]): readonly string[] => {
    const parsed = parseOrderBy(order);
    if (!parsed.ok) throw new Error(parsed.error.message);
    return headers.toSorted(compareTraces(parsed.value)).map((header) => header.traceId.slice(0, 2));
  };

  test('puts traces without a value last in both directions', () => {
    const headers = [
      trace('0a'),
      trace('0b', { duration: durationFromMillis(5) }),
      trace('0c', { duration: durationFromMillis(3) }),
    ];
    expect(sorted(['duration'], headers)).toEqual(['0c', '0b', '0a']);
    expect(sorted(['duration DESC'], headers)).toEqual(['0b', '0c', '0a']);
  });

  test('goes on with newest first to the nanosecond, then with the trace id', () => {
    const headers = [
      trace('0c', { start: must(unixNanos(1_000_001n), 'a time') }),
      trace('0a', { start: must(unixNanos(1_000_002n), 'a time') }),
      trace('0d', { start: must(unixNanos(1_000_001n), 'a time') }),
    ];
    expect(sorted([], headers)).toEqual(['0a', '0c', '0d']);
    expect(sorted(['timestamp'], headers)).toEqual(['0a', '0c', '0d']);
  });

  test('compares text by its UTF-8 bytes', () => {
    const headers = ['\uffff', '💡', 'é', 'z', 'Z', ''].map((name, index) => trace(`1${index}`, { name }));
    expect(sorted(['name'], headers)).toEqual(['15', '14', '13', '12', '10', '11']);
  });

  test('goes through the keys in turn', () => {
    const headers = [
      trace('0a', { tags: { env: 'prod' }, spanCount: 1 }),
      trace('0b', { tags: { env: 'dev' }, spanCount: 1 }),
      trace('0c', { tags: { env: 'prod' }, spanCount: 2 }),
    ];
    expect(sorted(['tag.env', 'span_count DESC'], headers)).toEqual(['0b', '0c', '0a']);
  });

  test('agrees with comparePlaces() on the values orderKeys() gives', () => {
    const order: readonly Order[] = [{ key: { by: 'tag', key: 'constructor' }, descending: false }];
    const [left, right] = [trace('0a'), trace('0b', { tags: { constructor: 'x' } })] as const;
    const places = [left, right].map((header) => ({
      keys: orderKeys(header, order),
      startNanos: header.start,
      traceId: header.traceId,
    }));
    expect(places.map(({ keys }) => keys)).toEqual([[null], ['x']]);
    const [first, second] = places;
    expect(comparePlaces(order)(must(first, 'a place'), must(second, 'a place'))).toBe(
      compareTraces(order)(left, right),
    );
  });
});

function trace(id: string, parts: Partial<TraceHeader> = {}): TraceHeader {
  return {
    traceId: must(parseTraceId(id.padEnd(32, '0')), 'a trace id'),
    experimentId: must(parseExperimentId('0'), 'an experiment id'),
    start: must(unixNanos(1_000_000n), 'a time'),
    state: 'OK',
    tags: {},
    metadata: {},
    spanCount: 0,
    errorCount: 0,
    isFinalized: false,
    ...parts,
  };
}
