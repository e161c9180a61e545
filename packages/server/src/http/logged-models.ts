/**
 * MLflow's logged models (contract section 1.10), as far as `mlflow.set_active_model` needs them: a name for a version
 * of an application that traces point at by metadata `mlflow.modelId`.
 */
import {
  createAttributes,
  parseExperimentId,
  toHex,
  toUnixMillis,
  TracingError,
  type Attributes,
  type ExperimentId,
  type StringMap,
  type UnixNanos,
} from '@clew/core';
import { readInteger, readStringMap, readText, readTexts, requireText, type Message } from '@clew/core/wire';
import type { DocumentStore, TrackingRecord } from '../storage/document-store.ts';
import { toPairs } from '../tracking/run.ts';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';

const STATUSES = ['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED'] as const;
const DEFAULT_PAGE = 50n;
/** The one filter clients make here: the name of an application. */
const NAME_FILTER = /^\s*(?:attributes?\.)?name\s*=\s*(?:'((?:[^']|'')*)'|"([^"]*)")\s*$/;

interface LoggedModel {
  readonly modelId: string;
  readonly experimentId: ExperimentId;
  readonly body: Attributes;
}

export function loggedModelRoutes(services: Services): readonly Route[] {
  const { documents, experiments, now, randomBytes } = services;
  const under = ['2.0'] as const;
  const answer = (model: LoggedModel): Response =>
    jsonResponse({ model: toJson(model, experiments.artifactLocationOf(model.experimentId)) });
  const change = async (modelId: string, fields: (model: LoggedModel) => Attributes): Promise<LoggedModel> => {
    const model = await requireModel(documents, modelId);
    return write(documents, { ...model, body: extend(model.body, { ...fields(model), updated: millis(now()) }) });
  };
  return [
    {
      method: 'POST',
      under,
      path: '/logged-models',
      async handle({ message }) {
        const { experimentId } = await experiments.requireActive(requireText(message, 'experiment_id'));
        const modelId = `m-${toHex(randomBytes(16))}`;
        const body = extend(createAttributes(), {
          name: readText(message, 'name') ?? modelId,
          model_type: readText(message, 'model_type') ?? '',
          source_run_id: readText(message, 'source_run_id') ?? '',
          status: STATUSES[0],
          created: millis(now()),
          updated: millis(now()),
          params: readStringMap(message, 'params'),
          tags: readStringMap(message, 'tags'),
        });
        return answer(await write(documents, { modelId, experimentId, body }));
      },
    },
    {
      method: 'POST',
      under,
      path: '/logged-models/search',
      async handle({ message }) {
        const { models, next } = await search(documents, message);
        return jsonResponse({
          models: models.map((model) => toJson(model, experiments.artifactLocationOf(model.experimentId))),
          ...(next === undefined ? {} : { next_page_token: next }),
        });
      },
    },
    {
      method: 'GET',
      under,
      path: '/logged-models/:model_id',
      handle: async ({ parameter }) => answer(await requireModel(documents, parameter('model_id'))),
    },
    {
      method: 'PATCH',
      under,
      path: '/logged-models/:model_id',
      async handle({ message, parameter }) {
        const status = readStatus(message);
        return answer(await change(parameter('model_id'), () => ({ status })));
      },
    },
    {
      method: 'DELETE',
      under,
      path: '/logged-models/:model_id',
      async handle({ parameter }) {
        await change(parameter('model_id'), () => ({ deleted: true }));
        return jsonResponse({});
      },
    },
    {
      method: 'PATCH',
      under,
      path: '/logged-models/:model_id/tags',
      async handle({ message, parameter }) {
        const tags = readStringMap(message, 'tags');
        return answer(
          await change(parameter('model_id'), ({ body }) => ({ tags: merge(readStringMap(body, 'tags'), tags) })),
        );
      },
    },
    {
      method: 'DELETE',
      under,
      path: '/logged-models/:model_id/tags/:key',
      async handle({ parameter }) {
        const key = parameter('key');
        await change(parameter('model_id'), ({ body }) => ({
          tags: Object.fromEntries(Object.entries(readStringMap(body, 'tags')).filter(([name]) => name !== key)),
        }));
        return jsonResponse({});
      },
    },
    {
      method: 'POST',
      under,
      path: '/logged-models/:model_id/params',
      async handle({ message, parameter }) {
        const params = readStringMap(message, 'params');
        await change(parameter('model_id'), ({ body }) => ({ params: merge(readStringMap(body, 'params'), params) }));
        return jsonResponse({});
      },
    },
  ];
}

