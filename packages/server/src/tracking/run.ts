/** A run as MLflow knows it: what a script did, for traces to point at. To records and back, and to MLflow's JSON. */
import {
  createAttributes,
  parseExperimentId,
  must,
  isAttributeMap,
  type Attributes,
  type ExperimentId,
  type StringMap,
} from '@clew/core';
import { readInteger, readList, readStringMap, readText, readValue, requireText } from '@clew/core/wire';
import type { TrackingRecord } from '../storage/document-store.ts';

export const RUN_STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly timestamp: bigint;
  readonly step: bigint;
}

export interface Run {
  /** 32 hex digits. */
  readonly runId: string;
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly userId: string;
  readonly status: RunStatus;
  /** Epoch milliseconds. */
  readonly startTime: bigint;
  readonly endTime?: bigint;
  readonly lifecycleStage: 'active' | 'deleted';
  readonly tags: StringMap;
  readonly params: StringMap;
  /** Every value logged, in the order of arrival. */
  readonly metrics: readonly Metric[];
}

export function toRunRecord(run: Run): TrackingRecord {
  const body = createAttributes();
  body['name'] = run.name;
  body['user_id'] = run.userId;
  body['status'] = run.status;
  body['start_time'] = run.startTime;
  body['end_time'] = run.endTime ?? null;
  body['lifecycle_stage'] = run.lifecycleStage;
  body['tags'] = run.tags;
  body['params'] = run.params;
  body['metrics'] = run.metrics.map((metric): Attributes => ({ ...metric }));
  return { kind: 'run', id: run.runId, experimentId: run.experimentId, body };
}

export function fromRunRecord({ id, experimentId, body }: TrackingRecord): Run {
  const endTime = readInteger(body, 'end_time');
  return {
    runId: id,
    experimentId: must(parseExperimentId(experimentId), 'an experiment id'),
    name: readText(body, 'name') ?? '',
    userId: readText(body, 'user_id') ?? '',
    status: must(
      RUN_STATUSES.find((status) => status === body['status']),
      'a status',
    ),
    startTime: must(readInteger(body, 'start_time'), 'a time'),
    ...(endTime === undefined ? {} : { endTime }),
    lifecycleStage: body['lifecycle_stage'] === 'deleted' ? 'deleted' : 'active',
    tags: readStringMap(body, 'tags'),
    params: readStringMap(body, 'params'),
    metrics: readMetrics(body, 'metrics'),
  };
}

/** A list of metrics as clients send them; a timestamp or step left out is 0. */
export function readMetrics(message: Attributes, name: string): readonly Metric[] {
  return readList(message, name).filter(isAttributeMap).map(readMetric);
}

export function readMetric(message: Attributes): Metric {
  return {
    key: requireText(message, 'key'),
    value: Number(readValue(message, 'value')),
    timestamp: readInteger(message, 'timestamp') ?? 0n,
    step: readInteger(message, 'step') ?? 0n,
  };
}

export function toRunJson(run: Run, artifactUri: string): object {
  return {
    info: toRunInfoJson(run, artifactUri),
    data: { metrics: latestOf(run.metrics), params: toPairs(run.params), tags: toPairs(run.tags) },
    inputs: {},
    outputs: {},
  };
}

export function toRunInfoJson(run: Run, artifactUri: string): object {
  return {
    run_id: run.runId,
    run_uuid: run.runId,
    run_name: run.name,
    experiment_id: run.experimentId,
    user_id: run.userId,
    status: run.status,
    start_time: run.startTime,
    ...(run.endTime === undefined ? {} : { end_time: run.endTime }),
    artifact_uri: artifactUri,
    lifecycle_stage: run.lifecycleStage,
  };
}

export function toPairs(map: StringMap): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(map).map(([key, value]) => ({ key, value }));
}

/** Of each key the value of the highest step, then of the latest time. */
function latestOf(metrics: readonly Metric[]): readonly Metric[] {
  const latest = new Map<string, Metric>();
  for (const metric of metrics) {
    const before = latest.get(metric.key);
    const isOlder =
      before !== undefined &&
      (metric.step < before.step || (metric.step === before.step && metric.timestamp < before.timestamp));
    if (!isOlder) latest.set(metric.key, metric);
  }
  return [...latest.values()];
}
