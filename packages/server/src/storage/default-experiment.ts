import { DEFAULT_EXPERIMENT_ID, type Experiment, type UnixNanos } from '@clew/core';

/** The experiment every store has before anybody creates one. Replaced by writing one with the same id. */
export const DEFAULT_EXPERIMENT: Experiment = {
  experimentId: DEFAULT_EXPERIMENT_ID,
  name: 'Default',
  artifactLocation: `mlflow-artifacts:/${DEFAULT_EXPERIMENT_ID}`,
  lifecycleStage: 'active',
  creationTime: 0n as UnixNanos,
  lastUpdateTime: 0n as UnixNanos,
  tags: {},
};
