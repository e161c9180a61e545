/**
 * Where a search looks for candidates, one step after the other until a page is full. Newest first, frequent matches are
 * among the next few hundred traces; rare ones are found through the indexes and the other tables.
 */
import type { Filter, SpanCondition } from '@clew/core';
import type { SearchPlan } from '../span-store.ts';
import type { Following } from './compile-candidates.ts';
import type { Engine } from './engine.ts';
import { countEntries, findEntries, findWords, type Hinted, type Hints } from './search-hints.ts';

export interface Step {
  readonly following: Following;
  readonly hints: Hints;
  /** How many candidates. */
  readonly size: number;
}

/** Rows that are out of date should not make another step necessary. */
const SPARE = 20;
/** Candidates for one match, while conditions on other tables are not followed; payload is dear to verify. */
const WALK = 4;
const PAYLOAD_WALK = 1.5;
/** Words and entries in fewer spans than this are looked up rather than met on the way. */
const RARE_SPANS = 20_000;
const STEPS = 4;
const GROWTH = 6;
/** A list of this length stays below a remote server's limit on addresses. */
const MAX_CANDIDATES = 5000;

export async function* chooseSteps(
  engine: Engine,
  { filter, limit }: SearchPlan,
  signal: AbortSignal | undefined,
): AsyncGenerator<Step> {
  const wanted = limit + 1;
  const asked = questionsOf(filter);
  const ofHeader = await findEntries(engine, asked.header, signal);
  if (!asked.isOfOtherTables) return yield* growing('header', ofHeader, wanted + SPARE);

  const [ofWords, ofEntries] = await Promise.all([
    findWords(engine, asked.spans, signal),
    countEntries(engine, asked.spans, signal),
  ]);
  const known = new Map([...ofHeader, ...ofWords]);
  const readsPayload = asked.spans.some(({ on }) => on === 'content');
  const isRare = [...[...ofWords.values()].map(({ rows }) => rows), ...ofEntries].some((rows) => rows < RARE_SPANS);
  if (!isRare)
    yield { following: 'header', hints: known, size: Math.ceil(wanted * (readsPayload ? PAYLOAD_WALK : WALK)) };

  const hints = new Map([...known, ...(await findEntries(engine, asked.spans, signal))]);
  yield* growing('tables', hints, wanted + (readsPayload ? wanted : SPARE));
}

function* growing(following: Following, hints: Hints, size: number): Generator<Step> {
  for (let step = 0; step < STEPS; step += 1)
    yield { following, hints, size: Math.min(MAX_CANDIDATES, size * GROWTH ** step) };
}

interface Questions {
  readonly header: readonly Hinted[];
  readonly spans: readonly SpanCondition[];
  readonly isOfOtherTables: boolean;
}

function questionsOf(filter: Filter): Questions {
  switch (filter.kind) {
    case 'all':
    case 'any': {
      const parts = filter.of.map(questionsOf);
      return {
        header: parts.flatMap(({ header }) => header),
        spans: parts.flatMap(({ spans }) => spans),
        isOfOtherTables: parts.some(({ isOfOtherTables }) => isOfOtherTables),
      };
    }
    case 'not':
      return questionsOf(filter.filter);
    case 'span':
      return { header: [], spans: filter.of, isOfOtherTables: true };
    case 'feedback':
    case 'expectation':
      return { header: [], spans: [], isOfOtherTables: true };
    case 'tag':
    case 'metadata':
      return { header: [filter], spans: [], isOfOtherTables: false };
    default:
      return { header: [], spans: [], isOfOtherTables: false };
  }
}
