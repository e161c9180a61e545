import { EVERYTHING, type DurationNanos } from '@clew/core';
import { expect } from 'vitest';
import type { SessionCursor, SessionSummary } from '../session-plan.ts';
import type { SpanStore } from '../span-store.ts';
import type { ContractCase } from './contract-case.ts';
import { at, newExperimentId, sampleHeader, writeHeaders } from './samples.ts';

export const sessionCases: readonly ContractCase[] = [
  {
    title: 'a session sums its traces up',
    async run(store) {
      const experimentId = newExperimentId();
      const sessionId = `session 'quoted' ${experimentId}`;
      const base = { experimentId, sessionId };
      await writeHeaders(store, [
        sampleHeader({ ...base, start: at(20), state: 'ERROR', userId: 'grace', responsePreview: 'second answer' }),
        sampleHeader({ ...base, start: at(0), userId: 'ada', duration: (100n * 1_000_000n) as DurationNanos }),
        sampleHeader({
          ...base,
          start: at(10),
          requestPreview: 'first question',
          responsePreview: 'first answer',
          usage: { inputTokens: 2, outputTokens: 1, totalTokens: 3 },
          cost: { totalCost: 0.5 },
        }),
        sampleHeader({ ...base, start: at(30) }),
        sampleHeader({ experimentId }),
      ]);
      expect(await store.readSessions({ experimentIds: [experimentId], filter: EVERYTHING, limit: 10 })).toEqual({
        sessions: [
          {
            sessionId,
            traceCount: 4,
            errorCount: 1,
            firstStart: at(0),
            lastStart: at(30),
            end: at(100),
            inputTokens: 2,
            outputTokens: 1,
            totalTokens: 3,
            totalCost: 0.5,
            userId: 'grace',
            firstRequest: 'first question',
            lastResponse: 'second answer',
          },
        ],
      });
    },
  },
  {
    title: 'sessions come by their last trace, newest first, page by page',
    async run(store) {
      const experimentId = newExperimentId();
      const starts = [5, 3, 3, 3, 9];
      await writeHeaders(
        store,
        starts.flatMap((start, index) => [
          sampleHeader({ experimentId, sessionId: `s${index}`, start: at(start) }),
          sampleHeader({ experimentId, sessionId: `s${index}`, start: at(start - 50) }),
        ]),
      );
      const sessions = await readAll(store, experimentId);
      expect(sessions.map((session) => session.sessionId)).toEqual(['s4', 's0', 's1', 's2', 's3']);
      expect(sessions.map((session) => session.traceCount)).toEqual([2, 2, 2, 2, 2]);
    },
  },
  {
    title: 'only traces that match count for a session',
    async run(store) {
      const experimentId = newExperimentId();
      await writeHeaders(store, [
        sampleHeader({ experimentId, sessionId: 'a', state: 'ERROR' }),
        sampleHeader({ experimentId, sessionId: 'a' }),
        sampleHeader({ experimentId, sessionId: 'b' }),
      ]);
      const { sessions } = await store.readSessions({
        experimentIds: [experimentId],
        filter: { kind: 'text', field: 'status', test: { op: '=', value: 'ERROR' } },
        limit: 10,
      });
      expect(sessions.map(({ sessionId, traceCount }) => [sessionId, traceCount])).toEqual([['a', 1]]);
    },
  },
];

async function readAll(
  store: SpanStore,
  experimentId: ReturnType<typeof newExperimentId>,
): Promise<readonly SessionSummary[]> {
  const found: SessionSummary[] = [];
  let after: SessionCursor | undefined;
  do {
    const cursor = after === undefined ? {} : { after };
    const page = await store.readSessions({ experimentIds: [experimentId], filter: EVERYTHING, limit: 2, ...cursor });
    found.push(...page.sessions);
    after = page.next;
  } while (after !== undefined && found.length < 20);
  return found;
}
