/** What can be wrong with a database server, switched on from outside while it runs. */

export type Fault =
  | { readonly kind: 'none' }
  /** Every statement waits before it begins. */
  | { readonly kind: 'slow'; readonly millis: number }
  /** Status 503 without a word of the engine, as a balancer with nothing behind it answers. */
  | { readonly kind: 'unavailable' }
  /** The connection ends before anything is answered. */
  | { readonly kind: 'hang-up' }
  /** Half of an answer, then the end of the connection. */
  | { readonly kind: 'cut-answer' }
  /** The process dies at an insert into a table: before the engine hears of it, or once it has stored everything. */
  | { readonly kind: 'die'; readonly moment: 'before' | 'after'; readonly table: string };

/** Messages of the process that started the server. */
export type ToServer = { readonly kind: 'set-fault'; readonly fault: Fault } | { readonly kind: 'count-faulty' };

/** Its answers. */
export type FromServer =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'fault-set' }
  /** Requests that met a fault since the last one was set. */
  | { readonly kind: 'faulty'; readonly count: number };
