/** What statements mean is judged by running them (contract, agreement); here a reviewer reads them. */
import {
  EVERYTHING,
  must,
  parseExperimentId,
  parseFilter,
  parseOrderBy,
  parseTraceId,
  type ExperimentId,
  type Filter,
} from '@clew/core';
import { describe, expect, test } from 'vitest';
import type { SearchPlan } from '../span-store.ts';
import {
  compileCandidates,
  compileCount,
  compileSearch,
  compileSelection,
  compileVerification,
} from './compile-plan.ts';
import { renderSql, type SqlFragment } from './sql.ts';

const experimentId: ExperimentId = must(parseExperimentId('7'), 'an experiment id');
const traceId = must(parseTraceId('ab'.repeat(16)), 'a trace id');
const plan: SearchPlan = { experimentIds: [experimentId], filter: EVERYTHING, order: [], limit: 100 };

const GOLDEN: readonly { readonly name: string; readonly statement: SqlFragment }[] = [
  { name: 'newest', statement: compileSearch(plan) },
  {
    name: 'header-fields',
    statement: compileSearch({
      ...plan,
      filter: read("status = 'ERROR' AND tags.env != 'dev' AND execution_time_ms > 2000 AND name LIKE 'ans%'"),
    }),
  },
  {
    name: 'one-span',
    statement: compileSearch({
      ...plan,
      filter: read("span.type = 'LLM' AND span.attributes.temperature > 0.5"),
    }),
  },
  { name: 'full-text', statement: compileSearch({ ...plan, filter: read("trace.text ILIKE '%refund policy%'") }) },
  { name: 'payload-attribute', statement: compileCount({ ...plan, filter: payloadFilter() }) },
  { name: 'feedback', statement: compileCount({ ...plan, filter: read('feedback.score >= 0.8') }) },
  { name: 'no-feedback', statement: compileCount({ ...plan, filter: read('feedback.score IS NULL') }) },
  { name: 'trace-ids', statement: compileCount({ ...plan, filter: read(`request_id = 'tr-${traceId}'`) }) },
  {
    name: 'next-page',
    statement: compileSearch({
      ...plan,
      order: order(['execution_time_ms DESC', 'tag.env']),
      after: { keys: [12, null], startNanos: 1n, traceId },
    }),
  },
  {
    name: 'candidates-of-the-header',
    statement: compileCandidates(
      { ...plan, filter: read("tags.env = 'prod' AND NOT tags.team IS NULL AND span.type = 'LLM'") },
      'header',
      new Map(),
      120,
      true,
    ),
  },
  {
    name: 'candidates-of-all-tables',
    statement: compileCandidates(
      { ...plan, filter: read("span.type = 'LLM' AND span.attributes.tier = 'pro' OR feedback.score >= 0.8") },
      'tables',
      new Map(),
      120,
      true,
    ),
  },
  {
    name: 'verification',
    statement: compileVerification(read("span.type = 'LLM' AND NOT feedback.score >= 0.8"), [traceId]),
  },
  {
    name: 'delete-by-ids',
    statement: compileSelection({ experimentId, which: { kind: 'ids', traceIds: [traceId] } }),
  },
  {
    name: 'delete-oldest',
    statement: compileSelection({ experimentId, which: { kind: 'until', startMillis: 1000, limit: 5 } }),
  },
];

function read(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function payloadFilter(): Filter {
  return {
    kind: 'span',
    of: [{ on: 'attribute', key: 'mlflow.spanInputs', test: { op: 'rlike', pattern: 'refund' } }],
  };
}

function order(list: readonly string[]): SearchPlan['order'] {
  const parsed = parseOrderBy(list);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

/** The statement, then its parameters as comments. */
function print(fragment: SqlFragment): string {
  const { query, parameters } = renderSql(fragment);
  const lines = Object.entries(parameters).map(([name, value]) => `-- ${name} = ${toText(value)}`);
  return `${query}\n\n${lines.join('\n')}\n`;
}

function toText(value: string | number | bigint | readonly string[]): string {
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

describe('compiled statements', () => {
  test.each(GOLDEN)('$name', async ({ name, statement }) => {
    await expect(print(statement)).toMatchFileSnapshot(`./snapshots/${name}.sql`);
  });

  test('no value stands in the text', () => {
    const { query } = renderSql(compileSearch({ ...plan, filter: read("tags.`we'ird` = 'va\\lue'") }));
    expect(query).not.toMatch(/we'ird|va\\lue/);
  });
});
