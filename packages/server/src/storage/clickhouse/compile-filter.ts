/**
 * Filters to conditions on the table `traces`. They mean exactly what `matchesFilter` means; in particular every
 * condition is true or false and never null, because `not` is plain negation.
 */
import {
  contentPatterns,
  numberOfText,
  unreachable,
  type Filter,
  type NumberField,
  type SpanCondition,
  type Test,
  type TextField,
} from '@clew/core';
import {
  compileCellTest,
  compileJsonTest,
  compileNumberTest,
  compileTextTest,
  jsonTextsOf,
  textOfCell,
  TRUE,
  FALSE,
  negate,
} from './compile-test.ts';
import { MAX_SHORT_CELL } from './span-row.ts';
import { double, joinSql, sql, text, texts, type SqlFragment } from './sql.ts';

/**
 * @param among - The traces in question, as a list of ids: rows of other traces are not looked at. All by default.
 */
export function compileFilter(filter: Filter, among?: SqlFragment): SqlFragment {
  const compile = (part: Filter): SqlFragment => compileFilter(part, among);
  switch (filter.kind) {
    case 'all':
      return filter.of.length === 0 ? TRUE : group(filter.of.map(compile), ' AND ');
    case 'any':
      return filter.of.length === 0 ? FALSE : group(filter.of.map(compile), ' OR ');
    case 'not':
      return negate(compile(filter.filter));
    case 'text':
      return filter.field === 'trace_id' ? compileTraceId(filter.test) : compileTextField(filter.field, filter.test);
    case 'number':
      return compileNumberTest(filter.test, NUMBER_COLUMNS[filter.field]);
    case 'tag':
      return compileEntry(filter.test, sql`tags`, filter.key);
    case 'metadata':
      return compileEntry(filter.test, sql`metadata`, filter.key);
    case 'feedback':
    case 'expectation':
      return compileAssessment(filter.kind, filter.name, filter.test, among);
    case 'span':
      return compileSpan(filter.of, among);
    default:
      return unreachable(filter);
  }
}

/** The fields of a header as columns; every number is nullable or not as the column is. */
export const TEXT_COLUMNS: Readonly<Record<Exclude<TextField, 'run_id'>, SqlFragment>> = {
  trace_id: sql`concat('tr-', trace_id)`,
  client_request_id: sql`client_request_id`,
  status: sql`state`,
  name: sql`name`,
  session: sql`session_id`,
  user: sql`user_id`,
};

export const NUMBER_COLUMNS: Readonly<Record<NumberField, SqlFragment>> = {
  timestamp_ms: sql`intDiv(start_ns, 1000000)`,
  execution_time_ms: sql`intDiv(duration_ns, 1000000)`,
  end_time_ms: sql`intDiv(start_ns + ifNull(duration_ns, 0), 1000000)`,
  input_tokens: sql`input_tokens`,
  output_tokens: sql`output_tokens`,
  total_tokens: sql`total_tokens`,
  span_count: sql`span_count`,
  error_count: sql`error_count`,
  total_cost: sql`total_cost`,
};

export const SOURCE_RUN = 'mlflow.sourceRun';

function group(fragments: readonly SqlFragment[], separator: ' AND ' | ' OR '): SqlFragment {
  return sql`(${joinSql(fragments, separator)})`;
}

/** Whole ids are compared as the column has them, so that the primary key finds them. */
function compileTraceId(test: Test): SqlFragment {
  const wanted = test.op === '=' ? [test.value] : test.op === 'in' ? test.values : undefined;
  if (wanted === undefined) return compileTextTest(test, TEXT_COLUMNS.trace_id);
  const ids = wanted.filter((id) => id.startsWith('tr-')).map((id) => id.slice('tr-'.length));
  return sql`trace_id IN ${texts(ids)}`;
}

function compileTextField(field: Exclude<TextField, 'trace_id'>, test: Test): SqlFragment {
  // Traces linked to runs later have no table yet: the run a trace began in is all there is.
  if (field === 'run_id') return compileEntry(test, sql`metadata`, SOURCE_RUN);
  return compileTextTest(test, TEXT_COLUMNS[field]);
}

function compileEntry(test: Test, map: SqlFragment, key: string): SqlFragment {
  const isThere = sql`mapContains(${map}, ${text(key)})`;
  if (test.op === 'is null') return negate(isThere);
  if (test.op === 'is not null') return isThere;
  return group([isThere, compileTextTest(test, sql`${map}[${text(key)}]`)], ' AND ');
}

