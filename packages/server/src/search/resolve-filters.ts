/** Filters may ask for what no header has: links to runs, and judgements of sessions. They are resolved here, once. */
import type { Filter } from '@clew/core';
import type { SpanReader } from '../storage/span-store.ts';
import { withLinkedRuns } from './linked-runs.ts';
import { assessmentNames, withSessionAssessments } from './session-assessments.ts';

/** A filter that means the same and asks for nothing but headers, spans and the trace's own assessments. */
export async function resolveFilter(
  reader: Pick<SpanReader, 'readSessionAssessments'>,
  filter: Filter,
): Promise<Filter> {
  const names = assessmentNames(filter);
  const judgements = names.length === 0 ? [] : await reader.readSessionAssessments(names);
  return withSessionAssessments(withLinkedRuns(filter), judgements);
}

/** The reader, whose searches resolve their filters first. */
export function resolvingFilters<Reader extends SpanReader>(reader: Reader): Reader {
  const resolved = async <Plan extends { readonly filter: Filter }>(plan: Plan): Promise<Plan> => ({
    ...plan,
    filter: await resolveFilter(reader, plan.filter),
  });
  return {
    ...reader,
    search: async (plan, signal) => reader.search(await resolved(plan), signal),
    count: async (plan, signal) => reader.count(await resolved(plan), signal),
    countSample: async (plan, below, signal) => reader.countSample(await resolved(plan), below, signal),
    aggregate: async (plan, signal) => reader.aggregate(await resolved(plan), signal),
    readSessions: async (plan, signal) => reader.readSessions(await resolved(plan), signal),
    measureTraces: async (plan, signal) => reader.measureTraces(await resolved(plan), signal),
  };
}
