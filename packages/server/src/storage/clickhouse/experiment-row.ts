/** Experiments to rows and back. */
import type { Experiment } from '@clew/core';
import { readText, readTextMap, readTime, type Row } from './cells.ts';
import type { OutgoingRow } from './encode-row.ts';
import { readExperimentId } from './ids-of-row.ts';
import { sql, type SqlFragment } from './sql.ts';

export const EXPERIMENT_COLUMNS: SqlFragment = sql`experiment_id, name, artifact_location, lifecycle_stage, create_ns, update_ns, tags`;

export function toExperimentRow(experiment: Experiment, version: bigint): OutgoingRow {
  return {
    experiment_id: experiment.experimentId,
    version: version.toString(),
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.lifecycleStage,
    create_ns: experiment.creationTime.toString(),
    update_ns: experiment.lastUpdateTime.toString(),
    tags: experiment.tags,
  };
}

export function toExperiment(row: Row): Experiment {
  return {
    experimentId: readExperimentId(row, 'experiment_id'),
    name: readText(row, 'name'),
    artifactLocation: readText(row, 'artifact_location'),
    lifecycleStage: readText(row, 'lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    creationTime: readTime(row, 'create_ns'),
    lastUpdateTime: readTime(row, 'update_ns'),
    tags: readTextMap(row, 'tags'),
  };
}
