import { toUnixMillis } from '../time.ts';
import type { Experiment } from '../trace.ts';
import type { ExperimentJson } from './mlflow-json.ts';

export function toExperimentJson(experiment: Experiment): ExperimentJson {
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.lifecycleStage,
    creation_time: toUnixMillis(experiment.creationTime),
    last_update_time: toUnixMillis(experiment.lastUpdateTime),
    tags: Object.entries(experiment.tags).map(([key, value]) => ({ key, value })),
  };
}
