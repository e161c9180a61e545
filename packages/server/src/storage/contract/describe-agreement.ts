/** A store against the memory store, on random traces and searches: what they find must be the same, in order. */
import type { Assessment, ExperimentId, TraceHeader, TraceId } from '@clew/core';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMemoryStore } from '../memory.ts';
import type { SearchCursor, SpanStore, SpanWrite } from '../span-store.ts';
import { randomSearch, randomTrace, type RandomSearch, type RandomTrace } from './random-traces.ts';
import {
  newAssessmentId,
  newExperimentId,
  newSpanId,
  newTraceId,
  stillRunning,
  writeBatch,
  writeHeaders,
} from './samples.ts';

export interface AgreementOptions {
  /** Sets of traces to try. Default 12. */
  readonly runs?: number;
  /** Of a run that failed, to repeat it; random by default. A failure prints its own. */
  readonly seed?: number;
}

/** Declares the comparison for one store; `open` gives an empty one. */
export function describeAgreement(name: string, open: () => Promise<SpanStore>, options: AgreementOptions = {}): void {
  const { runs = 12, seed } = options;

  describe(`${name} agrees with the memory store`, () => {
    const oracle = openMemoryStore();
    let store: SpanStore | undefined;

    beforeAll(async () => {
      store = await open();
    });

    afterAll(async () => {
      await store?.close();
    });

    test('on random traces and searches', { timeout: 600_000 }, async () => {
      const traces = fc.array(randomTrace, { minLength: 4, maxLength: 12 });
      const searches = fc.array(randomSearch, { minLength: 10, maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(traces, searches, async (given, asked) => {
          if (store === undefined) throw new Error('The store did not open');
          const experimentId = newExperimentId();
          await writeTraces([oracle, store], experimentId, given);
          for (const search of asked) {
            const expected = await findAll(oracle, experimentId, search);
            expect([search, await findAll(store, experimentId, search)]).toEqual([search, expected]);
            const plan = { experimentIds: [experimentId], filter: search.filter };
            expect([search, await store.count(plan)]).toEqual([search, expected.length]);
          }
        }),
        // Shrinking asks the store again and again; what it has found by then is small enough to read.
        { numRuns: runs, interruptAfterTimeLimit: 120_000, ...(seed === undefined ? {} : { seed }) },
      );
    });
  });
}

/** Every other trace was something else before: other spans that ran, another header, some in another experiment. */
async function writeTraces(
  stores: readonly SpanStore[],
  experimentId: ExperimentId,
  traces: readonly RandomTrace[],
): Promise<void> {
  const known = traces.map((trace) => nameTrace(trace, experimentId));
  const elsewhere = newExperimentId();
  const earlier = known.flatMap((trace, at) => {
    const other = traces[at + 1];
    return at % 2 === 1 || other === undefined
      ? []
      : [toEarlier(trace, other, at % 4 === 0 ? elsewhere : experimentId)];
  });
  for (const store of stores) {
    for (const stage of [earlier, known]) {
      await writeBatch(store, {
        spans: stage.flatMap((trace) => trace.spans),
        assessments: stage.flatMap((trace) => trace.assessments),
      });
      await writeHeaders(
        store,
        stage.map((trace) => trace.header),
      );
    }
    // Another process may be late with a header that has seen less.
    await store.writeHeaders(earlier.map(({ header }) => ({ header, version: 0n })));
  }
}

interface NamedTrace {
  readonly header: TraceHeader;
  readonly spans: readonly SpanWrite[];
  readonly assessments: readonly Assessment[];
}

function nameTrace(trace: RandomTrace, experimentId: ExperimentId): NamedTrace {
  const traceId = newTraceId();
  return {
    header: { ...trace.header, traceId, experimentId },
    spans: trace.spans.map((span) => ({ span: { ...span, traceId, spanId: newSpanId() }, experimentId })),
    assessments: trace.assessments.map((one) => ({ ...one, traceId, assessmentId: newAssessmentId() })),
  };
}

/** With the content of another trace under the ids of this one. */
function toEarlier(
  { header, spans, assessments }: NamedTrace,
  other: RandomTrace,
  experimentId: ExperimentId,
): NamedTrace {
  const { traceId } = header;
  return {
    header: { ...other.header, traceId, experimentId },
    spans: other.spans.flatMap((span, at) => {
      const spanId = spans[at]?.span.spanId;
      return spanId === undefined ? [] : [{ span: stillRunning({ ...span, traceId, spanId }), experimentId }];
    }),
    assessments: other.assessments.flatMap((one, at) => {
      const assessmentId = assessments[at]?.assessmentId;
      return assessmentId === undefined ? [] : [{ ...one, traceId, assessmentId }];
    }),
  };
}

/** Follows the pages to the end, or a little beyond where it should be. */
async function findAll(
  store: SpanStore,
  experimentId: ExperimentId,
  { filter, order, limit }: RandomSearch,
): Promise<readonly TraceId[]> {
  const found: TraceId[] = [];
  let after: SearchCursor | undefined;
  for (let pages = 0; pages < 20; pages += 1) {
    const cursor = after === undefined ? {} : { after };
    const page = await store.search({ experimentIds: [experimentId], filter, order, limit, ...cursor });
    found.push(...page.traces.map((trace) => trace.traceId));
    after = page.next;
    if (after === undefined) break;
  }
  return found;
}
