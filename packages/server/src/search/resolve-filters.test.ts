import { describe, expect, test } from 'vitest';
import { EVERYTHING, type Assessment, type AssessmentId, type Filter, type TraceId, type UnixNanos } from '@clew/core';
import { resolveFilter } from './resolve-filters.ts';

const KIND: Assessment = {
  assessmentId: 'a-1' as AssessmentId,
  traceId: '0af7651916cd43dd8448eb211c80319c' as TraceId,
  name: 'tone',
  source: { type: 'HUMAN', id: 'ada' },
  value: { kind: 'feedback', value: 'kind' },
  metadata: { 'mlflow.trace.session': 's-9' },
  createTime: 1n as UnixNanos,
  lastUpdateTime: 1n as UnixNanos,
  valid: true,
};

async function resolve(filter: Filter, judgements: readonly Assessment[] = [KIND]): Promise<Filter> {
  return resolveFilter({ readSessionAssessments: async () => judgements }, filter);
}

const tone = (value: string): Filter => ({ kind: 'feedback', name: 'tone', test: { op: '=', value } });
const inSession: Filter = { kind: 'text', field: 'session', test: { op: 'in', values: ['s-9'] } };
const isLinked: Filter = { kind: 'tag', key: 'clew.run.r1', test: { op: 'is not null' } };
const run = (test: (Filter & { readonly kind: 'text' })['test']): Filter => ({ kind: 'text', field: 'run_id', test });

describe('resolving a filter', () => {
  test.each([
    {
      why: 'a session that was judged so',
      filter: tone('kind'),
      resolved: { kind: 'any', of: [tone('kind'), inSession] },
    },
    { why: 'a session that was judged otherwise', filter: tone('rude'), resolved: tone('rude') },
    {
      why: 'a linked run',
      filter: run({ op: '=', value: 'r1' }),
      resolved: { kind: 'any', of: [run({ op: '=', value: 'r1' }), isLinked] },
    },
    {
      why: 'any other test of a run',
      filter: run({ op: '!=', value: 'r1' }),
      resolved: run({ op: '!=', value: 'r1' }),
    },
    { why: 'everything else', filter: EVERYTHING, resolved: EVERYTHING },
  ] satisfies readonly { readonly why: string; readonly filter: Filter; readonly resolved: Filter }[])(
    '$why',
    async ({ filter, resolved }) => {
      expect(await resolve(filter)).toEqual(resolved);
      expect(await resolve({ kind: 'not', filter })).toEqual({ kind: 'not', filter: resolved });
    },
  );

  test('"is null" is true where neither the trace nor its session was judged', async () => {
    const filter: Filter = { kind: 'feedback', name: 'tone', test: { op: 'is null' } };
    const isThere: Filter = { kind: 'feedback', name: 'tone', test: { op: 'is not null' } };
    expect(await resolve(filter)).toEqual({ kind: 'not', filter: { kind: 'any', of: [isThere, inSession] } });
  });

  test('filters without assessments look nothing up', async () => {
    const reader = { readSessionAssessments: () => Promise.reject(new Error('not asked for')) };
    expect(await resolveFilter(reader, EVERYTHING)).toEqual(EVERYTHING);
  });
});
