import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  NEWEST_FIRST,
  parseQuery,
  printQuery,
  readTracesView,
  readTraceView,
  SPAN_TABS,
  TRACE_SORT_KEYS,
  writeTracesView,
  writeTraceView,
  type TracesView,
  type TraceView,
} from './url.ts';

describe('the traces page', () => {
  test('an empty query is the default view and the other way round', () => {
    expect(readTracesView({})).toEqual({ view: { filter: '', sort: NEWEST_FIRST }, ignored: [] });
    expect(writeTracesView({ filter: '', sort: NEWEST_FIRST })).toEqual({});
  });

  test('says which parameter it ignored', () => {
    expect(readTracesView({ sort: 'colour', f: 'status:error' })).toEqual({
      view: { filter: 'status:error', sort: NEWEST_FIRST },
      ignored: ['sort'],
    });
  });

  test('every view comes back from its address', () => {
    const views: fc.Arbitrary<TracesView> = fc.record({
      filter: fc.string({ unit: 'grapheme' }),
      sort: fc.record({ key: fc.constantFrom(...TRACE_SORT_KEYS), isDescending: fc.boolean() }),
    });
    fc.assert(
      fc.property(views, (view) => {
        expect(readTracesView(parseQuery(printQuery(writeTracesView(view))))).toEqual({ view, ignored: [] });
      }),
    );
  });
});

describe('the trace page', () => {
  test.each([
    { why: 'an unknown tab', query: { tab: 'secrets' }, ignored: ['tab'] },
    { why: 'a zoom that runs backwards', query: { z: '5~3' }, ignored: ['z'] },
    { why: 'a zoom that is no range', query: { z: 'all' }, ignored: ['z'] },
  ])('falls back on $why', ({ query, ignored }) => {
    expect(readTraceView(query)).toEqual({ view: { tab: 'io', find: '' }, ignored });
  });

  test('every view comes back from its address', () => {
    const views: fc.Arbitrary<TraceView> = fc.record(
      {
        span: fc.stringMatching(/^[0-9a-f]{16}$/),
        tab: fc.constantFrom(...SPAN_TABS),
        zoom: fc
          .tuple(fc.nat(1_000_000_000), fc.integer({ min: 1, max: 1_000_000_000 }))
          .map(([start, length]) => ({ start: start / 1000, end: (start + length) / 1000 })),
        find: fc.string(),
      },
      { requiredKeys: ['tab', 'find'] },
    );
    fc.assert(
      fc.property(views, (view) => {
        expect(readTraceView(parseQuery(printQuery(writeTraceView(view))))).toEqual({ view, ignored: [] });
      }),
    );
  });
});

test('printQuery() stays readable', () => {
  expect(printQuery({ f: 'status:error duration>2s', sort: '-duration' })).toBe(
    '?f=status:error+duration%3E2s&sort=-duration',
  );
});
