/** The reading half of the port. */
import { type ExperimentId, type TraceHeader, type TraceId } from '@clew/core';
import { DEFAULT_EXPERIMENT } from '../default-experiment.ts';
import type { ExperimentStats, SpanReader } from '../span-store.ts';
import { readAggregate } from './aggregate/read-aggregate.ts';
import { ASSESSMENT_COLUMNS, toAssessment } from './assessment-row.ts';
import { readInteger, readTime } from './cells.ts';
import { compileCount, compileSelection } from './compile-plan.ts';
import type { Engine } from './engine.ts';
import { EXPERIMENT_COLUMNS, toExperiment } from './experiment-row.ts';
import { inLists } from './id-lists.ts';
import { readExperimentId, readTraceId } from './ids-of-row.ts';
import { readHeaderVersions, readLatelyWritten, readSources, readVersions } from './read-sources.ts';
import { readSessions } from './read-sessions.ts';
import { readSkeleton } from './read-skeleton.ts';
import { readSpansOfTrace } from './read-spans.ts';
import { searchTraces } from './search-traces.ts';
import { SPAN_COLUMNS, toStoredSpan } from './span-row.ts';
import { sql, text, texts } from './sql.ts';
import { countSample, measureTraces, readStorageFigures } from './storage-figures.ts';
import { HEADER_COLUMNS, toHeader } from './trace-row.ts';

export function createSpanReader(engine: Engine): SpanReader {
  return {
    readVersions: async (traceIds) => readVersions(engine, traceIds),

    readHeaderVersions: async (traceIds) => readHeaderVersions(engine, traceIds),

    readLatelyWritten: async (windowMillis) => readLatelyWritten(engine, windowMillis),

    readSources: async (traceIds) => readSources(engine, traceIds),

    readHeaders: async (traceIds) => readHeaders(engine, traceIds),

    readSpans: (traceId, signal) => readSpansOfTrace(engine, traceId, signal),

    async readSpan(traceId, spanId) {
      const [row] = await engine.readRows(
        sql`SELECT ${SPAN_COLUMNS} FROM spans FINAL WHERE trace_id = ${text(traceId)} AND span_id = ${text(spanId)}`,
      );
      return row === undefined ? undefined : toStoredSpan(row);
    },

    readSkeleton: async (traceId, signal) => readSkeleton(engine, traceId, signal),

    async readAssessments(traceIds) {
      const pages = inLists(traceIds).map(async (list) =>
        engine.readRows(
          sql`SELECT ${ASSESSMENT_COLUMNS} FROM assessments FINAL WHERE trace_id IN ${texts(list)}
ORDER BY create_ns, assessment_id`,
        ),
      );
      const assessments = (await Promise.all(pages)).flat().map(toAssessment);
      return pages.length <= 1 ? assessments : assessments.sort(oldestFirst);
    },

    async readAssessment(traceId, assessmentId) {
      const [row] = await engine.readRows(
        sql`SELECT ${ASSESSMENT_COLUMNS} FROM assessments FINAL
WHERE trace_id = ${text(traceId)} AND assessment_id = ${text(assessmentId)}`,
      );
      return row === undefined ? undefined : toAssessment(row);
    },

    async readSessionAssessments(names) {
      const rows = await engine.readRows(
        sql`SELECT ${ASSESSMENT_COLUMNS} FROM assessments FINAL
WHERE name IN ${texts(names)} AND is_valid AND mapContains(metadata, 'mlflow.trace.session')
ORDER BY create_ns, assessment_id`,
      );
      return rows.map(toAssessment);
    },

    search: async (plan, signal) =>
      searchTraces(engine, plan, async (traceIds) => readHeaders(engine, traceIds, signal), signal),

    async count(plan, signal) {
      if (plan.experimentIds.length === 0) {
        signal?.throwIfAborted();
        return 0;
      }
      const [row] = await engine.readRows(compileCount(plan), signal);
      return row === undefined ? 0 : Number(readInteger(row, 'count'));
    },

    countSample: async (plan, below, signal) => countSample(engine, plan, below, signal),

    aggregate: async (plan, signal) => readAggregate(engine, plan, signal),

    readSessions: async (plan, signal) => readSessions(engine, plan, signal),

    readStorageFigures: async (signal) => readStorageFigures(engine, signal),

    measureTraces: async (plan, signal) => measureTraces(engine, plan, signal),

    async selectTraces(selection) {
      const rows = await engine.readRows(compileSelection(selection));
      return rows.map((row) => readTraceId(row, 'trace_id'));
    },

    async readExperimentStats() {
      const rows = await engine.readRows(
        sql`SELECT experiment_id, count() AS traces, countIf(state = 'ERROR') AS errors, max(start_ns) AS last_start
FROM traces FINAL GROUP BY experiment_id`,
      );
      return new Map(
        rows.map((row): [ExperimentId, ExperimentStats] => [
          readExperimentId(row, 'experiment_id'),
          {
            traceCount: Number(readInteger(row, 'traces')),
            errorCount: Number(readInteger(row, 'errors')),
            lastStart: readTime(row, 'last_start'),
          },
        ]),
      );
    },

    async readExperiments() {
      const stored = (await engine.readRows(sql`SELECT ${EXPERIMENT_COLUMNS} FROM experiments FINAL`)).map(
        toExperiment,
      );
      const hasDefault = stored.some(({ experimentId }) => experimentId === DEFAULT_EXPERIMENT.experimentId);
      return hasDefault ? stored : [DEFAULT_EXPERIMENT, ...stored];
    },
  };
}

async function readHeaders(
  engine: Engine,
  traceIds: readonly TraceId[],
  signal?: AbortSignal,
): Promise<readonly TraceHeader[]> {
  const pages = inLists(traceIds).map(async (list) =>
    engine.readRows(sql`SELECT ${HEADER_COLUMNS} FROM traces FINAL WHERE trace_id IN ${texts(list)}`, signal),
  );
  const headers = new Map<TraceId, TraceHeader>();
  for (const row of (await Promise.all(pages)).flat()) {
    const header = toHeader(row);
    headers.set(header.traceId, header);
  }
  return traceIds.flatMap((traceId) => headers.get(traceId) ?? []);
}

function oldestFirst(
  a: { readonly createTime: bigint; readonly assessmentId: string },
  b: { readonly createTime: bigint; readonly assessmentId: string },
): number {
  if (a.createTime !== b.createTime) return a.createTime < b.createTime ? -1 : 1;
  return a.assessmentId < b.assessmentId ? -1 : 1;
}
