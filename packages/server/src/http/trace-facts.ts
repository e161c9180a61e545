/** Smaller reads of MLflow's newer clients and its browser code: headers by id, correlation of filters, the server itself. */
import { parseMlflowTraceId, unixNanosFromMillis, type Filter } from '@clew/core';
import { readText, readTexts, requireText, toTraceInfoJson } from '@clew/core/wire';
import { npmi, smoothedNpmi } from '../search/correlation.ts';
import { planSearch } from '../search/plan.ts';
import { toFilterProblem } from './problem.ts';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';
import { groupByTrace } from './traces.ts';

export function traceFactRoutes(services: Services): readonly Route[] {
  const { reader } = services;
  const under = ['3.0'] as const;
  return [
    {
      method: 'POST',
      under,
      path: '/traces/batchGetInfos',
      async handle({ message }) {
        const traceIds = readTexts(message, 'trace_ids').flatMap((id) => parseMlflowTraceId(id) ?? []);
        const within = readTexts(message, 'experiment_ids');
        const headers = (await reader.readHeaders(traceIds)).filter(
          ({ experimentId }) => within.length === 0 || within.includes(experimentId),
        );
        const byTrace = groupByTrace(await reader.readAssessments(headers.map(({ traceId }) => traceId)));
        return jsonResponse({
          trace_infos: headers.map((header) => toTraceInfoJson(header, byTrace.get(header.traceId) ?? [])),
        });
      },
    },
    {
      method: 'POST',
      under,
      path: '/traces/calculate-filter-correlation',
      async handle({ message, signal }) {
        const filters: Filter[] = [];
        const texts = [
          requireText(message, 'filter_string1'),
          requireText(message, 'filter_string2'),
          readText(message, 'base_filter') ?? '',
        ];
        const experimentIds = readTexts(message, 'experiment_ids');
        const now = unixNanosFromMillis(Date.now());
        const plan = { experimentIds, orderBy: [], limit: 1, now };
        for (const filter of texts) {
          const parsed = planSearch({ ...plan, filter });
          if (!parsed.ok) return toFilterProblem(parsed.error);
          filters.push(parsed.value.filter);
        }
        const base = planSearch({ ...plan, filter: '' });
        if (!base.ok) return toFilterProblem(base.error);
        const [one, other, all] = filters;
        const countOf = async (...parts: readonly (Filter | undefined)[]): Promise<number> =>
          reader.count(
            {
              experimentIds: base.value.experimentIds,
              filter: { kind: 'all', of: parts.filter((part) => part !== undefined) },
            },
            signal,
          );
        const [first, second, joint, total] = await Promise.all([
          countOf(all, one),
          countOf(all, other),
          countOf(all, one, other),
          countOf(all),
        ]);
        const counts = { first, second, joint, total };
        return jsonResponse({
          npmi: npmi(counts),
          npmi_smoothed: smoothedNpmi(counts),
          filter1_count: first,
          filter2_count: second,
          joint_count: joint,
          total_count: total,
        });
      },
    },
    {
      method: 'GET',
      under,
      path: '/server-info',
      handle: async () =>
        jsonResponse({ store_type: 'SqlStore', workspaces_enabled: false, trace_archival_enabled: false }),
    },
    {
      method: 'POST',
      under: ['2.0'],
      path: '/experiments/search-datasets',
      handle: async () => jsonResponse({ dataset_summaries: [] }),
    },
  ];
}
