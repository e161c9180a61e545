/**
 * What the text indexes know about conditions: which rows may meet one, as a condition that needs nothing but an index.
 * The dictionary of an index tells which of its tokens fit, and how many rows each has.
 */
import type { Filter, SpanCondition, Test } from '@clew/core';
import { readInteger, readTextList } from './cells.ts';
import { compileCellTest, compileTextTest, storedCellsOf, testedTexts } from './compile-test.ts';
import { wordsOfCondition, type WordChoices, type WordRun } from './content-words.ts';
import type { Engine } from './engine.ts';
import { MAX_SHORT_CELL } from './span-row.ts';
import { integer, joinSql, sql, text, texts, type SqlFragment } from './sql.ts';

/** A condition that has a hint: one on an entry of a map of the header, or on a span. */
export type Hinted = Extract<Filter, { readonly kind: 'tag' | 'metadata' }> | SpanCondition;

/** Weaker than the condition it is about, and as cheap as an index. */
export interface Hint {
  readonly condition: SqlFragment;
  /** At most this many rows meet it. */
  readonly rows: number;
}

export type Hints = ReadonlyMap<Hinted, Hint>;

/** More tokens than this say no more than that there are many. */
const MAX_TOKENS = 2000;
/** Each costs the engine a list of rows; the rarest ones decide. */
const MAX_RUNS = 3;

interface Index {
  readonly table: 'spans' | 'traces_by_start';
  readonly index: 'words_index' | 'attributes_index' | 'tags_index' | 'metadata_index';
  readonly column: SqlFragment;
}

const WORDS: Index = { table: 'spans', index: 'words_index', column: sql`words` };
const ATTRIBUTES: Index = { table: 'spans', index: 'attributes_index', column: sql`attribute_entries` };
const TAGS: Index = { table: 'traces_by_start', index: 'tags_index', column: sql`tags_entries` };
const METADATA: Index = { table: 'traces_by_start', index: 'metadata_index', column: sql`metadata_entries` };

/** Whether the map has the key, exactly. */
export function hasKey(kind: 'attribute' | 'tag' | 'metadata', key: string): SqlFragment {
  return hasAny(entriesOf(kind), [`?${key}`]);
}

/** The tokens of a test for one of a few values; entries hold no long values, but show that there is a key. */
function equalTokens(kind: 'attribute' | 'tag' | 'metadata', key: string, test: Test): readonly string[] | undefined {
  const wanted = testedTexts(test);
  if (wanted === undefined) return undefined;
  const stored = kind === 'attribute' ? storedCellsOf(wanted) : wanted;
  // Characters are counted in two ways, hence the half.
  const mayBeLong = stored.some((value) => value.length >= MAX_SHORT_CELL / 2);
  return mayBeLong ? [`?${key}`] : stored.map((value) => `=${key}=${value}`);
}

/** The hint for an entry that is known without the dictionary: it equals one of a few values. */
export function equalityHint(kind: 'attribute' | 'tag' | 'metadata', key: string, test: Test): SqlFragment | undefined {
  const tokens = equalTokens(kind, key, test);
  return tokens === undefined ? undefined : hasAny(entriesOf(kind), tokens);
}

/** At most so many spans meet a condition on an attribute; its key has to be there. */
export async function countEntries(
  engine: Engine,
  asked: readonly SpanCondition[],
  signal?: AbortSignal,
): Promise<readonly number[]> {
  const conditions = asked.flatMap((condition) => {
    if (condition.on !== 'attribute' || condition.test.op === 'is null') return [];
    // Whatever the test, the key has to be there.
    const tokens = equalTokens('attribute', condition.key, condition.test) ?? [`?${condition.key}`];
    return [sql`token IN ${texts(tokens)}`];
  });
  if (conditions.length === 0) return [];
  return (await readTokens(engine, ATTRIBUTES, conditions, signal)).map(({ rows }) => rows);
}

/** Looks up what tests of texts and numbers fit in the dictionary of a map's entries. */
export async function findEntries(engine: Engine, asked: readonly Hinted[], signal?: AbortSignal): Promise<Hints> {
  const found = await Promise.all(
    asked.map(async (condition) => {
      const hint = await findEntry(engine, condition, signal);
      return hint === undefined ? [] : ([[condition, hint]] as const);
    }),
  );
  return new Map(found.flat());
}

/** Looks up the words of content conditions. */
export async function findWords(engine: Engine, asked: readonly SpanCondition[], signal?: AbortSignal): Promise<Hints> {
  const found = await Promise.all(
    asked.map(async (condition) => {
      const choices = condition.on === 'content' ? wordsOfCondition(condition) : undefined;
      return choices === undefined ? [] : ([[condition, await findChoices(engine, choices, signal)]] as const);
    }),
  );
  return new Map(found.flat());
}

