import type { TraceId } from '@clew/core';
import type { Artifact, DocumentStore, RecordKind, TrackingRecord } from './document-store.ts';

export interface MemoryDocuments {
  readonly port: DocumentStore;
  /** Deletes the files of these traces. */
  forgetTraces(traceIds: readonly TraceId[]): void;
}

export function createMemoryDocuments(): MemoryDocuments {
  const artifacts = new Map<string, Artifact>();
  const records = new Map<string, TrackingRecord>();
  const recordKey = (kind: RecordKind, id: string): string => `${kind} ${id}`;

  return {
    forgetTraces(traceIds) {
      for (const { path, traceId } of artifacts.values()) {
        if (traceId !== undefined && traceIds.includes(traceId)) artifacts.delete(path);
      }
    },

    port: {
      async writeArtifact(artifact) {
        artifacts.set(artifact.path, artifact);
      },

      async readArtifact(path) {
        return artifacts.get(path)?.bytes;
      },

      async listArtifacts(folder) {
        return [...artifacts.values()]
          .filter(({ path }) => path.startsWith(`${folder}/`))
          .map(({ path, bytes }) => ({ path, size: bytes.length }))
          .sort((a, b) => (a.path < b.path ? -1 : 1));
      },

      async deleteArtifact(path) {
        artifacts.delete(path);
      },

      async writeRecord(record) {
        records.set(recordKey(record.kind, record.id), record);
      },

      async readRecord(kind, id) {
        return records.get(recordKey(kind, id));
      },

      async listRecords(kind, experimentIds) {
        return [...records.values()]
          .filter((record) => record.kind === kind && experimentIds.includes(record.experimentId))
          .sort((a, b) => (a.id < b.id ? -1 : 1));
      },
    },
  };
}
