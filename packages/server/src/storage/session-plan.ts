/** Sessions as searches see them: every session some matching trace belongs to, newest activity first. */
import type { ExperimentId, Filter, UnixNanos } from '@clew/core';

export interface SessionPlan {
  /** Empty matches nothing. */
  readonly experimentIds: readonly ExperimentId[];
  /** Which traces count; a session without any is left out. */
  readonly filter: Filter;
  readonly limit: number;
  /** The last session of the page before. */
  readonly after?: SessionCursor;
}

export interface SessionCursor {
  readonly lastStart: UnixNanos;
  readonly sessionId: string;
}

export interface SessionPage {
  /** By the start of their last trace, newest first, then by id. */
  readonly sessions: readonly SessionSummary[];
  /** Absent on the last page. */
  readonly next?: SessionCursor;
}

export interface SessionSummary {
  readonly sessionId: string;
  readonly traceCount: number;
  /** Traces in state ERROR. */
  readonly errorCount: number;
  readonly firstStart: UnixNanos;
  readonly lastStart: UnixNanos;
  /** Latest end of a trace; a running one ends when it starts. */
  readonly end: UnixNanos;
  /** Sums over traces that report any; absent where none does. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  /** US dollars. */
  readonly totalCost?: number;
  /** Of the newest trace that names one. */
  readonly userId?: string;
  /** Of the oldest trace that has one. */
  readonly firstRequest?: string;
  /** Of the newest trace that has one. */
  readonly lastResponse?: string;
}