async function findEntry(
  engine: Engine,
  condition: Hinted,
  signal: AbortSignal | undefined,
): Promise<Hint | undefined> {
  const question = toEntryQuestion(condition);
  if (question === undefined) return undefined;
  const { index, key, test } = question;
  const prefix = `=${key}=`;
  const value = sql`substring(token, ${integer(BigInt(Buffer.byteLength(prefix) + 1))})`;
  const fits = index === ATTRIBUTES ? compileCellTest(test, value) : compileTextTest(test, value);
  const [run] = await readTokens(
    engine,
    index,
    [sql`(startsWith(token, ${text(prefix)}) AND (${value} = '' OR ${fits}))`],
    signal,
  );
  if (run === undefined || run.tokens.length > MAX_TOKENS) return undefined;
  return { condition: run.tokens.length === 0 ? sql`false` : hasAny(index, run.tokens), rows: run.rows };
}

function toEntryQuestion(
  condition: Hinted,
): { readonly index: Index; readonly key: string; readonly test: Test } | undefined {
  const { test } = condition;
  // Most values differ from one: no index finds those.
  if (['=', '!=', 'in', 'not in', '!==', 'is null', 'is not null'].includes(test.op)) return undefined;
  if ('kind' in condition) return { index: condition.kind === 'tag' ? TAGS : METADATA, key: condition.key, test };
  return condition.on === 'attribute' ? { index: ATTRIBUTES, key: condition.key, test } : undefined;
}

async function findChoices(engine: Engine, choices: WordChoices, signal: AbortSignal | undefined): Promise<Hint> {
  const runs = choices.flat();
  const found = await readTokens(engine, WORDS, runs.map(compileRun), signal);
  let at = 0;
  const hints = choices.map((own) => allOf(own.map(() => found[at++] ?? { tokens: [], rows: 0 })));
  return {
    condition: sql`(${joinSql(
      hints.map(({ condition }) => condition),
      ' OR ',
    )})`,
    rows: hints.reduce((sum, { rows }) => sum + rows, 0),
  };
}

function allOf(runs: readonly FoundTokens[]): Hint {
  const few = runs.filter(({ tokens }) => tokens.length <= MAX_TOKENS).sort((a, b) => a.rows - b.rows);
  const [rarest] = few;
  if (rarest === undefined) return { condition: sql`true`, rows: Number.POSITIVE_INFINITY };
  if (rarest.rows === 0) return { condition: sql`false`, rows: 0 };
  const conditions = few.slice(0, MAX_RUNS).map(({ tokens }) => hasAny(WORDS, tokens));
  return { condition: sql`(${joinSql(conditions, ' AND ')})`, rows: rarest.rows };
}

function compileRun({ text: run, opensLeft, opensRight }: WordRun): SqlFragment {
  if (!opensLeft && !opensRight) return sql`token = ${text(run)}`;
  if (!opensLeft) return sql`startsWith(token, ${text(run)})`;
  if (!opensRight) return sql`endsWith(token, ${text(run)})`;
  return sql`position(token, ${text(run)}) > 0`;
}

interface FoundTokens {
  /** Some of them when there are more than {@link MAX_TOKENS}. */
  readonly tokens: readonly string[];
  readonly rows: number;
}

/** The tokens that meet each of some conditions. */
async function readTokens(
  engine: Engine,
  { table, index }: Index,
  conditions: readonly SqlFragment[],
  signal: AbortSignal | undefined,
): Promise<readonly FoundTokens[]> {
  const columns = conditions.flatMap((fits, at) => [
    // The engine takes no parameter for how many there may be.
    sql`groupUniqArrayIf(${literal(String(MAX_TOKENS + 1))})(token, ${fits}) AS ${literal(`tokens${at}`)}`,
    sql`sumIf(cardinality, ${fits}) AS ${literal(`rows${at}`)}`,
  ]);
  const [row] = await engine.readRows(
    sql`SELECT ${joinSql(columns, ', ')}
FROM mergeTreeTextIndex(currentDatabase(), ${literal(`'${table}'`)}, ${literal(`'${index}'`)})
WHERE ${joinSql(conditions, ' OR ')}`,
    signal,
  );
  if (row === undefined) throw new Error('Expected one row');
  return conditions.map((_, at) => ({
    tokens: readTextList(row, `tokens${at}`),
    rows: Number(readInteger(row, `rows${at}`)),
  }));
}

/** Text of ours. */
function literal(ours: string): SqlFragment {
  return { parts: [ours] };
}

/** Where no index is read the engine cuts text as the index of words does, and would cut entries, too. */
function hasAny(index: Index, tokens: readonly string[]): SqlFragment {
  return index === WORDS
    ? sql`hasAnyTokens(${index.column}, ${texts(tokens)})`
    : sql`hasAny(${index.column}, ${texts(tokens)})`;
}

function entriesOf(kind: 'attribute' | 'tag' | 'metadata'): Index {
  switch (kind) {
    case 'attribute':
      return ATTRIBUTES;
    case 'tag':
      return TAGS;
    case 'metadata':
      return METADATA;
    default:
      return kind satisfies never;
  }
}
