/** The server without its socket: ports in, a fetch handler out. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Hono } from 'hono';
import { unixNanosFromMillis, type UnixNanos } from '@clew/core';
import { createBodyReader, DEFAULT_BODY_LIMITS, type BodyLimits } from './http/body.ts';
import { createHandler } from './http/handler.ts';
import type { ReportError } from './http/problem.ts';
import type { UiFiles } from './http/ui-files.ts';
import type { CommitterLimits } from './ingest/committer.ts';
import { openExperiments } from './ingest/experiments.ts';
import { createPipeline } from './ingest/pipeline.ts';
import { prepareRequest, type PrepareRequest } from './ingest/prepare-request.ts';
import { resolvingFilters } from './search/resolve-filters.ts';
import type { SpanStore } from './storage/span-store.ts';
import { createRuns } from './tracking/runs.ts';

export interface ClewServerOptions {
  readonly store: SpanStore;
  /** Names it answers to beside localhost and private addresses. Default none. */
  readonly allowedHosts?: readonly string[];
  /** Origins beside its own that may change things. Default none. */
  readonly allowedOrigins?: readonly string[];
  /** The MLflow release `GET /version` names. Default `3.6.0`. */
  readonly mlflowVersion?: string;
  readonly ui?: UiFiles;
  /** Hears of every failure that is not the client's. Default: nobody. */
  readonly report?: ReportError;
  /** Prepares OTLP requests for the store. Default: in this thread. */
  readonly prepare?: PrepareRequest;
  readonly limits?: Partial<BodyLimits> & CommitterLimits;
}

export interface ClewServer {
  readonly app: Hono;
  /** Waits for accepted writes to be stored, then closes the store. */
  close(): Promise<void>;
}

export async function createServer(options: ClewServerOptions): Promise<ClewServer> {
  const { store, limits = {}, ui } = options;
  const now = (): UnixNanos => unixNanosFromMillis(Date.now());
  const sleep = async (millis: number): Promise<void> => {
    // Nobody should wait for a grace period at shutdown.
    await setTimeout(millis, undefined, { ref: false });
  };
  const experiments = await openExperiments(store, now);
  const pipeline = createPipeline({ ...limits, store, experiments, now, randomBytes, sleep });
  // Behind the answers: what it finds, nobody was promised.
  const recovered = pipeline.recover().catch((error: unknown) => options.report?.(error));
  const app = createHandler({
    reader: resolvingFilters(store),
    documents: store,
    runs: createRuns({ documents: store, experiments, now, randomBytes }),
    now,
    randomBytes,
    pipeline,
    experiments,
    prepare: options.prepare ?? (async (request) => prepareRequest(request, (writes) => store.prepareSpans(writes))),
    bodies: createBodyReader({ ...DEFAULT_BODY_LIMITS, ...limits }),
    report: options.report ?? (() => undefined),
    sleep,
    mlflowVersion: options.mlflowVersion ?? '3.6.0',
    allowedHosts: options.allowedHosts ?? [],
    allowedOrigins: options.allowedOrigins ?? [],
    ...(ui === undefined ? {} : { ui }),
  });
  return {
    app,
    async close() {
      await recovered;
      await pipeline.drain();
      await store.close();
    },
  };
}
