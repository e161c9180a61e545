/** Assessments: creating with overriding, updating by mask, deleting. One change at a time per trace. */
import {
  assessmentIdFromBytes,
  TracingError,
  type Assessment,
  type AssessmentId,
  type TraceId,
  type UnixNanos,
} from '@clew/core';
import { applyAssessmentUpdate, fromAssessmentMessage, type Message } from '@clew/core/wire';
import type { SpanStore } from '../storage/span-store.ts';
import type { Committer } from './committer.ts';
import { createTurns } from './turns.ts';

export interface AssessmentOptions {
  readonly store: SpanStore;
  readonly committer: Committer;
  readonly now: () => UnixNanos;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Resolves once the trace is there, and rejects if it does not come. */
  readonly awaitTrace: (traceId: TraceId) => Promise<void>;
  /** Rejects for a trace that is not there. */
  readonly requireTrace: (traceId: TraceId) => Promise<unknown>;
}

export interface Assessments {
  /** Waits up to 2 s for a trace whose header is still on its way. What it overrides becomes invalid. */
  create(traceId: TraceId, message: Message): Promise<Assessment>;
  /** Changes the fields a mask names. */
  update(traceId: TraceId, id: string, message: Message, paths: readonly string[]): Promise<Assessment>;
  /**
   * An unknown assessment of a known trace is no error. What it overrode becomes valid again, unless something else
   * overrides it too.
   */
  delete(traceId: TraceId, id: AssessmentId | undefined): Promise<void>;
}

export function createAssessments(options: AssessmentOptions): Assessments {
  const { store, committer, now, randomBytes, awaitTrace, requireTrace } = options;
  const inTurn = createTurns<TraceId>();

  return {
    async create(traceId, message) {
      const assessmentId = assessmentIdFromBytes(randomBytes(16));
      const assessment = fromAssessmentMessage(message, { traceId, assessmentId, now: now() });
      await awaitTrace(traceId);
      return inTurn(traceId, async () => {
        if (assessment.overrides === undefined) {
          await committer.commit({ assessments: [assessment] });
          return assessment;
        }
        const overridden = await store.readAssessment(traceId, assessment.overrides);
        if (overridden === undefined) {
          throw new TracingError(
            'not_found',
            `Trace "tr-${traceId}" has no assessment "${assessment.overrides}" to override`,
          );
        }
        await committer.commit({ assessments: [{ ...overridden, valid: false }, assessment] });
        return assessment;
      });
    },

    update: (traceId, id, message, paths) =>
      inTurn(traceId, async () => {
        await requireTrace(traceId);
        const known = (await store.readAssessments([traceId])).find(({ assessmentId }) => assessmentId === id);
        if (known === undefined)
          throw new TracingError('not_found', `Trace "tr-${traceId}" has no assessment "${id.slice(0, 100)}"`);
        const changed = applyAssessmentUpdate(known, message, paths, now());
        await committer.commit({ assessments: [changed] });
        return changed;
      }),

    delete: (traceId, id) =>
      inTurn(traceId, async () => {
        await requireTrace(traceId);
        const all = await store.readAssessments([traceId]);
        const gone = all.find(({ assessmentId }) => assessmentId === id);
        if (gone === undefined) return;
        await store.deleteAssessment(traceId, gone.assessmentId);
        const freed = all.find(({ assessmentId }) => assessmentId === gone.overrides);
        const others = all.filter((one) => one !== gone && one.overrides === gone.overrides);
        if (freed !== undefined && others.length === 0)
          await committer.commit({ assessments: [{ ...freed, valid: true }] });
      }),
  };
}
