/** Searches experiments in memory: there are few, and each batch of spans needs them there anyway. */
import { TracingError, toUnixMillis, type Experiment } from '@clew/core';
import { toLikePattern } from './like.ts';

export type ExperimentView = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

export interface ExperimentSearch {
  readonly view: ExperimentView;
  /** At least 1. */
  readonly maxResults: number;
  /** `AND` of comparisons on `name`, `creation_time`, `last_update_time` and `tags.<key>`; empty for all. */
  readonly filter: string;
  /** `name`, `experiment_id`, `creation_time` or `last_update_time`, each with `ASC` or `DESC`. */
  readonly orderBy: readonly string[];
  /** Empty for the first page. */
  readonly pageToken: string;
}

export interface ExperimentPage {
  readonly experiments: readonly Experiment[];
  readonly nextPageToken?: string;
}

/**
 * @param experiments - Newest first, then by id: the default order.
 * @throws {TracingError} `invalid_argument` for a filter, order or token it cannot read.
 */
export function searchExperiments(experiments: readonly Experiment[], search: ExperimentSearch): ExperimentPage {
  const matches = parseFilter(search.filter);
  const found = experiments.filter(
    (experiment) => isInView(experiment, search.view) && matches.every((match) => match(experiment)),
  );
  const order = search.orderBy.map(parseOrder);
  const sorted = order.length === 0 ? found : found.toSorted((a, b) => compare(a, b, order));
  const offset = parseToken(search.pageToken);
  const next = offset + search.maxResults;
  return {
    experiments: sorted.slice(offset, next),
    ...(next < sorted.length ? { nextPageToken: Buffer.from(String(next)).toString('base64url') } : {}),
  };
}

type Match = (experiment: Experiment) => boolean;

const CLAUSE =
  /^\s*(?:(?:attributes?|experiment)\.)?(?:(name|creation_time|last_update_time)|tags?\.(?:`([^`]+)`|"([^"]+)"|([\w.\-/]+)))\s*(!=|<=|>=|=|<|>|I?LIKE\b)\s*(?:'((?:[^']|'')*)'|"([^"]*)"|(-?\d+))\s*$/i;

function parseFilter(filter: string): readonly Match[] {
  if (filter.trim() === '') return [];
  return splitAnd(filter).map(parseClause);
}

/** Splits at `AND` outside of quotes. */
function splitAnd(filter: string): readonly string[] {
  return filter
    .replaceAll(/'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\bAND\b/gi, (part) => (part.toUpperCase() === 'AND' ? '\u0000' : part))
    .split('\u0000');
}

function parseClause(text: string): Match {
  const match = CLAUSE.exec(text);
  if (match === null) {
    throw new TracingError(
      'invalid_argument',
      `Cannot parse filter clause "${text.trim().slice(0, 200)}": expected name, creation_time, last_update_time or tags.<key>, an operator and a value`,
    );
  }
  const [, field, backticked, quotedKey, plainKey, operator = '', single, double, number] = match;
  const key = backticked ?? quotedKey ?? plainKey;
  const value = single?.replaceAll("''", "'") ?? double;
  if (field === 'creation_time' || field === 'last_update_time') {
    return numberMatch(
      text,
      (experiment) => toUnixMillis(field === 'creation_time' ? experiment.creationTime : experiment.lastUpdateTime),
      operator,
      number,
    );
  }
  return textMatch(
    text,
    (experiment) => (key === undefined ? experiment.name : experiment.tags[key]),
    operator.toUpperCase(),
    value,
  );
}

function numberMatch(
  clause: string,
  read: (experiment: Experiment) => number,
  operator: string,
  digits: string | undefined,
): Match {
  if (digits === undefined || operator.toUpperCase().endsWith('LIKE')) {
    throw new TracingError(
      'invalid_argument',
      `Invalid filter clause "${clause.trim()}": expected a comparison with a number`,
    );
  }
  const wanted = Number(digits);
  const compareNumbers: Record<string, (value: number) => boolean> = {
    '=': (value) => value === wanted,
    '!=': (value) => value !== wanted,
    '<': (value) => value < wanted,
    '<=': (value) => value <= wanted,
    '>': (value) => value > wanted,
    '>=': (value) => value >= wanted,
  };
  return (experiment) => compareNumbers[operator]?.(read(experiment)) ?? false;
}

function textMatch(
  clause: string,
  read: (experiment: Experiment) => string | undefined,
  operator: string,
  wanted: string | undefined,
): Match {
  if (wanted === undefined)
    throw new TracingError('invalid_argument', `Invalid filter clause "${clause.trim()}": expected a quoted text`);
  const test = textTest(clause, operator, wanted);
  return (experiment) => {
    const value = read(experiment);
    return value !== undefined && test(value);
  };
}

function textTest(clause: string, operator: string, wanted: string): (value: string) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === wanted;
    case '!=':
      return (value) => value !== wanted;
    case 'LIKE':
    case 'ILIKE': {
      const pattern = toLikePattern(wanted, operator === 'ILIKE');
      return (value) => pattern.test(value);
    }
    default:
      throw new TracingError(
        'invalid_argument',
        `Invalid operator in "${clause.trim()}": expected =, !=, LIKE or ILIKE`,
      );
  }
}

interface ExperimentOrder {
  readonly key: 'name' | 'experiment_id' | 'creation_time' | 'last_update_time';
  readonly descending: boolean;
}

function parseOrder(text: string): ExperimentOrder {
  const match = /^\s*(?:attributes?\.)?(name|experiment_id|creation_time|last_update_time)(?:\s+(asc|desc))?\s*$/i.exec(
    text,
  );
  if (match === null) {
    throw new TracingError(
      'invalid_argument',
      `Invalid order_by "${text.slice(0, 200)}": expected name, experiment_id, creation_time or last_update_time`,
    );
  }
  return { key: match[1]?.toLowerCase() as ExperimentOrder['key'], descending: match[2]?.toLowerCase() === 'desc' };
}

function compare(a: Experiment, b: Experiment, order: readonly ExperimentOrder[]): number {
  for (const { key, descending } of [...order, { key: 'experiment_id', descending: true } as const]) {
    const [left, right] = [valueOf(a, key), valueOf(b, key)];
    if (left !== right) return left < right === descending ? 1 : -1;
  }
  return 0;
}

function valueOf(experiment: Experiment, key: ExperimentOrder['key']): string | bigint {
  switch (key) {
    case 'name':
      return experiment.name;
    case 'experiment_id':
      return /^\d+$/.test(experiment.experimentId) ? BigInt(experiment.experimentId) : experiment.experimentId;
    case 'creation_time':
      return experiment.creationTime;
    default:
      return experiment.lastUpdateTime;
  }
}

function isInView(experiment: Experiment, view: ExperimentView): boolean {
  if (view === 'ALL') return true;
  return experiment.lifecycleStage === (view === 'ACTIVE_ONLY' ? 'active' : 'deleted');
}

function parseToken(token: string): number {
  if (token === '') return 0;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!/^\d{1,9}$/.test(text))
    throw new TracingError(
      'invalid_argument',
      `Invalid page_token "${token.slice(0, 100)}": expected one from the answer before`,
    );
  return Number(text);
}
