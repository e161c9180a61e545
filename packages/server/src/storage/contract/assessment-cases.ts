import type { Assessment, AssessmentValue } from '@clew/core';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.ts';
import {
  at,
  attributes,
  newAssessmentId,
  newSpanId,
  newTraceId,
  sampleAssessment,
  textMap,
  writeBatch,
} from './samples.ts';

const VALUES: readonly (readonly [string, AssessmentValue])[] = [
  ['feedback as text', { kind: 'feedback', value: 'good "enough"\n' }],
  ['feedback as an integer', { kind: 'feedback', value: 4n }],
  ['feedback as a whole double', { kind: 'feedback', value: 4 }],
  ['feedback as a list', { kind: 'feedback', value: [1n, 'a', null] }],
  ['feedback as a map', { kind: 'feedback', value: attributes([['__proto__', 1n]]) }],
  ['an error without a value', { kind: 'feedback', value: null, error: { code: 'TIMEOUT' } }],
  [
    'an error with everything',
    { kind: 'feedback', value: null, error: { code: 'X', message: '', stackTrace: 'at a\nat b' } },
  ],
  ['an expectation', { kind: 'expectation', value: 'Paris', serialized: false }],
  ['an expectation sent as JSON text', { kind: 'expectation', value: attributes([['a', 1]]), serialized: true }],
];

const valueCases: readonly ContractCase[] = VALUES.map(([what, value]) => ({
  title: `${what} comes back as written`,
  async run(store) {
    const assessment = sampleAssessment({ value });
    await writeBatch(store, { assessments: [assessment] });
    expect(await store.readAssessment(assessment.traceId, assessment.assessmentId)).toEqual(assessment);
  },
}));

export const assessmentCases: readonly ContractCase[] = [
  ...valueCases,
  {
    title: 'a full assessment comes back as written',
    async run(store) {
      const assessment = sampleAssessment({
        spanId: newSpanId(),
        source: { type: 'LLM_JUDGE', id: '' },
        rationale: '',
        metadata: textMap([['__proto__', 'x']]),
        createTime: at(1.000001),
        lastUpdateTime: at(2),
        overrides: newAssessmentId(),
        valid: false,
      });
      await writeBatch(store, { assessments: [assessment] });
      expect(await store.readAssessments([assessment.traceId])).toEqual([assessment]);
    },
  },
  {
    title: 'assessments of several traces come oldest first, then by id, invalid ones too',
    async run(store) {
      const [a, b] = [newTraceId(), newTraceId()];
      const twins = [1, 2, 3].map(() => sampleAssessment({ traceId: b, createTime: at(5) }));
      const first = sampleAssessment({ traceId: b, createTime: at(1), valid: false });
      const last = sampleAssessment({ traceId: a, createTime: at(9) });
      await writeBatch(store, { assessments: [last, ...twins, first] });
      const ids = (list: readonly Assessment[]) => list.map((one) => one.assessmentId);
      const read = await store.readAssessments([a, b, newTraceId()]);
      expect(ids(read)).toEqual([first.assessmentId, ...ids(twins).sort(), last.assessmentId]);
      expect(await store.readAssessments([])).toEqual([]);
    },
  },
  {
    title: 'writing an assessment again replaces it, in one batch too',
    async run(store) {
      const assessment = sampleAssessment();
      const { traceId, assessmentId } = assessment;
      await writeBatch(store, { assessments: [assessment, { ...assessment, rationale: 'second' }] });
      expect(await store.readAssessments([traceId])).toEqual([{ ...assessment, rationale: 'second' }]);
      await writeBatch(store, { assessments: [{ ...assessment, valid: false }] });
      expect(await store.readAssessment(traceId, assessmentId)).toEqual({ ...assessment, valid: false });
    },
  },
  {
    title: 'the same id on two traces is two assessments',
    async run(store) {
      const one = sampleAssessment();
      const other = sampleAssessment({ assessmentId: one.assessmentId, name: 'other' });
      await writeBatch(store, { assessments: [one, other] });
      expect(await store.readAssessment(one.traceId, one.assessmentId)).toEqual(one);
      expect(await store.readAssessment(other.traceId, one.assessmentId)).toEqual(other);
    },
  },
  {
    title: 'those that judge a whole session are found by name while they are valid',
    async run(store) {
      const name = `session quality ${newTraceId()}`;
      const metadata = textMap([['mlflow.trace.session', 's']]);
      const wanted = sampleAssessment({ name, metadata });
      const others = [{ metadata, valid: false, name }, { name }, { metadata }].map(sampleAssessment);
      await writeBatch(store, { assessments: [wanted, ...others] });
      expect(await store.readSessionAssessments([name, 'unknown'])).toEqual([wanted]);
      expect(await store.readSessionAssessments([])).toEqual([]);
    },
  },
  {
    title: 'an unknown assessment is nothing, and deleting it no error',
    async run(store) {
      const assessment = sampleAssessment();
      await writeBatch(store, { assessments: [assessment] });
      expect(await store.readAssessment(assessment.traceId, newAssessmentId())).toBeUndefined();
      expect(await store.readAssessment(newTraceId(), assessment.assessmentId)).toBeUndefined();
      await store.deleteAssessment(assessment.traceId, newAssessmentId());
      await store.deleteAssessment(newTraceId(), assessment.assessmentId);
      expect(await store.readAssessments([assessment.traceId])).toEqual([assessment]);
    },
  },
  {
    title: 'a deleted assessment is gone and may be written again',
    async run(store) {
      const [gone, kept] = [sampleAssessment(), sampleAssessment()];
      await writeBatch(store, { assessments: [gone, { ...kept, traceId: gone.traceId }] });
      await store.deleteAssessment(gone.traceId, gone.assessmentId);
      expect(await store.readAssessments([gone.traceId])).toHaveLength(1);
      await writeBatch(store, { assessments: [gone] });
      expect(await store.readAssessment(gone.traceId, gone.assessmentId)).toEqual(gone);
    },
  },
];
