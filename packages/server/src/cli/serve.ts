/** `clew server`: the store, the handler and a socket, until a signal says stop. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serve, type ServerType } from '@hono/node-server';
import { pino, type Logger } from 'pino';
import { TracingError } from '@clew/core';
import type { ServerConfig } from '../config.ts';
import { createServer, type ClewServer } from '../create-server.ts';
import { loadUiFiles, type UiFiles } from '../http/ui-files.ts';
import type { PrepareRequest } from '../ingest/prepare-request.ts';
import { prepareInThreads } from '../prepare-in-threads.ts';
import { openChdbStore } from '../storage/clickhouse/connect-chdb.ts';
import { isDatabaseAway } from '../storage/clickhouse/connect-http-failure.ts';
import { openHttpStore } from '../storage/clickhouse/connect-http.ts';
import type { SpanStore } from '../storage/span-store.ts';
import { createAwayHandler } from './away-handler.ts';
import { retryWhileAway } from './retry-while-away.ts';

/** Requests that are still being answered get this long at shutdown. */
const DRAIN_MILLIS = 10_000;

export interface RunningServer {
  readonly url: string;
  /** Why the store is not open yet; absent once it is. */
  readonly waitsFor: string | undefined;
  /**
   * Resolves to whether the store was opened; false when the server was stopped before.
   *
   * Rejects when it can never be, such as for a wrong password; the server is of no use then.
   */
  readonly opened: Promise<boolean>;
  /** Stops listening, finishes what was accepted, closes the store. */
  stop(): Promise<void>;
}

/**
 * Resolves once requests are answered: by the store, or, while its database is away, by 503 with the reason.
 *
 * @throws {TracingError} when the store can never be opened, or somebody else listens on the port.
 */
export async function startServer(
  config: ServerConfig,
  logger: Logger = pino({ level: config.logLevel }),
): Promise<RunningServer> {
  const ui = await loadUiFiles(fileURLToPath(new URL('../../../ui/dist', import.meta.url)));
  if (ui === undefined) logger.warn('The UI is not built: only the API is served');
  const threads = prepareInThreads(Math.max(2, availableParallelism() - 1));
  const stopping = new AbortController();
  const away = waitForNews();
  let server: ClewServer | undefined;
  const opened = retryWhileAway(async () => openServer(config, threads.prepare, logger, ui), {
    isAway: (error) => config.clickHouse !== undefined && isDatabaseAway(error),
    onAway: (error) => {
      away.tell(error instanceof Error ? error.message : String(error));
    },
    sleep,
    signal: stopping.signal,
  }).then((open) => {
    server = open;
    return open !== undefined;
  });
  const awayHandler = createAwayHandler({ ...config, reason: away.reason, ...(ui === undefined ? {} : { ui }) });
  try {
    await Promise.race([opened, away.first]);
    const fetch: typeof awayHandler.fetch = (...call) => (server?.app ?? awayHandler).fetch(...call);
    const socket = serve({ fetch, hostname: config.host, port: config.port });
    const port = await listening(socket, config);
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    return {
      url: `http://${host}:${port}`,
      get waitsFor() {
        return server === undefined ? away.reason() : undefined;
      },
      opened,
      async stop() {
        stopping.abort();
        await closeSocket(socket);
        await server?.close();
        await threads.close();
      },
    };
  } catch (error) {
    stopping.abort();
    await server?.close();
    await threads.close();
    throw error;
  }
}

/** Both or none: what the server reads at its start may fail when the store has just been opened. */
async function openServer(
  config: ServerConfig,
  prepare: PrepareRequest,
  logger: Logger,
  ui: UiFiles | undefined,
): Promise<ClewServer> {
  const store = await openStore(config);
  try {
    return await createServer({
      store,
      prepare,
      allowedHosts: config.allowedHosts,
      allowedOrigins: config.allowedOrigins,
      mlflowVersion: config.mlflowVersion,
      tell: (line) => {
        logger.info(line);
      },
      report: (error) => {
        logger.error({ err: error }, 'A request failed');
      },
      ...(ui === undefined ? {} : { ui }),
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The last thing heard of a database that is away. */
function waitForNews(): {
  readonly first: Promise<void>;
  readonly tell: (reason: string) => void;
  readonly reason: () => string;
} {
  let reason = '';
  let hear = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    hear = resolve;
  });
  return {
    first,
    tell(heard) {
      reason = heard;
      hear();
    },
    reason: () => reason,
  };
}

async function sleep(millis: number, signal: AbortSignal): Promise<void> {
  await setTimeoutPromise(millis, undefined, { ref: false, signal }).catch(() => undefined);
}

async function openStore({ clickHouse, dataFolder, threads }: ServerConfig): Promise<SpanStore> {
  if (clickHouse === undefined) return openChdbStore({ path: resolve(dataFolder), threads });
  return openHttpStore(clickHouse);
}

async function listening(socket: ServerType, config: ServerConfig): Promise<number> {
  try {
    await once(socket, 'listening');
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const reason = isTaken ? 'something else listens there already' : String(error);
    throw new TracingError('unavailable', `Cannot listen on ${config.host}:${config.port}: ${reason}`, {
      cause: error,
    });
  }
  const address = socket.address();
  return typeof address === 'object' && address !== null ? address.port : config.port;
}

async function closeSocket(socket: ServerType): Promise<void> {
  const closed = new Promise<void>((done) => {
    socket.close(() => {
      done();
    });
  });
  if ('closeIdleConnections' in socket) socket.closeIdleConnections();
  const timer = setTimeout(() => {
    if ('closeAllConnections' in socket) socket.closeAllConnections();
  }, DRAIN_MILLIS);
  await closed;
  clearTimeout(timer);
}
