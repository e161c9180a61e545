/** MLflow's run endpoints (contract section 1.10), as far as a client that traces inside of a run needs them. */
import { parseExperimentId, TracingError, type ExperimentId } from '@clew/core';
import { readInteger, readStringMap, readText, readTexts, requireText, type Message } from '@clew/core/wire';
import { readMetric, readMetrics, RUN_STATUSES, toRunInfoJson, toRunJson, type Run } from '../tracking/run.ts';
import type { RunView } from '../tracking/runs.ts';
import { listFolder, pathOfLocation } from './artifacts.ts';
import { readArtifactPath } from './artifact-path.ts';
import { jsonResponse } from './respond.ts';
import type { Route, RpcHandler, Services } from './routes.ts';

const DEFAULT_PAGE = 1000n;
const LARGEST_PAGE = 50_000n;
const VIEWS: readonly RunView[] = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'];
/** What one `log-batch` may hold, of each and together. */
const BATCH_LIMITS = { metrics: 1000, params: 100, tags: 100 } as const;
const LARGEST_BATCH = 1000;

export function runRoutes(services: Services): readonly Route[] {
  const { runs } = services;
  const under = ['2.0'] as const;
  const answer = (run: Run): Response => jsonResponse({ run: toRunJson(run, runs.locationOf(run)) });
  const runId = (message: Message): string => readText(message, 'run_id') ?? requireText(message, 'run_uuid');
  const post = (path: string, handle: (message: Message) => Promise<Response>): Route => ({
    method: 'POST',
    under,
    path: `/runs/${path}`,
    handle: ({ message }) => handle(message),
  });
  /** Accepted and kept nowhere: nothing on the tracing path reads it back. */
  const acknowledge = async (message: Message): Promise<Response> => {
    await runs.require(runId(message));
    return jsonResponse({});
  };
  const done = async (work: Promise<unknown>): Promise<Response> => {
    await work;
    return jsonResponse({});
  };
  const get: RpcHandler = async ({ message }) => answer(await runs.require(runId(message)));

  return [
    post('create', async (message) => {
      const startTime = readInteger(message, 'start_time');
      return answer(
        await runs.create({
          experimentId: readText(message, 'experiment_id') ?? '0',
          userId: readText(message, 'user_id') ?? '',
          name: readText(message, 'run_name') ?? '',
          ...(startTime === undefined ? {} : { startTime }),
          tags: readStringMap(message, 'tags'),
        }),
      );
    }),
    { method: 'GET', under, path: '/runs/get', handle: get },
    post('update', async (message) => {
      const run = await runs.change(runId(message), (before) => readUpdate(before, message));
      return jsonResponse({ run_info: toRunInfoJson(run, runs.locationOf(run)) });
    }),
    post('search', async (message) => {
      const page = await searchRuns(services, message);
      return jsonResponse({
        runs: page.runs.map((run) => toRunJson(run, runs.locationOf(run))),
        ...(page.next === undefined ? {} : { next_page_token: page.next }),
      });
    }),
    post('delete', (message) => done(runs.change(runId(message), () => ({ lifecycleStage: 'deleted' })))),
    post('restore', (message) => done(runs.change(runId(message), () => ({ lifecycleStage: 'active' })))),
    post('set-tag', (message) =>
      done(runs.setTags(runId(message), { [requireText(message, 'key')]: readText(message, 'value') ?? '' })),
    ),
    post('delete-tag', (message) => done(runs.deleteTag(runId(message), requireText(message, 'key')))),
    post('log-metric', (message) => done(runs.log(runId(message), [readMetric(message)], {}, {}))),
    post('log-parameter', (message) =>
      done(runs.log(runId(message), [], { [requireText(message, 'key')]: readText(message, 'value') ?? '' }, {})),
    ),
    post('log-batch', (message) => {
      const metrics = readMetrics(message, 'metrics');
      const params = readStringMap(message, 'params');
      const tags = readStringMap(message, 'tags');
      checkBatch(metrics.length, Object.keys(params).length, Object.keys(tags).length);
      return done(runs.log(runId(message), metrics, params, tags));
    }),
    post('log-inputs', acknowledge),
    post('outputs', acknowledge),
    post('log-model', acknowledge),
    {
      method: 'GET',
      under,
      path: '/metrics/get-history',
      async handle({ message }) {
        const key = requireText(message, 'metric_key');
        const run = await runs.require(runId(message));
        return jsonResponse({ metrics: run.metrics.filter((metric) => metric.key === key) });
      },
    },
    {
      method: 'GET',
      under,
      path: '/artifacts/list',
      async handle({ message }) {
        const location = runs.locationOf(await runs.require(runId(message)));
        const below = readText(message, 'path') ?? '';
        const prefix = below === '' ? '' : `${readArtifactPath(below)}/`;
        const files = await listFolder(services, `${pathOfLocation(location)}/${prefix}`.replace(/\/$/, ''));
        return jsonResponse({
          root_uri: location,
          files: files.map((file) => ({ ...file, path: prefix + file.path })),
        });
      },
    },
  ];
}

