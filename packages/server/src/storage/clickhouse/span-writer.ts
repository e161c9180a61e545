/** The writing half of the port. */
import type { TraceId } from '@clew/core';
import type { SpanWrite, SpanWriter } from '../span-store.ts';
import { toAssessmentRow } from './assessment-row.ts';
import type { Engine } from './engine.ts';
import { toExperimentRow } from './experiment-row.ts';
import { inLists } from './id-lists.ts';
import { toSpanRow } from './span-row.ts';
import { sql, text, texts, type SqlFragment } from './sql.ts';
import { toHeaderRow, toStartRow, toTagRow } from './trace-row.ts';

/** What ended spans have on top of their sequence number, so that no running span ever beats them. */
const ENDED = 2n ** 63n;

/** In this order, the header last: a deletion cut short can be asked for again, and the header is what finds it. */
const DELETIONS: readonly ((traceIds: SqlFragment) => SqlFragment)[] = [
  (traceIds) => sql`DELETE FROM spans WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM trace_starts WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM trace_tags WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM assessments WHERE trace_id IN ${traceIds}`,
  (traceIds) => sql`DELETE FROM traces WHERE trace_id IN ${traceIds}`,
];

/** @param nextVersion - Larger with every call: later rows replace earlier ones of the same key. */
export function createSpanWriter(engine: Engine, nextVersion: () => bigint): SpanWriter {
  return {
    async writeSources({ spans, starts, tags, assessments }) {
      // Tables are independent, and each row may be written again, so a failure of one leaves nothing to undo.
      await Promise.all([
        engine.insert(
          'spans',
          spans.map((write) => toSpanRow(write, versionOf(write, nextVersion()))),
        ),
        engine.insert(
          'trace_starts',
          starts.map((start) => toStartRow(start, nextVersion())),
        ),
        engine.insert(
          'trace_tags',
          tags.map((change) => toTagRow(change, nextVersion())),
        ),
        engine.insert(
          'assessments',
          assessments.map((assessment) => toAssessmentRow(assessment, nextVersion())),
        ),
      ]);
    },

    async writeHeaders(headers) {
      await engine.insert(
        'traces',
        headers.map((header) => toHeaderRow(header, nextVersion())),
      );
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

    async writeExperiment(experiment) {
      await engine.insert('experiments', [toExperimentRow(experiment, nextVersion())]);
    },
  };
}

function versionOf({ span }: SpanWrite, sequence: bigint): bigint {
  return span.end === undefined ? sequence : ENDED + sequence;
}
