/**
 * ClickHouse's HTTP interface over the embedded engine, in a process of its own: what tests talk to where no real
 * server is to be had. Its parent switches faults on.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Fault, FromServer, ToServer } from './faults.ts';
import { readRequest, type StatementRequest } from './read-request.ts';
import { ONE_NODE_SETTINGS, toOneNode } from './one-node.ts';
import { openStatements } from './statements.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    user: { type: 'string', default: 'default' },
    password: { type: 'string', default: '' },
    cluster: { type: 'boolean', default: false },
    key: { type: 'string' },
    certificate: { type: 'string' },
  },
});
const SESSIONS = 8;
const MAX_HEADER_BYTES = 1024 * 1024;
const AUTHENTICATION_FAILED = 516;
/** Statuses of errors that are not the server's. */
const STATUS_OF_CODE: ReadonlyMap<number, number> = new Map([
  [AUTHENTICATION_FAILED, 403],
  [497, 403],
  [60, 404],
  [81, 404],
  [62, 400],
]);

const statements = openStatements(options.data ?? '', SESSIONS);
let fault: Fault = { kind: 'none' };
let faulty = 0;

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (fault.kind === 'hang-up' || fault.kind === 'unavailable') {
    faulty += 1;
    if (fault.kind === 'hang-up') incoming.socket.destroy();
    else outgoing.writeHead(503).end('no server is available to handle this request');
    return;
  }
  if (new URL(incoming.url ?? '/', 'http://localhost').pathname === '/ping') {
    outgoing.end('Ok.\n');
    return;
  }
  const sent = await readRequest(incoming);
  const request = options.cluster ? onOneNode(sent) : sent;
  if (fault.kind === 'slow') {
    faulty += 1;
    await setTimeout(fault.millis);
  }
  outgoing.setHeader('x-clickhouse-query-id', request.queryId ?? '');
  try {
    if (request.user !== options.user || request.password !== options.password) {
      const message = `${request.user}: Authentication failed: password is incorrect, or there is no user with such name.`;
      throw Object.assign(new Error(message), { code: AUTHENTICATION_FAILED });
    }
    dieAtInsert('before', request);
    const result = await statements.run(request);
    dieAtInsert('after', request);
    send(outgoing, request, result);
  } catch (error) {
    await refuse(outgoing, error);
  }
}

function onOneNode(request: StatementRequest): StatementRequest {
  const settings = new Map([...request.settings, ...ONE_NODE_SETTINGS]);
  return { ...request, query: toOneNode(request.query), settings };
}

function send(outgoing: ServerResponse, { isGzipWanted }: StatementRequest, result: Buffer): void {
  const body = isGzipWanted ? gzipSync(result) : result;
  if (isGzipWanted) outgoing.setHeader('content-encoding', 'gzip');
  if (fault.kind !== 'cut-answer') {
    outgoing.end(body);
    return;
  }
  faulty += 1;
  outgoing.setHeader('content-length', body.length);
  outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
}

async function refuse(outgoing: ServerResponse, error: unknown): Promise<void> {
  const code = error instanceof Error && 'code' in error ? Number(error.code) : 0;
  const message = error instanceof Error ? error.message : String(error);
  outgoing.writeHead(STATUS_OF_CODE.get(code) ?? 500, { 'x-clickhouse-exception-code': String(code) });
  outgoing.end(`Code: ${code}. DB::Exception: ${message} (${await statements.nameOf(code)}) (version 26.7.0.0)\n`);
}

function dieAtInsert(moment: 'before' | 'after', { query }: StatementRequest): void {
  if (fault.kind !== 'die' || fault.moment !== moment || !query.startsWith(`INSERT INTO ${fault.table} `)) return;
  process.kill(process.pid, 'SIGKILL');
}

function tell(message: FromServer): void {
  process.send?.(message);
}

const handler = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  answer(incoming, outgoing).catch((error: unknown) => {
    outgoing.destroy(error instanceof Error ? error : undefined);
  });
};
const server =
  options.key === undefined || options.certificate === undefined
    ? createServer({ maxHeaderSize: MAX_HEADER_BYTES }, handler)
    : createTlsServer(
        {
          maxHeaderSize: MAX_HEADER_BYTES,
          key: readFileSync(options.key),
          cert: readFileSync(options.certificate),
        },
        handler,
      );
process.on('message', (message: ToServer) => {
  if (message.kind === 'count-faulty') {
    tell({ kind: 'faulty', count: faulty });
    return;
  }
  ({ fault } = message);
  faulty = 0;
  tell({ kind: 'fault-set' });
});
process.on('disconnect', () => process.exit());
server.listen(Number(options.port), '127.0.0.1', () => {
  const address = server.address();
  tell({ kind: 'listening', port: typeof address === 'object' && address !== null ? address.port : 0 });
});
