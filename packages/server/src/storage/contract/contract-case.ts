import type { SpanStore } from '../span-store.ts';

/** One promise of the port. It may find other cases' data in the store, but none under ids it made itself. */
export interface ContractCase {
  /** A whole sentence; excuses name it. */
  readonly title: string;
  readonly run: (store: SpanStore) => Promise<void>;
}
