import { describe, expect, test } from 'vitest';
import type { Experiment, ExperimentId, UnixNanos } from '@clew/core';
import { searchExperiments, type ExperimentSearch } from './search-experiments.ts';

function experiment(id: string, name: string, change: Partial<Experiment> = {}): Experiment {
  return {
    experimentId: id as ExperimentId,
    name,
    artifactLocation: `mlflow-artifacts:/${id}`,
    lifecycleStage: 'active',
    creationTime: (BigInt(id) * 1_000_000n) as UnixNanos,
    lastUpdateTime: 9_000_000n as UnixNanos,
    tags: {},
    ...change,
  };
}

const ALL = [
  experiment('3', 'shop', { tags: { team: "o'neil" } }),
  experiment('2', 'Shadow', { lifecycleStage: 'deleted' }),
  experiment('1', 'lab'),
];

function names(search: Partial<ExperimentSearch>): readonly string[] {
  return searchExperiments(ALL, {
    view: 'ALL',
    maxResults: 10,
    filter: '',
    orderBy: [],
    pageToken: '',
    ...search,
  }).experiments.map((one) => one.name);
}

describe('searchExperiments()', () => {
  test.each<{ why: string; search: Partial<ExperimentSearch>; found: readonly string[] }>([
    { why: 'everything, in the order given', search: {}, found: ['shop', 'Shadow', 'lab'] },
    { why: 'the active ones', search: { view: 'ACTIVE_ONLY' }, found: ['shop', 'lab'] },
    { why: 'the deleted ones', search: { view: 'DELETED_ONLY' }, found: ['Shadow'] },
    { why: 'LIKE keeps case', search: { filter: "name LIKE 'sh%'" }, found: ['shop'] },
    { why: 'ILIKE folds it', search: { filter: "name ILIKE 'sh%'" }, found: ['shop', 'Shadow'] },
    {
      why: 'a tag with a quote, and AND',
      search: { filter: "tags.team = 'o''neil' AND creation_time >= 3" },
      found: ['shop'],
    },
    { why: 'a missing tag never differs', search: { filter: "tags.`team` != 'x'" }, found: ['shop'] },
    { why: 'an order', search: { orderBy: ['name DESC'] }, found: ['shop', 'lab', 'Shadow'] },
    {
      why: 'an order with ties by id, newest first',
      search: { orderBy: ['last_update_time'] },
      found: ['shop', 'Shadow', 'lab'],
    },
  ])('$why', ({ search, found }) => {
    expect(names(search)).toEqual(found);
  });

  test('pages follow one another without gap', () => {
    const first = searchExperiments(ALL, { view: 'ALL', maxResults: 2, filter: '', orderBy: [], pageToken: '' });
    expect(names({ maxResults: 2, pageToken: first.nextPageToken ?? '' })).toEqual(['lab']);
  });

  test.each([
    { why: 'an unknown field', search: { filter: "color = 'x'" } },
    { why: 'an unquoted text', search: { filter: 'name = shop' } },
    { why: 'a text for a number', search: { filter: "creation_time > 'x'" } },
    { why: 'an ordering on text', search: { filter: "name > 'a'" } },
    { why: 'an unknown order', search: { orderBy: ['color'] } },
    { why: 'a foreign token', search: { pageToken: 'x' } },
  ])('refuses $why', ({ search }) => {
    expect(() => names(search)).toThrow();
  });
});
