/** Deleting what a filter finds: first what it would take, then in rounds that ingest hardly waits for. */
import { DEFAULT_ORDER, type ExperimentId, type Filter, type TraceHeader, type TraceId } from '@clew/core';
import type { SpanReader } from '../storage/span-store.ts';
import { ROW_CHARACTERS } from '../storage/storage-figures.ts';
import type { Pipeline } from './pipeline.ts';

export interface Matching {
  readonly experimentIds: readonly ExperimentId[];
  readonly filter: Filter;
}

/** What a deletion would take. */
export interface DeletionPreview {
  readonly traceCount: number;
  /** Spans as rows; replaced ones count until they are merged away. */
  readonly spanRows: number;
  readonly payloadCharacters: number;
  /** Estimated, by the share of all characters. */
  readonly diskBytes: number;
  /** The newest few. */
  readonly sample: readonly TraceHeader[];
}

const SAMPLE_TRACES = 10;
const TRACES_A_ROUND = 500;

export async function previewDeletion(
  reader: SpanReader,
  matching: Matching,
  signal?: AbortSignal,
): Promise<DeletionPreview> {
  const [extent, figures, page] = await Promise.all([
    reader.measureTraces(matching, signal),
    reader.readStorageFigures(signal),
    reader.search({ ...matching, order: DEFAULT_ORDER, limit: SAMPLE_TRACES }, signal),
  ]);
  const all = [...figures.experiments.values()].reduce(
    (sum, one) => sum + one.payloadCharacters + one.spanRows * ROW_CHARACTERS,
    0,
  );
  const taken = extent.payloadCharacters + extent.spanRows * ROW_CHARACTERS;
  const diskBytes = all === 0 ? 0 : Math.round((figures.diskBytes * taken) / all);
  return { ...extent, diskBytes, sample: page.traces };
}

/**
 * Deletes at most so many traces, newest first; space is given back once nothing matches any more.
 *
 * @returns how many are gone, and whether more match.
 */
export async function deleteMatching(
  reader: SpanReader,
  pipeline: Pipeline,
  matching: Matching,
  limit: number,
  signal?: AbortSignal,
): Promise<{ readonly deleted: number; readonly isMore: boolean }> {
  let deleted = 0;
  for (;;) {
    signal?.throwIfAborted();
    const size = Math.min(TRACES_A_ROUND, limit - deleted);
    const page = await reader.search({ ...matching, order: DEFAULT_ORDER, limit: Math.max(1, size) }, signal);
    if (page.traces.length === 0) {
      if (deleted > 0) await pipeline.reclaimSpace();
      return { deleted, isMore: false };
    }
    if (size === 0) return { deleted, isMore: true };
    for (const [experimentId, traceIds] of byExperiment(page.traces)) {
      deleted += await pipeline.deleteTraces({ experimentId, which: { kind: 'ids', traceIds } });
    }
  }
}

function byExperiment(headers: readonly TraceHeader[]): ReadonlyMap<ExperimentId, readonly TraceId[]> {
  const groups = new Map<ExperimentId, TraceId[]>();
  for (const { experimentId, traceId } of headers) {
    const group = groups.get(experimentId);
    if (group === undefined) groups.set(experimentId, [traceId]);
    else group.push(traceId);
  }
  return groups;
}
