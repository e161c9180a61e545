/**
 * Filters to weaker conditions on single rows of the table `traces_by_start`, current or not: whatever matches a filter meets its
 * condition, and not only that. No `FINAL`, no payload; what is found has to be verified.
 */
import { unreachable, type Filter, type SpanCondition, type Test } from '@clew/core';
import { compileAssessed, compileFilter, compileSpanCondition, SOURCE_RUN } from './compile-filter.ts';
import { compileCellTest, FALSE, negate, TRUE } from './compile-test.ts';
import { equalityHint, hasKey, type Hints } from './search-hints.ts';
import { joinSql, sql, text, type SqlFragment } from './sql.ts';

/** Whether conditions on other tables are followed; without, they may all be true. */
export type Following = 'header' | 'tables';

/** True for every row that matches the filter, and for others. */
export function compileCandidateFilter(filter: Filter, following: Following, hints: Hints): SqlFragment {
  return bound(filter, 'above', { following, hints });
}

interface Context {
  readonly following: Following;
  readonly hints: Hints;
}

/** `above`: true wherever the filter is; `below`: true only where it is. */
type Side = 'above' | 'below';

function bound(filter: Filter, side: Side, context: Context): SqlFragment {
  switch (filter.kind) {
    case 'all':
      return group(
        filter.of.map((part) => bound(part, side, context)),
        ' AND ',
      );
    case 'any':
      return group(
        filter.of.map((part) => bound(part, side, context)),
        ' OR ',
      );
    case 'not':
      return negate(bound(filter.filter, side === 'above' ? 'below' : 'above', context));
    case 'feedback':
    case 'expectation':
      // Rows of other tables may be out of date, so nothing can be told from below.
      if (side === 'below') return FALSE;
      return context.following === 'header' || filter.test.op === 'is null'
        ? TRUE
        : assessedTraces(filter.kind, filter.name, filter.test);
    case 'span':
      if (side === 'below') return FALSE;
      return context.following === 'header' ? TRUE : tracesOfSpans(filter.of, context.hints);
    case 'tag':
    case 'metadata':
      return entry(filter, context.hints);
    case 'text':
      return filter.field === 'run_id'
        ? entry({ kind: 'metadata', key: SOURCE_RUN, test: filter.test }, context.hints)
        : compileFilter(filter);
    case 'number':
      return compileFilter(filter);
    default:
      return unreachable(filter);
  }
}

function group(conditions: readonly SqlFragment[], separator: ' AND ' | ' OR '): SqlFragment {
  if (conditions.length === 0) return separator === ' AND ' ? TRUE : FALSE;
  return sql`(${joinSql(conditions, separator)})`;
}

function assessedTraces(kind: 'feedback' | 'expectation', name: string, test: Test): SqlFragment {
  const conditions = [sql`kind = ${text(kind)}`, sql`name = ${text(name)}`];
  if (test.op !== 'is not null') conditions.push(compileAssessed(test));
  return sql`trace_id IN (SELECT trace_id FROM assessments WHERE ${joinSql(conditions, ' AND ')})`;
}

/** Exact, and found by an index where one helps. */
function entry(filter: Extract<Filter, { readonly kind: 'tag' | 'metadata' }>, hints: Hints): SqlFragment {
  const { kind, key, test } = filter;
  if (test.op === 'is null') return negate(hasKey(kind, key));
  if (test.op === 'is not null') return hasKey(kind, key);
  const hint = equalityHint(kind, key, test) ?? hints.get(filter)?.condition;
  return hint === undefined ? compileFilter(filter) : sql`(${hint} AND ${compileFilter(filter)})`;
}

function tracesOfSpans(conditions: readonly SpanCondition[], hints: Hints): SqlFragment {
  const known = conditions.flatMap((condition) => weakenCondition(condition, hints));
  return known.length === 0 ? TRUE : sql`trace_id IN (SELECT trace_id FROM spans WHERE ${joinSql(known, ' AND ')})`;
}

/** Without reading long values: of those anything may be true. */
function weakenCondition(condition: SpanCondition, hints: Hints): readonly SqlFragment[] {
  const hint = hints.get(condition)?.condition;
  switch (condition.on) {
    case 'content':
      return hint === undefined ? [] : [hint];
    case 'attribute': {
      const { key, test } = condition;
      if (test.op === 'is null') return [negate(hasKey('attribute', key))];
      if (test.op === 'is not null') return [hasKey('attribute', key)];
      const cell = sql`attributes[${text(key)}]`;
      const known = equalityHint('attribute', key, test) ?? hint ?? hasKey('attribute', key);
      return [known, sql`(${cell} = '' OR ${compileCellTest(test, cell)})`];
    }
    default:
      return [compileSpanCondition(condition)];
  }
}
