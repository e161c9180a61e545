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
import { createRetention } from './ingest/retention.ts';
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
  /** Hears what the server did by itself. Default: nobody. */
  readonly tell?: (line: string) => void;
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
  const sleep = async (millis: number, signal?: AbortSignal): Promise<void> => {
    // Nobody should wait for a grace period at shutdown; who gives up is told by the signal alone.
    await setTimeout(millis, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }).catch(
      () => undefined,
    );
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
  const retention = createRetention({ experiments, pipeline, now, tell: options.tell ?? (() => undefined) });
  const stopRetention = repeat(() => retention.run(), sleep, options.report);
  return {
    app,
    async close() {
      await stopRetention();
      await recovered;
      await pipeline.drain();
      await store.close();
    },
  };
}

const RETENTION_MILLIS = 60_000;
/** Between two rounds while there is more to delete: most of the time is ingest's. */
const RETENTION_BUSY_MILLIS = 2000;

/** Runs rounds until it is stopped; stopping waits for the round that runs. */
function repeat(
  round: () => Promise<boolean>,
  sleep: (millis: number, signal: AbortSignal) => Promise<void>,
  report?: ReportError,
): () => Promise<void> {
  const stop = new AbortController();
  const over = (async () => {
    for (let isMore = false; !stop.signal.aborted;) {
      await sleep(isMore ? RETENTION_BUSY_MILLIS : RETENTION_MILLIS, stop.signal);
      if (stop.signal.aborted) return;
      isMore = await round().catch((error: unknown) => {
        report?.(error);
        return false;
      });
    }
  })();
  return async () => {
    stop.abort();
    await over;
  };
}
