/** Judgements of a whole session stand on one of its traces, and count for all of them. */
import { matchesFilter, type Assessment, type Filter, type FilterSubject } from '@clew/core';

const SESSION_KEY = 'mlflow.trace.session';

type AssessmentFilter = Filter & { readonly kind: 'feedback' | 'expectation' };

/** The names of the assessments a filter asks about, each once. */
export function assessmentNames(filter: Filter): readonly string[] {
  return [...new Set(assessmentFilters(filter).map(({ name }) => name))];
}

/**
 * The filter, true also of traces whose session was judged so.
 *
 * @param judgements - The valid ones of sessions, at least those of the names asked for.
 */
export function withSessionAssessments(filter: Filter, judgements: readonly Assessment[]): Filter {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return { ...filter, of: filter.of.map((part) => withSessionAssessments(part, judgements)) };
    case 'not':
      return { ...filter, filter: withSessionAssessments(filter.filter, judgements) };
    case 'feedback':
    case 'expectation':
      return extend(filter, judgements);
    default:
      return filter;
  }
}

function extend(filter: AssessmentFilter, judgements: readonly Assessment[]): Filter {
  if (filter.test.op === 'is null') {
    const { kind, name } = filter;
    return { kind: 'not', filter: extend({ kind, name, test: { op: 'is not null' } }, judgements) };
  }
  const sessions = judgements
    .filter((one) => matchesFilter(filter, subjectOf(one)))
    .map(({ metadata }) => metadata[SESSION_KEY] ?? '');
  if (sessions.length === 0) return filter;
  return {
    kind: 'any',
    of: [filter, { kind: 'text', field: 'session', test: { op: 'in', values: [...new Set(sessions)] } }],
  };
}

function assessmentFilters(filter: Filter): readonly AssessmentFilter[] {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.flatMap(assessmentFilters);
    case 'not':
      return assessmentFilters(filter.filter);
    case 'feedback':
    case 'expectation':
      return [filter];
    default:
      return [];
  }
}

/** A trace of which nothing but one assessment is known. */
function subjectOf(assessment: Assessment): FilterSubject {
  return {
    header: {
      traceId: assessment.traceId,
      experimentId: '' as FilterSubject['header']['experimentId'],
      start: assessment.createTime,
      state: 'OK',
      tags: {},
      metadata: {},
      spanCount: 0,
      errorCount: 0,
      isFinalized: false,
    },
    runIds: [],
    assessments: [assessment],
    spans: [],
  };
}
