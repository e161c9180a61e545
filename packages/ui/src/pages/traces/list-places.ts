import type { WrittenQuery } from '../../state/url.ts';

/** Where a reader was in a list, so that Back returns to the same rows and a trace knows its neighbours. */
export interface ListPlace {
  readonly scrollTop: number;
  /** The row that was opened. */
  readonly traceId: string;
}

/** The list a trace was opened from. */
export interface OpenedList {
  /** The query of its address. */
  readonly query: WrittenQuery;
  readonly experimentId: string;
  /** The rows that were loaded, in their order. */
  readonly traceIds: readonly string[];
  /** All that matched, loaded or not. */
  readonly total: number;
}

export interface Neighbours {
  readonly list: OpenedList;
  /** Counted from 1. */
  readonly position: number;
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

const START: ListPlace = { scrollTop: 0, traceId: '' };
const places = new Map<string, ListPlace>();
let lastOpened: OpenedList | undefined;

/** @param address - Path and query of the list. */
export function listPlace(address: string): ListPlace {
  return places.get(address) ?? START;
}

export function rememberListPlace(address: string, place: ListPlace): void {
  places.set(address, place);
}

export function rememberOpenedList(list: OpenedList): void {
  lastOpened = list;
}

/** `undefined` when the trace was not opened from a list: by a link, in a new tab. */
export function neighboursOf(traceId: string): Neighbours | undefined {
  const index = lastOpened?.traceIds.indexOf(traceId) ?? -1;
  if (lastOpened === undefined || index < 0) return undefined;
  const { traceIds } = lastOpened;
  return { list: lastOpened, position: index + 1, previous: traceIds[index - 1], next: traceIds[index + 1] };
}
