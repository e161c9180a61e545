/** Clew's own endpoints that count: traces exactly or about, and measures in groups. */
import { ok, TracingError, unixNanosFromMillis, type FilterError, type Result } from '@clew/core';
import type { AggregateAnswer, CountAnswer } from '@clew/core/api';
import { readInteger, readText, readTexts, type Message } from '@clew/core/wire';
import { planSearch } from '../search/plan.ts';
import type { SearchPlan, SpanReader } from '../storage/span-store.ts';
import { readAggregatePlan, readDimensions, readMeasures } from './aggregate-request.ts';
import { toFilterProblem } from './problem.ts';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';

const DEFAULT_BUDGET_MILLIS = 5000n;
const LARGEST_BUDGET_MILLIS = 30_000n;
/** Ids are random hex: one trace in 64 has one that sorts before this. */
const SAMPLE = { below: '04', of: 64 };

export function aggregateRoutes({ reader }: Services): readonly Route[] {
  const under = ['clew'] as const;
  return [
    {
      method: 'POST',
      under,
      path: '/traces/count',
      async handle({ message, signal }) {
        const scope = readScope(message);
        if (!scope.ok) return toFilterProblem(scope.error);
        return jsonResponse(await countWithin(reader, scope.value, readBudget(message), signal));
      },
    },
    {
      method: 'POST',
      under,
      path: '/aggregates',
      async handle({ message, signal }) {
        const scope = readScope(message);
        if (!scope.ok) return toFilterProblem(scope.error);
        const { points } = await reader.aggregate(readAggregatePlan(message, scope.value), signal);
        return jsonResponse({
          measures: readMeasures(message),
          groupBy: readDimensions(message),
          points: points.map(({ dimensions, ...rest }) => ({
            ...rest,
            ...(dimensions === undefined ? {} : { group: dimensions }),
          })),
        } satisfies AggregateAnswer);
      },
    },
  ];
}

type Scope = Pick<SearchPlan, 'experimentIds' | 'filter'>;

/** Which traces a request is about: `experimentIds` and `filter`. */
export function readScope(message: Message): Result<Scope, FilterError> {
  const plan = planSearch({
    experimentIds: readTexts(message, 'experiment_ids'),
    filter: readText(message, 'filter') ?? '',
    orderBy: [],
    limit: 1,
    now: unixNanosFromMillis(Date.now()),
  });
  return plan.ok ? ok({ experimentIds: plan.value.experimentIds, filter: plan.value.filter }) : plan;
}

async function countWithin(
  reader: SpanReader,
  scope: Scope,
  budgetMillis: number,
  signal: AbortSignal,
): Promise<CountAnswer> {
  const budget = budgetMillis === 0 ? AbortSignal.abort() : AbortSignal.timeout(budgetMillis);
  try {
    return { count: await reader.count(scope, AbortSignal.any([signal, budget])) };
  } catch (error) {
    if (!budget.aborted || signal.aborted) throw error;
    const sampled = await reader.countSample(scope, SAMPLE.below, signal);
    return { count: sampled * SAMPLE.of, isEstimate: true };
  }
}

function readBudget(message: Message): number {
  const budget = readInteger(message, 'budget_millis') ?? DEFAULT_BUDGET_MILLIS;
  if (budget >= 0n && budget <= LARGEST_BUDGET_MILLIS) return Number(budget);
  throw new TracingError('invalid_argument', `Invalid budgetMillis ${budget}: expected 0 to ${LARGEST_BUDGET_MILLIS}`);
}
