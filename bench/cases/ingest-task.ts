/** What one run of the ingest case is told and what it answers. */

/** What a run is told, as its first message. */
export type IngestTask =
  | { readonly kind: 'durable'; readonly folder: string; readonly senders: number }
  /** Rows that are serialised already, in inserts of so many spans; with the headers they lead to, or spans alone. */
  | {
      readonly kind: 'engine';
      readonly folder: string;
      readonly groups: readonly number[];
      readonly withHeaders: boolean;
    };

export interface IngestRun {
  readonly dataset: string;
  readonly spans: number;
  readonly requests: number;
  readonly requestBytes: number;
  /** Spans of each commit. */
  readonly groups: readonly number[];
  readonly spansPerSecond: number;
  readonly cpuMicrosPerSpan: number;
  /** Processor time over the time there was, of all cores. */
  readonly busyShare: number;
  readonly ackMillisP50: number;
  readonly ackMillisP99: number;
  readonly loopLagMillisP99: number;
}

export interface EngineRun {
  readonly rowBytes: number;
  readonly spansPerSecond: number;
  readonly cpuMicrosPerSpan: number;
}

export const SPANS = 80_000;
/** Spans before the clock starts: the first ones are read by code that is not compiled yet. */
export const WARM_UP = 20_000;
