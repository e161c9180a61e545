/** Runs, at the depth the tracing path needs: made, finished, tagged and found again. */
import { TracingError, toHex, toUnixMillis, type ExperimentId, type StringMap, type UnixNanos } from '@clew/core';
import type { Experiments } from '../ingest/experiments.ts';
import { createTurns } from '../ingest/turns.ts';
import type { DocumentStore } from '../storage/document-store.ts';
import { fromRunRecord, toRunRecord, type Metric, type Run } from './run.ts';

const RUN_NAME_TAG = 'mlflow.runName';

export interface TrackingOptions {
  readonly documents: DocumentStore;
  readonly experiments: Experiments;
  readonly now: () => UnixNanos;
  readonly randomBytes: (length: number) => Uint8Array;
}

export interface NewRun {
  readonly experimentId: string;
  readonly userId: string;
  /** Made up when it is empty. */
  readonly name: string;
  readonly startTime?: bigint;
  readonly tags: StringMap;
}

export type RunView = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

export interface Runs {
  create(wanted: NewRun): Promise<Run>;
  /** @throws {TracingError} `not_found` */
  require(runId: string): Promise<Run>;
  find(runId: string): Promise<Run | undefined>;
  /** Changes what the function answers; one change at a time per run. */
  change(runId: string, change: (run: Run) => Partial<Run>): Promise<Run>;
  setTags(runId: string, tags: StringMap): Promise<void>;
  /** @throws {TracingError} `not_found` for a tag it does not have. */
  deleteTag(runId: string, key: string): Promise<void>;
  /** Adds metrics; parameters are written once. */
  log(runId: string, metrics: readonly Metric[], params: StringMap, tags: StringMap): Promise<void>;
  /** Newest first, then by id. */
  list(experimentIds: readonly ExperimentId[], view: RunView): Promise<readonly Run[]>;
  /** Where its files are. */
  locationOf(run: Run): string;
}

export function createRuns({ documents, experiments, now, randomBytes }: TrackingOptions): Runs {
  const inTurn = createTurns<string>();

  async function find(runId: string): Promise<Run | undefined> {
    const record = await documents.readRecord('run', runId);
    return record === undefined ? undefined : fromRunRecord(record);
  }

  async function require(runId: string): Promise<Run> {
    const run = await find(runId);
    if (run === undefined) throw new TracingError('not_found', `No run with id "${runId.slice(0, 100)}" exists`);
    return run;
  }

  const change: Runs['change'] = (runId, with_) =>
    inTurn(runId, async () => {
      const run = await require(runId);
      const changed = { ...run, ...with_(run) };
      await documents.writeRecord(toRunRecord(changed));
      return changed;
    });

  return {
    async create({ experimentId: id, userId, name, startTime, tags }) {
      const { experimentId } = await experiments.requireActive(id);
      const runId = toHex(randomBytes(16));
      const shown = name === '' ? (tags[RUN_NAME_TAG] ?? `run-${runId.slice(0, 8)}`) : name;
      const run: Run = {
        runId,
        experimentId,
        name: shown,
        userId,
        status: 'RUNNING',
        startTime: startTime ?? BigInt(toUnixMillis(now())),
        lifecycleStage: 'active',
        tags: merge(tags, { [RUN_NAME_TAG]: shown }),
        params: {},
        metrics: [],
      };
      await documents.writeRecord(toRunRecord(run));
      return run;
    },

    require,
    find,
    change,

    async setTags(runId, tags) {
      await change(runId, (run) => ({ tags: merge(run.tags, tags), name: tags[RUN_NAME_TAG] ?? run.name }));
    },

    async deleteTag(runId, key) {
      await change(runId, (run) => {
        if (!Object.hasOwn(run.tags, key))
          throw new TracingError('not_found', `Run "${runId}" has no tag "${key.slice(0, 100)}"`);
        return { tags: Object.fromEntries(Object.entries(run.tags).filter(([name]) => name !== key)) };
      });
    },

    async log(runId, metrics, params, tags) {
      await change(runId, (run) => {
        for (const [key, value] of Object.entries(params)) {
          const before = Object.hasOwn(run.params, key) ? run.params[key] : undefined;
          if (before !== undefined && before !== value)
            throw new TracingError(
              'invalid_argument',
              `Run "${runId}" has parameter "${key.slice(0, 100)}" already: it cannot change`,
            );
        }
        return {
          metrics: [...run.metrics, ...metrics],
          params: merge(run.params, params),
          tags: merge(run.tags, tags),
        };
      });
    },

    async list(experimentIds, view) {
      const runs = (await documents.listRecords('run', experimentIds)).map(fromRunRecord);
      return runs
        .filter((run) => view === 'ALL' || (run.lifecycleStage === 'active') === (view === 'ACTIVE_ONLY'))
        .sort(newestFirst);
    },

    locationOf: (run) => `${experiments.artifactLocationOf(run.experimentId)}/${run.runId}/artifacts`,
  };
}

/** Keys come from strangers. */
function merge(before: StringMap, after: StringMap): StringMap {
  return Object.assign(Object.create(null), before, after) as StringMap;
}

function newestFirst(a: Run, b: Run): number {
  if (a.startTime !== b.startTime) return a.startTime > b.startTime ? -1 : 1;
  return a.runId < b.runId ? -1 : 1;
}
