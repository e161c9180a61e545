import type { Context } from 'hono';
import type { UnixNanos } from '@clew/core';
import type { Message } from '@clew/core/wire';
import type { Experiments } from '../ingest/experiments.ts';
import type { Pipeline } from '../ingest/pipeline.ts';
import type { PrepareRequest } from '../ingest/prepare-request.ts';
import type { DocumentStore } from '../storage/document-store.ts';
import type { SpanReader } from '../storage/span-store.ts';
import type { Runs } from '../tracking/runs.ts';
import type { BodyReader } from './body.ts';
import type { ReportError } from './problem.ts';

/** What handlers may use: ports and the pipeline, never an adapter. */
export interface Services {
  readonly reader: SpanReader;
  readonly documents: DocumentStore;
  readonly runs: Runs;
  readonly pipeline: Pipeline;
  readonly experiments: Experiments;
  readonly bodies: BodyReader;
  readonly prepare: PrepareRequest;
  readonly report: ReportError;
  readonly now: () => UnixNanos;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Resolves after so many milliseconds. */
  readonly sleep: (millis: number) => Promise<void>;
  /** What `GET /version` answers: the MLflow release whose contract is spoken. */
  readonly mlflowVersion: string;
}

/** One RPC-style request: its message comes from the query of a GET, else from the body. */
export interface Call {
  readonly message: Message;
  /** A decoded path parameter. */
  readonly parameter: (name: string) => string;
  readonly signal: AbortSignal;
  readonly context: Context;
}

export type RpcHandler = (call: Call) => Promise<Response>;

/** A route as data: the whole table can be listed, tested and served under each of its prefixes. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** MLflow's API major versions it stands under; `clew` is our own API. */
  readonly under: readonly ('2.0' | '3.0' | 'clew')[];
  /** Below the prefix; `:name` is a parameter. */
  readonly path: string;
  readonly handle: RpcHandler;
}