async function search(
  documents: DocumentStore,
  message: Message,
): Promise<{ readonly models: readonly LoggedModel[]; readonly next?: string }> {
  const filter = readText(message, 'filter') ?? '';
  const match = NAME_FILTER.exec(filter);
  if (match === null && filter.trim() !== '')
    throw new TracingError('invalid_argument', `Unsupported filter "${filter.slice(0, 100)}": expected name = '…'`);
  const name = match === null ? undefined : (match[1]?.replaceAll("''", "'") ?? match[2]);
  const ids = readTexts(message, 'experiment_ids').map(parseExperimentId);
  const records = await documents.listRecords(
    'logged_model',
    ids.filter((id): id is ExperimentId => id !== undefined),
  );
  const all = records
    .map(fromRecord)
    .filter(({ body }) => body['deleted'] !== true && (name === undefined || body['name'] === name))
    .sort((a, b) => Number((readInteger(b.body, 'created') ?? 0n) - (readInteger(a.body, 'created') ?? 0n)));
  const size = Number(readInteger(message, 'max_results') ?? DEFAULT_PAGE);
  const token = readText(message, 'page_token') ?? '';
  const from = token === '' ? 0 : all.findIndex(({ modelId }) => modelId === token) + 1;
  const models = all.slice(from, from + size);
  const last = models.at(-1);
  return { models, ...(last === undefined || from + models.length === all.length ? {} : { next: last.modelId }) };
}

async function requireModel(documents: DocumentStore, modelId: string): Promise<LoggedModel> {
  const record = await documents.readRecord('logged_model', modelId);
  if (record === undefined || record.body['deleted'] === true)
    throw new TracingError('not_found', `No logged model with id "${modelId.slice(0, 100)}" exists`);
  return fromRecord(record);
}

async function write(documents: DocumentStore, model: LoggedModel): Promise<LoggedModel> {
  const { modelId, experimentId, body } = model;
  await documents.writeRecord({ kind: 'logged_model', id: modelId, experimentId, body });
  return model;
}

function fromRecord({ id, experimentId, body }: TrackingRecord): LoggedModel {
  return { modelId: id, experimentId, body };
}

function toJson({ modelId, experimentId, body }: LoggedModel, location: string): object {
  return {
    info: {
      model_id: modelId,
      experiment_id: experimentId,
      name: body['name'],
      creation_timestamp_ms: body['created'],
      last_updated_timestamp_ms: body['updated'],
      artifact_uri: `${location}/models/${modelId}/artifacts`,
      status: body['status'],
      model_type: body['model_type'],
      source_run_id: body['source_run_id'],
      tags: toPairs(readStringMap(body, 'tags')),
    },
    data: { params: toPairs(readStringMap(body, 'params')), metrics: [] },
  };
}

/** Clients send the word or its number. */
function readStatus(message: Message): string {
  const text = requireText(message, 'status');
  const status = STATUSES.find(
    (known, at) => known === text || known === `LOGGED_MODEL_${text}` || String(at + 1) === text,
  );
  if (status !== undefined) return status;
  throw new TracingError(
    'invalid_argument',
    `Invalid status "${text.slice(0, 100)}": expected one of ${STATUSES.join(', ')}`,
  );
}

function extend(before: Attributes, after: Attributes): Attributes {
  return Object.assign(createAttributes(), before, after);
}

function merge(before: StringMap, after: StringMap): StringMap {
  return Object.assign(Object.create(null), before, after) as StringMap;
}

function millis(time: UnixNanos): bigint {
  return BigInt(toUnixMillis(time));
}
