/**
 * Headers for traces whose sources were written. A header is derived from everything stored, by whichever process, and
 * carries the version of what it was derived from: the one that has seen more wins, so nothing has to be locked.
 */
import { must, type TraceHeader, type TraceId } from '@clew/core';
import type { HeaderWrite, SpanStore } from '../storage/span-store.ts';
import { versionOfSources } from '../storage/version.ts';
import { deriveTrace, type ArtifactLocationOf } from './derive-trace.ts';
import type { RecentTraces } from './recent-traces.ts';

export interface Settler {
  /**
   * The version of what the store has, 0 for nothing, of those traces that are not surely known here as a whole:
   * somebody else may have written them, or they were forgotten.
   *
   * Where nobody else writes and every source is known to have its header, the header tells, which is a shorter way.
   *
   * @param isSettled - Whether no source of that trace can be without its header. Tags alone have none, but nothing
   *   sets a tag on a trace that is not there.
   */
  readUnsure(
    touched: ReadonlySet<TraceId>,
    isSettled: (traceId: TraceId) => boolean,
  ): Promise<ReadonlyMap<TraceId, bigint>>;
  /**
   * Derives and stores the headers of these traces, and answers them.
   *
   * @param unsure - Of `readUnsure`: read after the sources were written, or at any time after those of the commit
   *   before if nobody else writes.
   */
  settle(
    touched: ReadonlySet<TraceId>,
    unsure: ReadonlyMap<TraceId, bigint>,
  ): Promise<ReadonlyMap<TraceId, TraceHeader>>;
}

export function createSettler(store: SpanStore, recent: RecentTraces, artifactLocationOf: ArtifactLocationOf): Settler {
  const unknownOf = (touched: ReadonlySet<TraceId>): readonly TraceId[] =>
    [...touched].filter((traceId) => !recent.isWhole(traceId));

  async function complete(traceIds: readonly TraceId[]): Promise<void> {
    // Elsewhere a trace may have been deleted: what is known here must not outlive it.
    if (!store.isExclusive) recent.forget(traceIds);
    const lives = traceIds.map((traceId) => recent.lifeOf(traceId));
    const sources = await store.readSources(traceIds);
    for (const [at, life] of lives.entries()) {
      const traceId = must(traceIds[at], 'a trace id');
      recent.complete(traceId, sources.get(traceId), life);
    }
  }

  return {
    async readUnsure(touched, isSettled) {
      // Nobody else writes into an exclusive store: what is known as a whole stays whole, unless a commit failed.
      const isSure = (traceId: TraceId): boolean => store.isExclusive && recent.isWhole(traceId) && isSettled(traceId);
      const unsure = [...touched].filter((traceId) => !isSure(traceId));
      const byHeader = store.isExclusive ? unsure.filter(isSettled) : [];
      const bySources = unsure.filter((traceId) => !byHeader.includes(traceId));
      const [headers, sources] = await Promise.all([
        byHeader.length === 0 ? [] : store.readHeaderVersions(byHeader),
        bySources.length === 0 ? [] : store.readVersions(bySources),
      ]);
      const stored = new Map([...headers, ...sources]);
      return new Map(unsure.map((traceId) => [traceId, stored.get(traceId) ?? 0n]));
    },

    async settle(touched, unsure) {
      for (const [traceId, version] of unsure) {
        const isNew = version === 0n && store.isExclusive;
        recent.setWhole(traceId, isNew || version === recent.versionOf(traceId));
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
