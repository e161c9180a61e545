/** Clew's own endpoints for what is kept: figures, ages, and deleting what a filter finds. */
import { TracingError } from '@clew/core';
import type { DeleteAnswer, StorageAnswer } from '@clew/core/api';
import { readBoolean, readInteger, readValue, type Message } from '@clew/core/wire';
import { deleteMatching, previewDeletion } from '../ingest/delete-matching.ts';
import { RETENTION_TAG, retentionDays } from '../ingest/retention.ts';
import { readScope } from './aggregates.ts';
import { toFilterProblem } from './problem.ts';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';
import { toTraceRows } from './trace-rows.ts';

const MOST_TRACES = 10_000n;
const MOST_DAYS = 999_999n;

export function storageRoutes({ reader, pipeline, experiments }: Services): readonly Route[] {
  const under = ['clew'] as const;
  return [
    {
      method: 'GET',
      under,
      path: '/storage',
      async handle({ signal }) {
        const [figures, all] = await Promise.all([reader.readStorageFigures(signal), experiments.list()]);
        const days = new Map(all.map((experiment) => [experiment.experimentId, retentionDays(experiment)]));
        return jsonResponse({
          diskBytes: figures.diskBytes,
          tables: figures.tables,
          experiments: [...figures.experiments].map(([experimentId, one]) => {
            const kept = days.get(experimentId);
            return { experimentId, ...one, ...(kept === undefined ? {} : { retentionDays: kept }) };
          }),
        } satisfies StorageAnswer);
      },
    },
    {
      method: 'PUT',
      under,
      path: '/experiments/:experiment_id/retention',
      async handle({ message, parameter }) {
        const id = parameter('experiment_id');
        const days = readDays(message);
        const { tags } = await experiments.requireActive(id);
        if (days !== undefined) await experiments.setTag(id, RETENTION_TAG, String(days));
        else if (tags[RETENTION_TAG] !== undefined) await experiments.deleteTag(id, RETENTION_TAG);
        return jsonResponse({});
      },
    },
    {
      method: 'POST',
      under,
      path: '/traces/delete',
      async handle({ message, signal }) {
        const scope = readScope(message);
        if (!scope.ok) return toFilterProblem(scope.error);
        if (readBoolean(message, 'dry_run') ?? true) {
          const { sample, ...rest } = await previewDeletion(reader, scope.value, signal);
          const rows = await toTraceRows(reader, sample);
          return jsonResponse({ dryRun: true, ...rest, sample: rows } satisfies DeleteAnswer);
        }
        const result = await deleteMatching(reader, pipeline, scope.value, readLimit(message), signal);
        return jsonResponse({ dryRun: false, ...result } satisfies DeleteAnswer);
      },
    },
  ];
}

/** `undefined` keeps everything; a request has to say so. */
function readDays(message: Message): bigint | undefined {
  if (!('days' in message)) throw new TracingError('invalid_argument', 'Missing value for required parameter "days"');
  if (readValue(message, 'days') === undefined) return undefined;
  const days = readInteger(message, 'days') ?? 0n;
  if (days >= 1n && days <= MOST_DAYS) return days;
  throw new TracingError('invalid_argument', `Invalid days ${days}: expected 1 to ${MOST_DAYS}, or null`);
}

function readLimit(message: Message): number {
  const limit = readInteger(message, 'max_traces') ?? MOST_TRACES;
  if (limit >= 1n && limit <= MOST_TRACES) return Number(limit);
  throw new TracingError('invalid_argument', `Invalid maxTraces ${limit}: expected 1 to ${MOST_TRACES}`);
}
