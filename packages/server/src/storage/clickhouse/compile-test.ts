/** Tests of one value to conditions that are true or false, never null. */
import { compilePattern, type Test } from '@clew/core';
import { TEXT_MARK } from './span-row.ts';
import { double, sql, text, texts, type SqlFragment } from './sql.ts';

export const TRUE: SqlFragment = sql`true`;
export const FALSE: SqlFragment = sql`false`;

export function negate(condition: SqlFragment): SqlFragment {
  return sql`NOT (${condition})`;
}

/** A test on text, which may be null: null matches only `is null`, and text never matches a numeric test. */
export function compileTextTest(test: Test, value: SqlFragment): SqlFragment {
  switch (test.op) {
    case '=':
      return orFalse(sql`${value} = ${text(test.value)}`);
    case '!=':
      return orFalse(sql`${value} != ${text(test.value)}`);
    case 'in':
      return test.values.length === 0 ? FALSE : orFalse(sql`${value} IN ${texts(test.values)}`);
    case 'not in':
      return test.values.length === 0 ? sql`isNotNull(${value})` : orFalse(sql`${value} NOT IN ${texts(test.values)}`);
    case 'like':
      return orFalse(sql`${value} LIKE ${likePattern(test.pattern)}`);
    case 'ilike':
      // Not ILIKE: it folds case in two ways that disagree on a few characters, with each other and with `matchesIlike`.
      return orFalse(sql`lowerUTF8(${value}) LIKE ${likePattern(test.pattern.toLowerCase())}`);
    case 'rlike':
      return compilePattern(test.pattern).ok ? orFalse(sql`match(${value}, ${text(test.pattern)})`) : FALSE;
    case 'is null':
      return sql`isNull(${value})`;
    case 'is not null':
      return sql`isNotNull(${value})`;
    default:
      return FALSE;
  }
}

/** A test on a number, which may be null: null matches only `is null`, and a number never matches a test on text. */
export function compileNumberTest(test: Test, value: SqlFragment): SqlFragment {
  switch (test.op) {
    case '==':
      return orFalse(sql`${value} = ${double(test.number)}`);
    case '!==':
      return orFalse(sql`${value} != ${double(test.number)}`);
    case '<':
      return orFalse(sql`${value} < ${double(test.number)}`);
    case '<=':
      return orFalse(sql`${value} <= ${double(test.number)}`);
    case '>':
      return orFalse(sql`${value} > ${double(test.number)}`);
    case '>=':
      return orFalse(sql`${value} >= ${double(test.number)}`);
    case 'is null':
      return sql`isNull(${value})`;
    case 'is not null':
      return sql`isNotNull(${value})`;
    default:
      return FALSE;
  }
}

/** How a value is stored: which stored texts have this text as their value, and what a stored text's value is. */
interface Storage {
  readonly stored: (values: readonly string[]) => readonly string[];
  readonly textOf: (cell: SqlFragment) => SqlFragment;
}

const JSON_TEXT: Storage = {
  stored: jsonTextsOf,
  textOf: (json) => sql`if(startsWith(${json}, '"'), JSONExtractString(${json}), ${json})`,
};

/** As `span-row.ts` writes attributes. */
const CELL: Storage = {
  stored: (values) =>
    values.flatMap((value) => (value.startsWith(TEXT_MARK) ? [TEXT_MARK + value] : [TEXT_MARK + value, value])),
  textOf: textOfCell,
};

/** All texts a test can be true of, when they are few. */
export function testedTexts(test: Test): readonly string[] | undefined {
  if (test.op === '=') return [test.value];
  return test.op === 'in' && test.values.length > 0 ? test.values : undefined;
}

/** What `span-row.ts` writes for attributes with one of these texts. */
export function storedCellsOf(values: readonly string[]): readonly string[] {
  return CELL.stored(values);
}

/** A test on a value that is stored as JSON text: numeric tests look at numbers only, all others at its text. */
export function compileJsonTest(test: Test, json: SqlFragment): SqlFragment {
  return compileStoredTest(test, json, JSON_TEXT);
}

/** As {@link compileJsonTest}, on an attribute. */
export function compileCellTest(test: Test, cell: SqlFragment): SqlFragment {
  return compileStoredTest(test, cell, CELL);
}

/** The text of an attribute's value. */
export function textOfCell(cell: SqlFragment): SqlFragment {
  return sql`if(startsWith(${cell}, '\\''), substring(${cell}, 2), ${cell})`;
}

function compileStoredTest(test: Test, cell: SqlFragment, { stored, textOf }: Storage): SqlFragment {
  switch (test.op) {
    case '=':
      return sql`${cell} IN ${texts(stored([test.value]))}`;
    case '!=':
      return sql`${cell} NOT IN ${texts(stored([test.value]))}`;
    case 'in':
      return test.values.length === 0 ? FALSE : sql`${cell} IN ${texts(stored(test.values))}`;
    case 'not in':
      return test.values.length === 0 ? TRUE : sql`${cell} NOT IN ${texts(stored(test.values))}`;
    case '==':
    case '!==':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileNumberTest(test, sql`toFloat64OrNull(${cell})`);
    default:
      return compileTextTest(test, textOf(cell));
  }
}

/** JSON texts of all values whose text is one of these: text itself, or what is no text and reads like this. */
export function jsonTextsOf(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => (value.startsWith('"') ? [JSON.stringify(value)] : [JSON.stringify(value), value]));
}

function orFalse(condition: SqlFragment): SqlFragment {
  return sql`ifNull(${condition}, false)`;
}

/** The language of filters has no escapes; ClickHouse's LIKE has backslashes. */
function likePattern(pattern: string): SqlFragment {
  return text(pattern.replaceAll('\\', '\\\\'));
}
