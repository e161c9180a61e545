import {
  must,
  parseExperimentId,
  TracingError,
  type Experiment,
  type ExperimentId,
  type StringMap,
  type UnixNanos,
} from '@clew/core';
import type { SpanStore } from '../storage/span-store.ts';

/** MLflow's limit on names. */
const MAX_NAME_LENGTH = 500;
/** MLflow's limits on experiment tags. */
const MAX_TAG_KEY_LENGTH = 250;
const MAX_TAG_VALUE_LENGTH = 5000;
/** What another server process changed is seen this much later at most. */
const STALE_AFTER_NANOS = 1_000_000_000n;

export interface NewExperiment {
  readonly name: string;
  readonly artifactLocation?: string;
  readonly tags: StringMap;
}

/** Experiments, kept in memory and written through: every span batch asks for one. */
export interface Experiments {
  /** Newest first, then by id. */
  list(): Promise<readonly Experiment[]>;
  /** @throws {TracingError} `not_found`. Deleted ones are found. */
  require(id: string): Promise<Experiment>;
  /** @throws {TracingError} `not_found`, or `invalid_argument` when it is deleted. */
  requireActive(id: string): Promise<Experiment>;
  findByName(name: string): Promise<Experiment | undefined>;
  /** @throws {TracingError} `already_exists` when the name is taken, by a deleted experiment too. */
  create(wanted: NewExperiment): Promise<Experiment>;
  rename(id: string, name: string): Promise<void>;
  delete(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  setTag(id: string, key: string, value: string): Promise<void>;
  deleteTag(id: string, key: string): Promise<void>;
  /** Known without asking the store: whatever {@link Experiments.require} returned before, or the default place. */
  artifactLocationOf(id: ExperimentId): string;
}

/** Opens the list; every store has experiment `0`. */
export async function openExperiments(store: SpanStore, now: () => UnixNanos): Promise<Experiments> {
  const byId = new Map<ExperimentId, Experiment>();
  let readAt = now();
  let reading: Promise<void> | undefined;
  /** Whether the last reading tells all there is: nobody else writes, and no write of ours failed since it began. */
  let isCurrent = false;
  let chain: Promise<unknown> = Promise.resolve();

  async function readAll(): Promise<void> {
    readAt = now();
    isCurrent = store.isExclusive;
    for (const experiment of await store.readExperiments()) {
      const known = byId.get(experiment.experimentId);
      // What we wrote while this reading ran is newer than what it found.
      if (known === undefined || experiment.lastUpdateTime >= known.lastUpdateTime) {
        byId.set(experiment.experimentId, experiment);
      }
    }
  }

  /** Whoever asks while a reading runs gets that one's result: a burst of span batches must not read once each. */
  async function refresh(): Promise<void> {
    if (isCurrent && reading === undefined) return;
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
    try {
      await reading;
    } catch (error) {
      isCurrent = false;
      throw error;
    }
  }

  async function refreshIfStale(): Promise<void> {
    const age = now() - readAt;
    // A clock that was put back says nothing about the age.
    if (age > STALE_AFTER_NANOS || age < 0n) await refresh();
  }

  /** One change at a time: names are unique and ids are counted up. */
  function change<T>(task: () => Promise<T>): Promise<T> {
    const run = chain.then(refresh).then(task);
    chain = run.catch(() => undefined);
    return run;
  }

  async function write(experiment: Experiment): Promise<Experiment> {
    try {
      await store.writeExperiment(experiment);
    } catch (error) {
      // It may be stored nevertheless.
      isCurrent = false;
      throw error;
    }
    byId.set(experiment.experimentId, experiment);
    return experiment;
  }

  async function find(text: string): Promise<Experiment | undefined> {
    const id = parseExperimentId(text);
    if (id === undefined) return undefined;
    if (!byId.has(id)) await refresh();
    else await refreshIfStale();
    return byId.get(id);
  }

  async function require(text: string): Promise<Experiment> {
    const experiment = await find(text);
    if (experiment === undefined)
      throw new TracingError('not_found', `No experiment with id "${text.slice(0, 100)}" exists`);
    return experiment;
  }

  async function requireActive(text: string): Promise<Experiment> {
    const experiment = await require(text);
    if (experiment.lifecycleStage === 'active') return experiment;
    throw new TracingError('invalid_argument', `Experiment "${text}" is deleted: restore it before writing to it`);
  }

  function nameIsTaken(name: string): Experiment | undefined {
    return [...byId.values()].find((experiment) => experiment.name === name);
  }

  async function update(text: string, with_: (experiment: Experiment) => Partial<Experiment>): Promise<void> {
    await change(async () => {
      const experiment = await require(text);
      await write({ ...experiment, ...with_(experiment), lastUpdateTime: after(experiment.lastUpdateTime, now()) });
    });
  }

  await refresh();

  return {
    async list() {
      await refreshIfStale();
      return [...byId.values()].sort(newestFirst);
    },
    require,
    requireActive,
    async findByName(name) {
      await refreshIfStale();
      const found = nameIsTaken(name);
      if (found !== undefined) return found;
      await refresh();
      return nameIsTaken(name);
    },
    create: (wanted) =>
      change(async () => {
        checkName(wanted.name);
        if (nameIsTaken(wanted.name) !== undefined) {
          throw new TracingError(
            'already_exists',
            `An experiment named "${wanted.name}" exists already, active or deleted`,
          );
        }
        return write(newExperiment(nextId(byId.keys()), wanted, now()));
      }),
    rename: (id, name) => {
      checkName(name);
      return update(id, (experiment) => {
        requireStage(experiment, 'active', 'invalid_argument');
        const owner = nameIsTaken(name);
        if (owner !== undefined && owner.experimentId !== experiment.experimentId) {
          throw new TracingError('already_exists', `An experiment named "${name}" exists already, active or deleted`);
        }
        return { name };
      });
    },
    delete: (id) =>
      update(id, (experiment) => {
        requireStage(experiment, 'active', 'not_found');
        return { lifecycleStage: 'deleted' };
      }),
    restore: (id) =>
      update(id, (experiment) => {
        requireStage(experiment, 'deleted', 'not_found');
        return { lifecycleStage: 'active' };
      }),
    setTag: (id, key, value) => {
      checkTag(key, value);
      return update(id, (experiment) => {
        requireStage(experiment, 'active', 'invalid_argument');
        return { tags: { ...experiment.tags, [key]: value } };
      });
    },
    deleteTag: (id, key) =>
      update(id, (experiment) => {
        requireStage(experiment, 'active', 'invalid_argument');
        if (experiment.tags[key] === undefined)
          throw new TracingError('not_found', `Experiment "${id}" has no tag "${key}"`);
        return { tags: Object.fromEntries(Object.entries(experiment.tags).filter(([name]) => name !== key)) };
      }),
    artifactLocationOf: (id) => byId.get(id)?.artifactLocation ?? defaultLocation(id),
  };
}

function newExperiment(experimentId: ExperimentId, wanted: NewExperiment, now: UnixNanos): Experiment {
  return {
    experimentId,
    name: wanted.name,
    artifactLocation: wanted.artifactLocation ?? defaultLocation(experimentId),
    lifecycleStage: 'active',
    creationTime: now,
    lastUpdateTime: now,
    tags: wanted.tags,
  };
}

/** MLflow's TypeScript client refuses every other scheme. */
function defaultLocation(experimentId: ExperimentId): string {
  return `mlflow-artifacts:/${experimentId}`;
}

function nextId(ids: Iterable<ExperimentId>): ExperimentId {
  let largest = 0;
  for (const id of ids) if (/^\d{1,15}$/.test(id)) largest = Math.max(largest, Number(id));
  return must(parseExperimentId(String(largest + 1)), 'a decimal id');
}

function newestFirst(a: Experiment, b: Experiment): number {
  if (a.creationTime !== b.creationTime) return a.creationTime > b.creationTime ? -1 : 1;
  return a.experimentId < b.experimentId ? -1 : 1;
}

/** Strictly later, so that a change always shows. */
function after(before: UnixNanos, now: UnixNanos): UnixNanos {
  const next = before + 1_000_000n;
  return now > next ? now : (next as UnixNanos);
}

function requireStage(
  experiment: Experiment,
  stage: Experiment['lifecycleStage'],
  code: 'invalid_argument' | 'not_found',
): void {
  if (experiment.lifecycleStage === stage) return;
  throw new TracingError(
    code,
    `Experiment "${experiment.experimentId}" is ${experiment.lifecycleStage}: expected an ${stage} one`,
  );
}

function checkName(name: string): void {
  if (name.length > 0 && name.length <= MAX_NAME_LENGTH) return;
  throw new TracingError(
    'invalid_argument',
    `Invalid experiment name of ${name.length} characters: expected 1 to ${MAX_NAME_LENGTH}`,
  );
}

function checkTag(key: string, value: string): void {
  if (key.length > MAX_TAG_KEY_LENGTH) {
    throw new TracingError(
      'invalid_argument',
      `Invalid tag key of ${key.length} characters: expected at most ${MAX_TAG_KEY_LENGTH}`,
    );
  }
  if (value.length > MAX_TAG_VALUE_LENGTH) {
    throw new TracingError(
      'invalid_argument',
      `Invalid tag value of ${value.length} characters: expected at most ${MAX_TAG_VALUE_LENGTH}`,
    );
  }
}
