/**
 * What is kept beside traces: files that clients upload, and the small records (runs, logged models) that MLflow's
 * clients make on the way to a trace. One port, because neither is searched together with traces.
 */
import type { Attributes, ExperimentId, TraceId } from '@clew/core';

/** A file under a path such as `7/traces/tr-…/artifacts/attachments/…`; the path is a key, never a place on a disk. */
export interface Artifact {
  readonly path: string;
  /** The trace it goes with. */
  readonly traceId?: TraceId;
  readonly bytes: Uint8Array;
}

export interface ArtifactEntry {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

export const RECORD_KINDS = ['run', 'logged_model'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** Something with an id that is read and replaced as a whole. */
export interface TrackingRecord {
  readonly kind: RecordKind;
  readonly id: string;
  readonly experimentId: ExperimentId;
  readonly body: Attributes;
}

export interface DocumentStore {
  /** Creates or replaces a file. Durable once it resolves. */
  writeArtifact(artifact: Artifact): Promise<void>;
  readArtifact(path: string): Promise<Uint8Array | undefined>;
  /** Every file whose path begins with `folder` and a slash, by path. */
  listArtifacts(folder: string): Promise<readonly ArtifactEntry[]>;
  /** An unknown path is no error. */
  deleteArtifact(path: string): Promise<void>;
  /** Creates or replaces a record. Durable once it resolves. */
  writeRecord(record: TrackingRecord): Promise<void>;
  readRecord(kind: RecordKind, id: string): Promise<TrackingRecord | undefined>;
  /** Every record of a kind in these experiments, by id. */
  listRecords(kind: RecordKind, experimentIds: readonly ExperimentId[]): Promise<readonly TrackingRecord[]>;
}
