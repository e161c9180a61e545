/**
 * What a page shows, as the query of its address and back. Defaults are left out, values stay readable, the order of
 * parameters is fixed, and an address that makes no sense falls back to the default and says which part it ignored.
 */

export const TRACE_SORT_KEYS = ['time', 'name', 'duration', 'tokens', 'spans', 'session'] as const;
export type TraceSortKey = (typeof TRACE_SORT_KEYS)[number];

export interface TraceSort {
  readonly key: TraceSortKey;
  readonly isDescending: boolean;
}

export const NEWEST_FIRST: TraceSort = { key: 'time', isDescending: true };

export interface TracesView {
  readonly filter: string;
  readonly sort: TraceSort;
}

export const SPAN_TABS = ['io', 'attrs', 'events', 'json'] as const;
export type SpanTab = (typeof SPAN_TABS)[number];

/** Milliseconds since the trace began. */
interface ZoomRange {
  readonly start: number;
  readonly end: number;
}

export interface TraceView {
  /** Span to show; the page chooses one when absent. */
  readonly span?: string;
  readonly tab: SpanTab;
  readonly zoom?: ZoomRange;
  readonly find: string;
}

/** A query as the router hands it over; only texts mean something to us. */
export type Query = { readonly [name: string]: unknown };
export type WrittenQuery = { readonly [name: string]: string };

export interface ReadView<View> {
  readonly view: View;
  /** Names of parameters that could not be understood. */
  readonly ignored: readonly string[];
}

export function readTracesView(query: Query): ReadView<TracesView> {
  const sort = readSort(query['sort']);
  return {
    view: { filter: text(query['f']) ?? '', sort: sort ?? NEWEST_FIRST },
    ignored: query['sort'] !== undefined && sort === undefined ? ['sort'] : [],
  };
}

export function writeTracesView({ filter, sort }: TracesView): WrittenQuery {
  const isDefault = sort.key === NEWEST_FIRST.key && sort.isDescending === NEWEST_FIRST.isDescending;
  return {
    ...(filter === '' ? {} : { f: filter }),
    ...(isDefault ? {} : { sort: `${sort.isDescending ? '-' : ''}${sort.key}` }),
  };
}

export function readTraceView(query: Query): ReadView<TraceView> {
  const span = text(query['span'])?.toLowerCase();
  const tab = SPAN_TABS.find((known) => known === query['tab']);
  const zoom = readZoom(query['z']);
  const ignored = [
    ...(query['tab'] !== undefined && tab === undefined ? ['tab'] : []),
    ...(query['z'] !== undefined && zoom === undefined ? ['z'] : []),
  ];
  const view: TraceView = {
    ...(span === undefined ? {} : { span }),
    tab: tab ?? 'io',
    ...(zoom === undefined ? {} : { zoom }),
    find: text(query['q']) ?? '',
  };
  return { view, ignored };
}

export function writeTraceView({ span, tab, zoom, find }: TraceView): WrittenQuery {
  return {
    ...(span === undefined ? {} : { span }),
    ...(tab === 'io' ? {} : { tab }),
    ...(zoom === undefined ? {} : { z: `${roundMillis(zoom.start)}~${roundMillis(zoom.end)}` }),
    ...(find === '' ? {} : { q: find }),
  };
}

/** Reads `?a=b&c=d`; of a name given twice the first counts. */
export function parseQuery(search: string): WrittenQuery {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) query[name] ??= value;
  return query;
}

/** Writes `?a=b&c=d`, leaving alone what may stand in a query, so that a person can read it. */
export function printQuery(query: Query): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${encode(name)}=${encode(value)}`] : [],
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function encode(text: string): string {
  return encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')).replace(
    /%(?:20|3A|2C|2F|40|24|3D|3F)/g,
    (code) => READABLE[code] ?? code,
  );
}

/** Allowed in a query as they are (RFC 3986, section 3.4), and a blank as forms write it. */
const READABLE: { readonly [code: string]: string } = {
  '%20': '+',
  '%3A': ':',
  '%2C': ',',
  '%2F': '/',
  '%40': '@',
  '%24': '$',
  '%3D': '=',
  '%3F': '?',
};

function readSort(value: unknown): TraceSort | undefined {
  const written = text(value);
  if (written === undefined) return undefined;
  const isDescending = written.startsWith('-');
  const key = TRACE_SORT_KEYS.find((known) => known === (isDescending ? written.slice(1) : written));
  return key === undefined ? undefined : { key, isDescending };
}

function readZoom(value: unknown): ZoomRange | undefined {
  const match = /^(\d+(?:\.\d+)?)~(\d+(?:\.\d+)?)$/.exec(text(value) ?? '');
  if (match === null) return undefined;
  const [start, end] = [Number(match[1]), Number(match[2])];
  return end > start ? { start, end } : undefined;
}

/** To the nanosecond; more digits are noise of the pointer. */
function roundMillis(millis: number): string {
  return String(Number(millis.toFixed(6)));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
