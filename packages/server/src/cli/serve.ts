/** `clew server`: the store, the handler and a socket, until a signal says stop. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve, type ServerType } from '@hono/node-server';
import { pino, type Logger } from 'pino';
import { TracingError } from '@clew/core';
import type { ServerConfig } from '../config.ts';
import { createServer } from '../create-server.ts';
import { loadUiFiles } from '../http/ui-files.ts';
import { prepareInThreads } from '../prepare-in-threads.ts';
import { openChdbStore } from '../storage/clickhouse/connect-chdb.ts';
import { openHttpStore } from '../storage/clickhouse/connect-http.ts';
import type { SpanStore } from '../storage/span-store.ts';

/** Requests that are still being answered get this long at shutdown. */
const DRAIN_MILLIS = 10_000;

export interface RunningServer {
  readonly url: string;
  /** Stops listening, finishes what was accepted, closes the store. */
  stop(): Promise<void>;
}

export async function startServer(
  config: ServerConfig,
  logger: Logger = pino({ level: config.logLevel }),
): Promise<RunningServer> {
  const store = await openStore(config);
  const ui = await loadUiFiles(fileURLToPath(new URL('../../../ui/dist', import.meta.url)));
  if (ui === undefined) logger.warn('The UI is not built: only the API is served');
  const threads = prepareInThreads(Math.max(2, availableParallelism() - 1));
  const server = await createServer({
    store,
    prepare: threads.prepare,
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
  const socket = serve({ fetch: server.app.fetch, hostname: config.host, port: config.port });
  const port = await listening(socket, config).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${host}:${port}`,
    async stop() {
      await closeSocket(socket);
      await server.close();
      await threads.close();
    },
  };
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
