/**
 * Headers for traces whose sources were written. A header is derived from everything stored, by whichever process, and
 * carries the version of what it was derived from: the one that has seen more wins, so nothing has to be locked.
 */
import type { TraceHeader, TraceId } from '@clew/core';
import type { HeaderWrite, SpanStore } from '../storage/span-store.ts';
import { versionOfSources } from '../storage/version.ts';
import { deriveTrace, type ArtifactLocationOf } from './derive-trace.ts';
import type { RecentTraces } from './recent-traces.ts';

export interface Settler {
  /**
   * What the store has of those traces that somebody else may have written, or that were forgotten here.
   *
   * Among others' writes only the sources tell; without them the header does, which is a shorter way.
   */
  readUnsure(touched: ReadonlySet<TraceId>): Promise<ReadonlyMap<TraceId, bigint>>;
  /**
   * Derives and stores the headers of these traces, and answers them.
   *
   * @param stored - Of `readUnsure`: read after the sources were written, or at any time after those of the commit
   *   before if nobody else writes.
   */
  settle(
    touched: ReadonlySet<TraceId>,
    stored: ReadonlyMap<TraceId, bigint>,
  ): Promise<ReadonlyMap<TraceId, TraceHeader>>;
}

export function createSettler(store: SpanStore, recent: RecentTraces, artifactLocationOf: ArtifactLocationOf): Settler {
  /** Nobody else writes into an exclusive store: what is known as a whole stays whole. */
  const isSure = (traceId: TraceId): boolean => store.isExclusive && recent.isWhole(traceId);

  const unknownOf = (touched: ReadonlySet<TraceId>): readonly TraceId[] =>
    [...touched].filter((traceId) => !recent.isWhole(traceId));

  async function complete(traceIds: readonly TraceId[]): Promise<void> {
    // Elsewhere a trace may have been deleted: what is known here must not outlive it.
    if (!store.isExclusive) recent.forget(traceIds);
    const sources = await store.readSources(traceIds);
    for (const [traceId, known] of sources) recent.merge(traceId, known);
    for (const traceId of traceIds) recent.setWhole(traceId, true);
  }

  return {
    async readUnsure(touched) {
      const unsure = [...touched].filter((traceId) => !isSure(traceId));
      if (unsure.length === 0) return new Map();
      return store.isExclusive ? store.readHeaderVersions(unsure) : store.readVersions(unsure);
    },

    async settle(touched, stored) {
      for (const traceId of touched) {
        if (isSure(traceId)) continue;
        recent.setWhole(traceId, false);
        const version = stored.get(traceId);
        const isNew = version === undefined && store.isExclusive;
        if (isNew || version === recent.versionOf(traceId)) recent.setWhole(traceId, true);
      }
      // While the store is read, another commit may fail, or need the room: then traces are forgotten again.
      for (let unknown = unknownOf(touched); unknown.length > 0; unknown = unknownOf(touched)) await complete(unknown);
      const headers = new Map<TraceId, TraceHeader>();
      const writes: HeaderWrite[] = [];
      for (const traceId of touched) {
        const sources = recent.sourcesOf(traceId);
        const header = deriveTrace(traceId, sources, artifactLocationOf);
        if (header === undefined) continue;
        headers.set(traceId, header);
        writes.push({ header, version: versionOfSources(sources) });
      }
      await store.writeHeaders(writes);
      return headers;
    },
  };
}
