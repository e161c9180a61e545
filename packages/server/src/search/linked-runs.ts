/** Runs a trace was linked to after it began, kept as tags that are not shown. */
import type { Filter } from '@clew/core';

const PREFIX = 'clew.run.';

export function linkedRunTag(runId: string): string {
  return PREFIX + runId;
}

/** `run_id = '…'` and `run_id IN (…)` are true of linked runs too; every other test asks for the run it began in. */
export function withLinkedRuns(filter: Filter): Filter {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return { ...filter, of: filter.of.map(withLinkedRuns) };
    case 'not':
      return { ...filter, filter: withLinkedRuns(filter.filter) };
    case 'text': {
      const runs = filter.field === 'run_id' ? wantedRuns(filter.test) : [];
      return runs.length === 0 ? filter : { kind: 'any', of: [filter, ...runs.map(isLinked)] };
    }
    default:
      return filter;
  }
}

function wantedRuns(test: (Filter & { readonly kind: 'text' })['test']): readonly string[] {
  if (test.op === '=') return [test.value];
  return test.op === 'in' ? test.values : [];
}

function isLinked(runId: string): Filter {
  return { kind: 'tag', key: linkedRunTag(runId), test: { op: 'is not null' } };
}
