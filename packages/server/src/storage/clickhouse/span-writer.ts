/** The writing half of the port. */
import type { TraceId } from '@clew/core';
import type { SpanWriter } from '../span-store.ts';
import { versionOfSpan } from '../version.ts';
import { toAssessmentRow } from './assessment-row.ts';
import type { Engine } from './engine.ts';
import { toExperimentRow } from './experiment-row.ts';
import { inLists } from './id-lists.ts';
import { prepareSpans, withVersion } from './prepare-spans.ts';
import { sql, text, texts, type SqlFragment } from './sql.ts';
import { reclaimSpace } from './storage-figures.ts';
import { toHeaderRow, toStartRow, toTagRow } from './trace-row.ts';

/** In this order, the header last: a deletion cut short can be asked for again, and the header is what finds it. */
const DELETIONS: readonly ((traceIds: SqlFragment) => SqlFragment)[] = [
  (traceIds) => sql`DELETE FROM spans WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM trace_starts WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM trace_tags WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM assessments WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM artifacts WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM traces_by_start WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM traces WHERE trace_id IN ${traceIds}`,
];

/**
 * @param nextSequence - Larger with every call: later rows replace earlier ones of the same key.
 * @param isExclusive - Whether nobody else writes.
 */
export function createSpanWriter(engine: Engine, nextSequence: () => bigint, isExclusive: boolean): SpanWriter {
  return {
    isExclusive,

    prepareSpans,

    async writeSources({ spans, starts, tags, assessments }) {
      const versions = {
        spans: spans.map(({ fact }) => versionOfSpan(fact.end !== undefined, nextSequence())),
        starts: starts.map(nextSequence),
        tags: tags.map(nextSequence),
      };
      // Tables are independent, and each row may be written again, so a failure of one leaves nothing to undo.
      const inserts = await Promise.allSettled([
        engine.insertLines(
          'spans',
          spans.map((span, at) => withVersion(span, versions.spans[at] ?? 0n)),
        ),
        engine.insert(
          'trace_starts',
          starts.map((start, at) => toStartRow(start, versions.starts[at] ?? 0n)),
        ),
        engine.insert(
          'trace_tags',
          tags.map((change, at) => toTagRow(change, versions.tags[at] ?? 0n)),
        ),
        engine.insert(
          'assessments',
          assessments.map((assessment) => toAssessmentRow(assessment, nextSequence())),
        ),
      ]);
      // Told once all have ended: what a failed batch left behind must be there when it is looked at.
      const failed = inserts.find((insert) => insert.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return versions;
    },

    async writeHeaders(headers) {
      const rows = headers.map(toHeaderRow);
      // In this order: a search that misses a row here would miss a trace.
      await engine.insert('traces_by_start', rows);
      await engine.insert('traces', rows);
    },

    async deleteTraces(traceIds: readonly TraceId[]) {
      for (const list of inLists(traceIds)) {
        for (const deletion of DELETIONS) await engine.run(deletion(texts(list)));
      }
    },

    async deleteAssessment(traceId, assessmentId) {
      await engine.run(
        sql`DELETE FROM assessments WHERE trace_id = ${text(traceId)} AND assessment_id = ${text(assessmentId)}`,
      );
    },

    reclaimSpace: async (isAwaited) => reclaimSpace(engine, isAwaited),

    async writeExperiment(experiment) {
      await engine.insert('experiments', [toExperimentRow(experiment, nextSequence())]);
    },
  };
}
