/** Where a reader was in a list, so that Back returns to the same rows. */
export interface ListPlace {
  readonly scrollTop: number;
  /** The row that was opened. */
  readonly traceId: string;
}

const START: ListPlace = { scrollTop: 0, traceId: '' };
const places = new Map<string, ListPlace>();

/** @param address - Path and query of the list. */
export function listPlace(address: string): ListPlace {
  return places.get(address) ?? START;
}

export function rememberListPlace(address: string, place: ListPlace): void {
  places.set(address, place);
}
