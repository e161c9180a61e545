/**
 * Deletes traces past the age their experiment keeps them for: a few at a time, beside ingest, never in its way. The
 * age is a tag of the experiment, so every way to set a tag sets it, and every server process knows it.
 */
import { toUnixMillis, type Experiment, type ExperimentId, type UnixNanos } from '@clew/core';
import type { Experiments } from './experiments.ts';
import type { Pipeline } from './pipeline.ts';

/** Whole days, at least 1; without it an experiment keeps everything. */
export const RETENTION_TAG = 'clew.retentionDays';

const DAY_MILLIS = 86_400_000;
/** Traces one round takes of one experiment. */
const TRACES_A_ROUND = 500;

/** `undefined` keeps everything; so does a tag that is no number of days, because deleting is not for guessing. */
export function retentionDays(experiment: Experiment): number | undefined {
  const text = experiment.tags[RETENTION_TAG] ?? '';
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

export interface RetentionOptions {
  readonly experiments: Experiments;
  readonly pipeline: Pipeline;
  readonly now: () => UnixNanos;
  /** Hears what was deleted. */
  readonly tell: (line: string) => void;
}

export interface Retention {
  /**
   * One round: at most 500 traces an experiment, oldest first. Once nothing is past its age, space is given back.
   *
   * @returns whether more is past its age already.
   */
  run(): Promise<boolean>;
}

export function createRetention({ experiments, pipeline, now, tell }: RetentionOptions): Retention {
  let hasDeleted = false;

  async function expire(experimentId: ExperimentId, days: number): Promise<number> {
    const startMillis = toUnixMillis(now()) - days * DAY_MILLIS;
    const deleted = await pipeline.expireTraces({
      experimentId,
      which: { kind: 'until', startMillis, limit: TRACES_A_ROUND },
    });
    if (deleted > 0) tell(`Deleted ${deleted} traces of experiment ${experimentId}: older than ${days} days`);
    return deleted;
  }

  return {
    async run() {
      let isMore = false;
      for (const experiment of await experiments.list()) {
        const days = retentionDays(experiment);
        if (days === undefined) continue;
        const deleted = await expire(experiment.experimentId, days);
        hasDeleted ||= deleted > 0;
        isMore ||= deleted === TRACES_A_ROUND;
      }
      if (hasDeleted && !isMore) {
        await pipeline.reclaimSpace();
        hasDeleted = false;
      }
      return isMore;
    },
  };
}
