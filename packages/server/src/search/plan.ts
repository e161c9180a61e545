import {
  fail,
  ok,
  parseExperimentId,
  parseFilter,
  parseOrderBy,
  type ExperimentId,
  type FilterError,
  type Result,
  type UnixNanos,
} from '@clew/core';
import type { SearchCursor, SearchPlan } from '../storage/span-store.ts';

export interface SearchText {
  readonly experimentIds: readonly string[];
  /** In either spelling; empty matches everything. */
  readonly filter: string;
  /** Empty for newest first. */
  readonly orderBy: readonly string[];
  readonly limit: number;
  readonly after?: SearchCursor;
  /** What relative times count from. */
  readonly now: UnixNanos;
}

/** Turns what was typed into what a store runs. Ids that cannot exist match nothing. */
export function planSearch(search: SearchText): Result<SearchPlan, FilterError> {
  const filter = parseFilter(search.filter, { now: search.now });
  if (!filter.ok) return fail(filter.error);
  const order = parseOrderBy(search.orderBy);
  if (!order.ok) return fail(order.error);
  return ok({
    experimentIds: search.experimentIds.map(parseExperimentId).filter((id): id is ExperimentId => id !== undefined),
    filter: filter.value,
    order: order.value,
    limit: search.limit,
    ...(search.after === undefined ? {} : { after: search.after }),
  });
}
