/**
 * Searches in three moves, so that neither the newest of every row nor a payload is looked for in the whole store.
 * Candidates are rows of `traces_by_start`, in the order asked for, that match if they are current and if what the
 * indexes cannot tell holds. Those few are verified: against the current version of their trace, and conditions on
 * other tables against the newest of everything these traces have. Then the headers of the page are read.
 *
 * A page is exact because the current row of every trace that matches is a candidate, at its place in the order.
 */
import type { Filter, Order, TraceHeader, TraceId } from '@clew/core';
import type { SearchCursor, SearchPage, SearchPlan } from '../span-store.ts';
import { readInteger, type Row } from './cells.ts';
import {
  compileCandidates,
  compileHeaders,
  compileSearch,
  compileVerification,
  isByStart,
  type HeaderPlace,
} from './compile-plan.ts';
import type { Engine } from './engine.ts';
import { readExperimentId, readTraceId } from './ids-of-row.ts';
import { chooseSteps, type Step } from './search-steps.ts';
import { toHeader } from './trace-row.ts';

/** A trace deleted while its page is read is left out; the cursor stands all the same. */
export async function searchTraces(
  engine: Engine,
  plan: SearchPlan,
  readHeaders: (traceIds: readonly TraceId[]) => Promise<readonly TraceHeader[]>,
  signal?: AbortSignal,
): Promise<SearchPage> {
  if (plan.experimentIds.length === 0) {
    signal?.throwIfAborted();
    return { traces: [] };
  }
  const found = await findPlaces(engine, plan, signal);
  const page = found.slice(0, plan.limit);
  const traces = await readPage(engine, page, readHeaders, signal);
  const last = page.at(-1);
  return last === undefined || found.length <= plan.limit ? { traces } : { traces, next: last.cursor };
}

/** A row in the order of a search. */
interface Place extends HeaderPlace {
  readonly cursor: SearchCursor;
}

/** The places of a page and at least one more, if there are that many. */
async function findPlaces(
  engine: Engine,
  plan: SearchPlan,
  signal: AbortSignal | undefined,
): Promise<readonly Place[]> {
  const found: Place[] = [];
  let rest = plan;
  for await (const step of chooseSteps(engine, plan, signal)) {
    const { candidates, end } = await readCandidates(engine, rest, step, signal);
    found.push(...(await verify(engine, rest, candidates, signal)));
    if (end === undefined || found.length > plan.limit) return found;
    rest = { ...rest, after: end };
  }
  // So many candidates and so few matches: everything is looked at, once.
  const others = await engine.readRows(compileSearch(rest), signal);
  return [...found, ...others.map((row) => toPlace(row, plan.order))];
}

interface Candidates {
  /** In order and without gaps. */
  readonly candidates: readonly Place[];
  /** Where others follow, if any do. */
  readonly end: SearchCursor | undefined;
}

async function readCandidates(
  engine: Engine,
  plan: SearchPlan,
  step: Step,
  signal: AbortSignal | undefined,
): Promise<Candidates> {
  const { following, hints, size } = step;
  const read = async (isByKey: boolean): Promise<readonly Place[]> => {
    const rows = await engine.readRows(compileCandidates(plan, following, hints, size, isByKey), signal);
    return rows.map((row) => toPlace(row, plan.order));
  };
  if (isByStart(plan.order)) {
    const places = await read(true);
    const last = places.at(-1);
    if (last === undefined || places.length < size) return { candidates: sortTies(places), end: undefined };
    // Of those that start with the last one some may be missing, and not the last ones by id: they are left for later.
    const candidates = places.filter(({ startNanos }) => startNanos !== last.startNanos);
    const end = { ...last.cursor, traceId: BEFORE_ANY_ID };
    if (candidates.length > 0) return { candidates: sortTies(candidates), end };
  }
  const candidates = await read(false);
  return { candidates, end: candidates.length < size ? undefined : candidates.at(-1)?.cursor };
}

/** Sorts before every trace id. */
const BEFORE_ANY_ID = '' as TraceId;

/** Newest first, then by id. */
function sortTies(places: readonly Place[]): readonly Place[] {
  return [...places].sort((a, b) => {
    if (a.startNanos !== b.startNanos) return a.startNanos > b.startNanos ? -1 : 1;
    return a.traceId < b.traceId ? -1 : 1;
  });
}

/** The candidates that are current and match, each trace once. */
async function verify(
  engine: Engine,
  { filter }: SearchPlan,
  candidates: readonly Place[],
  signal: AbortSignal | undefined,
): Promise<readonly Place[]> {
  if (candidates.length === 0) return [];
  const traceIds = [...new Set(candidates.map(({ traceId }) => traceId))];
  const current = new Set<string>();
  const ofOtherTables: Filter = asksOtherTables(filter) ? filter : { kind: 'all', of: [] };
  for (const row of await engine.readRows(compileVerification(ofOtherTables, traceIds), signal))
    current.add(keyOf(toHeaderPlace(row)));
  // A key leaves the set with the row it finds: of equal rows one counts.
  return candidates.filter((candidate) => current.delete(keyOf(candidate)));
}

/** In order. What was replaced between two statements is read again by its id. */
async function readPage(
  engine: Engine,
  page: readonly Place[],
  readHeaders: (traceIds: readonly TraceId[]) => Promise<readonly TraceHeader[]>,
  signal: AbortSignal | undefined,
): Promise<readonly TraceHeader[]> {
  if (page.length === 0) return [];
  const headers = new Map<string, TraceHeader>();
  for (const row of await engine.readRows(compileHeaders(page), signal))
    headers.set(keyOf(toHeaderPlace(row)), toHeader(row));
  const missing = page.filter((place) => !headers.has(keyOf(place))).map(({ traceId }) => traceId);
  const others = missing.length === 0 ? [] : await readHeaders(missing);
  const byId = new Map(others.map((header) => [header.traceId, header]));
  return page.flatMap((place) => headers.get(keyOf(place)) ?? byId.get(place.traceId) ?? []);
}

function asksOtherTables(filter: Filter): boolean {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.some(asksOtherTables);
    case 'not':
      return asksOtherTables(filter.filter);
    default:
      return filter.kind === 'span' || filter.kind === 'feedback' || filter.kind === 'expectation';
  }
}

function keyOf({ traceId, version, experimentId, startNanos }: HeaderPlace): string {
  return `${traceId} ${version} ${startNanos} ${experimentId}`;
}

function toPlace(row: Row, order: readonly Order[]): Place {
  const place = toHeaderPlace(row);
  const keys: unknown = row['keys'];
  if (!Array.isArray(keys)) throw new Error('Expected the keys of a page');
  const cursor = {
    keys: order.map((_, index) => toKey(keys[index])),
    startNanos: place.startNanos,
    traceId: place.traceId,
  };
  return { ...place, cursor };
}

function toHeaderPlace(row: Row): HeaderPlace {
  return {
    traceId: readTraceId(row, 'trace_id'),
    version: readInteger(row, 'version'),
    experimentId: readExperimentId(row, 'experiment_id'),
    startNanos: readInteger(row, 'start_ns'),
  };
}

function toKey(value: unknown): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new Error(`Unexpected key ${JSON.stringify(value)}`);
}