function readUpdate(before: Run, message: Message): Partial<Run> {
  const word = readText(message, 'status');
  const status = word === undefined ? before.status : RUN_STATUSES.find((known) => known === word);
  if (status === undefined) {
    throw new TracingError(
      'invalid_argument',
      `Invalid status "${String(word)}": expected one of ${RUN_STATUSES.join(', ')}`,
    );
  }
  const endTime = readInteger(message, 'end_time');
  const name = readText(message, 'run_name') ?? '';
  return {
    status,
    ...(endTime === undefined ? {} : { endTime }),
    ...(name === '' ? {} : { name, tags: { ...before.tags, 'mlflow.runName': name } }),
  };
}

function checkBatch(metrics: number, params: number, tags: number): void {
  const counts = { metrics, params, tags };
  for (const [what, count] of Object.entries(counts)) {
    const limit = BATCH_LIMITS[what as keyof typeof BATCH_LIMITS];
    if (count > limit)
      throw new TracingError('invalid_argument', `Invalid batch of ${count} ${what}: expected at most ${limit}`);
  }
  if (metrics + params + tags > LARGEST_BATCH)
    throw new TracingError(
      'invalid_argument',
      `Invalid batch of ${metrics + params + tags} entries: expected at most ${LARGEST_BATCH}`,
    );
}

async function searchRuns(
  { runs }: Services,
  message: Message,
): Promise<{ readonly runs: readonly Run[]; readonly next?: string }> {
  const filter = readText(message, 'filter') ?? '';
  if (filter.trim() !== '')
    throw new TracingError(
      'invalid_argument',
      `Unsupported filter "${filter.slice(0, 100)}": runs are listed, not searched`,
    );
  const word = readText(message, 'run_view_type') ?? 'ACTIVE_ONLY';
  const view = VIEWS.find((known) => known === word);
  if (view === undefined)
    throw new TracingError(
      'invalid_argument',
      `Invalid run_view_type "${word.slice(0, 100)}": expected one of ${VIEWS.join(', ')}`,
    );
  const size = readInteger(message, 'max_results') ?? DEFAULT_PAGE;
  if (size < 1n || size > LARGEST_PAGE)
    throw new TracingError('invalid_argument', `Invalid max_results ${size}: expected 1 to ${LARGEST_PAGE}`);
  const experimentIds = readTexts(message, 'experiment_ids')
    .map(parseExperimentId)
    .filter((id): id is ExperimentId => id !== undefined);
  const all = await runs.list(experimentIds, view);
  // The id of the last one: what is created meanwhile comes before it and moves nothing.
  const token = readText(message, 'page_token') ?? '';
  const from = token === '' ? 0 : all.findIndex((run) => run.runId === token) + 1;
  if (token !== '' && from === 0)
    throw new TracingError(
      'invalid_argument',
      `Invalid page_token "${token.slice(0, 100)}": expected one from the answer before`,
    );
  const page = all.slice(from, from + Number(size));
  const last = page.at(-1);
  return { runs: page, ...(last === undefined || from + page.length === all.length ? {} : { next: last.runId }) };
}
