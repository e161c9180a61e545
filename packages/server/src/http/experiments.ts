/** MLflow's experiment endpoints (contract section 1.4). */
import { TracingError, type Experiment, type StringMap } from '@clew/core';
import {
  readInteger,
  readStringMap,
  readText,
  readTexts,
  requireText,
  toExperimentJson,
  type Message,
} from '@clew/core/wire';
import { searchExperiments, type ExperimentView } from '../search/search-experiments.ts';
import { jsonResponse } from './respond.ts';
import type { Route, RpcHandler, Services } from './routes.ts';

const DEFAULT_PAGE = 1000n;
const LARGEST_PAGE = 50_000n;
const VIEWS: readonly ExperimentView[] = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'];

export function experimentRoutes({ experiments }: Services): readonly Route[] {
  const under = ['2.0'] as const;
  const search: RpcHandler = async ({ message }) => {
    const page = searchExperiments(await experiments.list(), readSearch(message));
    return jsonResponse({
      experiments: page.experiments.map(toExperimentJson),
      ...(page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken }),
    });
  };
  const answer = (experiment: Experiment): Response => jsonResponse({ experiment: toExperimentJson(experiment) });
  return [
    {
      method: 'POST',
      under,
      path: '/experiments/create',
      async handle({ message }) {
        const location = readText(message, 'artifact_location');
        const experiment = await experiments.create({
          name: requireText(message, 'name'),
          ...(location === undefined || location === '' ? {} : { artifactLocation: checkLocation(location) }),
          tags: readStringMap(message, 'tags') satisfies StringMap,
        });
        return jsonResponse({ experiment_id: experiment.experimentId });
      },
    },
    {
      method: 'GET',
      under,
      path: '/experiments/get',
      handle: async ({ message }) => answer(await experiments.require(requireText(message, 'experiment_id'))),
    },
    {
      method: 'GET',
      under,
      path: '/experiments/get-by-name',
      async handle({ message }) {
        const name = requireText(message, 'experiment_name');
        const experiment = await experiments.findByName(name);
        if (experiment === undefined)
          throw new TracingError('not_found', `No experiment named "${name.slice(0, 500)}" exists`);
        return answer(experiment);
      },
    },
    { method: 'POST', under, path: '/experiments/search', handle: search },
    { method: 'GET', under, path: '/experiments/search', handle: search },
    {
      method: 'POST',
      under,
      path: '/experiments/update',
      async handle({ message }) {
        await experiments.rename(requireText(message, 'experiment_id'), requireText(message, 'new_name'));
        return jsonResponse({});
      },
    },
    {
      method: 'POST',
      under,
      path: '/experiments/delete',
      async handle({ message }) {
        await experiments.delete(requireText(message, 'experiment_id'));
        return jsonResponse({});
      },
    },
    {
      method: 'POST',
      under,
      path: '/experiments/restore',
      async handle({ message }) {
        await experiments.restore(requireText(message, 'experiment_id'));
        return jsonResponse({});
      },
    },
    {
      method: 'POST',
      under,
      path: '/experiments/set-experiment-tag',
      async handle({ message }) {
        await experiments.setTag(
          requireText(message, 'experiment_id'),
          requireText(message, 'key'),
          readText(message, 'value') ?? '',
        );
        return jsonResponse({});
      },
    },
    {
      method: 'POST',
      under,
      path: '/experiments/delete-experiment-tag',
      async handle({ message }) {
        await experiments.deleteTag(requireText(message, 'experiment_id'), requireText(message, 'key'));
        return jsonResponse({});
      },
    },
  ];
}

function readSearch(message: Message): Parameters<typeof searchExperiments>[1] {
  const word = readText(message, 'view_type') ?? 'ACTIVE_ONLY';
  const view = VIEWS.find((known) => known === word);
  if (view === undefined)
    throw new TracingError(
      'invalid_argument',
      `Invalid view_type "${word.slice(0, 100)}": expected one of ${VIEWS.join(', ')}`,
    );
  const maxResults = readInteger(message, 'max_results') ?? DEFAULT_PAGE;
  if (maxResults < 0n || maxResults > LARGEST_PAGE) {
    throw new TracingError('invalid_argument', `Invalid max_results ${maxResults}: expected 1 to ${LARGEST_PAGE}`);
  }
  return {
    view,
    // MLflow refuses 0 and absence alike; its own browser code omits it.
    maxResults: Number(maxResults === 0n ? DEFAULT_PAGE : maxResults),
    filter: readText(message, 'filter') ?? '',
    orderBy: readTexts(message, 'order_by'),
    pageToken: readText(message, 'page_token') ?? '',
  };
}

function checkLocation(location: string): string {
  if (!/[#;]/.test(location)) return location;
  throw new TracingError(
    'invalid_argument',
    `Invalid artifact_location "${location.slice(0, 200)}": expected no fragment and no parameters`,
  );
}