/** Some valid assessment of that kind and name matches; `is null`: there is none. */
function compileAssessment(
  kind: 'feedback' | 'expectation',
  name: string,
  test: Test,
  among: SqlFragment | undefined,
): SqlFragment {
  const conditions = [sql`is_valid`, sql`kind = ${text(kind)}`, sql`name = ${text(name)}`];
  const having = (more: readonly SqlFragment[]) =>
    sql`trace_id IN (SELECT trace_id FROM assessments FINAL${within(among)} WHERE ${joinSql([...conditions, ...more], ' AND ')})`;
  if (test.op === 'is null') return negate(having([]));
  if (test.op === 'is not null') return having([]);
  // A null value, as beside an error, matches nothing else.
  return having([sql`value != 'null'`, compileAssessed(test)]);
}

/** Ids are part of the key, so rows may be left out before the newest of each is taken. */
function within(among: SqlFragment | undefined): SqlFragment {
  return among === undefined ? sql`` : sql` PREWHERE trace_id IN ${among}`;
}

/** A test on the value of an assessment; a null value meets some that it does not match. */
export function compileAssessed(test: Test): SqlFragment {
  switch (test.op) {
    case '=':
      return compileEquals([test.value]);
    case '!=':
      return negate(compileEquals([test.value]));
    case 'in':
      return compileEquals(test.values);
    case 'not in':
      return negate(compileEquals(test.values));
    default:
      return compileJsonTest(test, sql`value`);
  }
}

/** As text, or as numbers if both sides are one: `'4'` equals 4.0. */
function compileEquals(values: readonly string[]): SqlFragment {
  const asText = sql`value IN ${texts(jsonTextsOf(values))}`;
  const numbers = values.flatMap((value) => numberOfText(value) ?? []);
  const asNumbers = numbers.map((number) => sql`ifNull(toFloat64OrNull(value) = ${double(number)}, false)`);
  return group([asText, ...asNumbers], ' OR ');
}

function compileSpan(conditions: readonly SpanCondition[], among: SqlFragment | undefined): SqlFragment {
  const where = conditions.length === 0 ? TRUE : joinSql(conditions.map(compileSpanCondition), ' AND ');
  return sql`trace_id IN (SELECT trace_id FROM spans FINAL${within(among)} WHERE ${where})`;
}

export function compileSpanCondition(condition: SpanCondition): SqlFragment {
  const { test } = condition;
  switch (condition.on) {
    case 'name':
      return compileTextTest(test, sql`name`);
    case 'type':
      return compileTextTest(test, sql`type`);
    case 'status':
      return compileTextTest(test, sql`upper(status)`);
    case 'model':
      return compileTextTest(test, sql`model`);
    case 'attribute':
      return compileAttribute(condition.key, test);
    case 'content':
      return compileContent(test);
    default:
      return unreachable(condition);
  }
}

function compileAttribute(key: string, test: Test): SqlFragment {
  const isThere = sql`mapContains(attributes, ${text(key)})`;
  if (test.op === 'is null') return negate(isThere);
  if (test.op === 'is not null') return isThere;
  const cell = sql`attributes[${text(key)}]`;
  const whole = isOnShortValues(test) ? cell : sql`if(${cell} = '', payloads[${text(key)}], ${cell})`;
  return group([isThere, compileCellTest(test, whole)], ' AND ');
}

/** Numbers are short; a short text equals no long one. */
function isOnShortValues(test: Test): boolean {
  switch (test.op) {
    case 'like':
    case 'ilike':
    case 'rlike':
      return false;
    case '=':
    case '!=':
      return test.value.length < MAX_SHORT_CELL;
    case 'in':
    case 'not in':
      return test.values.every((value) => value.length < MAX_SHORT_CELL);
    default:
      return true;
  }
}

/** A pattern with quotes, backslashes or control characters is looked for as it is, and as JSON text has it. */
function compileContent(test: Test): SqlFragment {
  if (test.op !== 'like' && test.op !== 'ilike') return compileTextTest(test, CONTENT);
  const { op } = test;
  return group(
    contentPatterns(test.pattern).map((pattern) => compileTextTest({ op, pattern }, CONTENT)),
    ' OR ',
  );
}

/** `spanContent` of @clew/core as an expression. */
const CONTENT: SqlFragment = sql`concat(name, '\\n', status_message,
  arrayStringConcat(arrayMap((k, v) -> concat('\\n', k, ': ', ${textOfCell(sql`if(v = '', payloads[k], v)`)}), mapKeys(attributes), mapValues(attributes))),
  arrayStringConcat(arrayMap((n, a) -> concat('\\n', n, ' ', a), event_names, event_attributes)))`;
