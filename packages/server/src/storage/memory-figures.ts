/** The memory store's figures: it has no disk, so its bytes are its characters. */
import { encodeJsonText, type ExperimentId } from '@clew/core';
import type { SpanWrite } from './span-store.ts';
import { shareOut, type ExperimentFigures, type StorageFigures, type TraceExtent } from './storage-figures.ts';

export function figuresOf(traceCount: number, writes: readonly SpanWrite[]): StorageFigures {
  const experiments = new Map<ExperimentId, Omit<ExperimentFigures, 'diskBytes'>>();
  for (const write of writes) {
    const before = experiments.get(write.experimentId);
    experiments.set(write.experimentId, {
      spanRows: (before?.spanRows ?? 0) + 1,
      payloadCharacters: (before?.payloadCharacters ?? 0) + charactersOf(write),
    });
  }
  const diskBytes = [...experiments.values()].reduce((sum, one) => sum + one.payloadCharacters, 0);
  return {
    diskBytes,
    tables: [
      { name: 'spans', rows: writes.length, diskBytes },
      { name: 'traces', rows: traceCount, diskBytes: 0 },
    ],
    experiments: shareOut(diskBytes, experiments),
  };
}

export function extentOf(traceCount: number, writes: readonly SpanWrite[]): TraceExtent {
  return {
    traceCount,
    spanRows: writes.length,
    payloadCharacters: writes.reduce((sum, write) => sum + charactersOf(write), 0),
  };
}

function charactersOf({ span }: SpanWrite): number {
  const texts = [...Object.values(span.attributes), ...span.events.map((event) => event.attributes)];
  return texts.reduce<number>((sum, value) => sum + encodeJsonText(value).length, 0);
}
