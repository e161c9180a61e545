import { describe, expect, test } from 'vitest';
import type { Assessment } from '../assessment.ts';
import { fromPlain } from '../json-text.ts';
import type { AssessmentId, TraceId } from '../ids.ts';
import type { UnixNanos } from '../time.ts';
import { requireFieldMask, type Message } from './message.ts';
import { applyAssessmentUpdate } from './mlflow-assessment.ts';

const BEFORE: Assessment = {
  assessmentId: 'a-1' as AssessmentId,
  traceId: '0af7651916cd43dd8448eb211c80319c' as TraceId,
  name: 'helpful',
  source: { type: 'HUMAN', id: 'ada' },
  value: { kind: 'feedback', value: true },
  rationale: 'why',
  metadata: { k: '1', other: 'x' },
  createTime: 1_000_000n as UnixNanos,
  lastUpdateTime: 1_000_000n as UnixNanos,
  valid: true,
};

function update(message: object, paths: readonly string[], now = 5_000_000n): Assessment {
  return applyAssessmentUpdate(BEFORE, fromPlain(message) as Message, paths, now as UnixNanos);
}

describe('the update of an assessment', () => {
  test.each([
    {
      paths: ['feedback'],
      message: { feedback: { value: 'no' } },
      changed: { value: { kind: 'feedback', value: 'no' } },
    },
    {
      paths: ['feedback.value'],
      message: { feedback: { value: 'no' } },
      changed: { value: { kind: 'feedback', value: 'no' } },
    },
    { paths: ['metadata'], message: { metadata: { k: '2' } }, changed: { metadata: { k: '2', other: 'x' } } },
    { paths: ['assessment_name'], message: { assessment_name: 'tone' }, changed: { name: 'tone' } },
    { paths: ['rationale'], message: { rationale: '' }, changed: { rationale: '' } },
    { paths: ['valid'], message: { valid: false }, changed: { valid: false } },
    { paths: ['source', 'create_time', 'nothing'], message: { source: { source_id: 'bob' } }, changed: {} },
    { paths: [], message: { rationale: 'not in the mask' }, changed: {} },
  ])('of $paths changes nothing else', ({ paths, message, changed }) => {
    expect(update(message, paths)).toEqual({ ...BEFORE, ...changed, lastUpdateTime: 5_000_000n });
  });

  test('is always later, also when the clock stands still', () => {
    expect(update({}, ['rationale'], 1_000_000n).lastUpdateTime).toBe(2_000_000n);
  });

  test('refuses a value of the other kind', () => {
    expect(() => update({ expectation: { value: 1 } }, ['expectation'])).toThrow('it is feedback');
  });
});

describe('a field mask', () => {
  test.each([
    ['feedback, metadata', ['feedback', 'metadata']],
    ['assessmentName', ['assessment_name']],
    [
      ['assessment_name', 'rationale'],
      ['assessment_name', 'rationale'],
    ],
    [{ paths: ['assessment_name'] }, ['assessment_name']],
  ])('%j names %j', (mask, paths) => {
    expect(requireFieldMask(fromPlain({ update_mask: mask }) as Message, 'update_mask')).toEqual(paths);
  });

  test.each([undefined, '', ',', []])('%j is missing', (mask) => {
    const message = (mask === undefined ? {} : { update_mask: mask }) as Message;
    expect(() => requireFieldMask(message, 'update_mask')).toThrow(
      'Missing value for required parameter "update_mask"',
    );
  });
});
