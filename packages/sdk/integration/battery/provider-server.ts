/**
 * A provider that answers with a recorded exchange, and fails in the ways providers do.
 *
 * The base URL a client is given says which exchange and which fault:
 * `/<run>/<fault>/<provider>/<file without .json>/…`, whatever the client asks for below it. A run's number keeps
 * what programs do at the same time apart.
 */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where recordings are looked for, in this order. */
const FOLDERS = [
  new URL('../recordings/', import.meta.url),
  new URL('../../../../examples/recordings/', import.meta.url),
];
/** Pieces of a stream that a `cut` or a `stall` lets through. */
const PIECES_BEFORE_FAULT = 2;

interface Recorded {
  readonly response_status: number;
  readonly response_headers: Readonly<Record<string, string>>;
  readonly response_body?: string;
  readonly response_body_base64?: string;
}

export interface ProviderServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. `GET /closed/<run>/<fault>` answers once the client has left such a stream early. */
export async function startProviderServer(): Promise<ProviderServer> {
  const left = new Set<string>();
  const waiting = new Map<string, ServerResponse[]>();

  function noteLeft(key: string): void {
    left.add(key);
    for (const response of waiting.get(key)?.splice(0) ?? []) response.end('true');
  }

  function answerWhenLeft(key: string, response: ServerResponse): void {
    if (left.has(key)) response.end('true');
    else waiting.set(key, [...(waiting.get(key) ?? []), response]);
  }

  const server = createServer((request, response) => {
    const [first = '', second = '', third = '', ...path] = (request.url ?? '').split('?')[0]?.slice(1).split('/') ?? [];
    if (first === 'closed') return answerWhenLeft(`${second}/${third}`, response);
    request.resume();
    request.on('end', () => {
      const recorded = readRecorded(`${third}/${decodeURIComponent(path[0] ?? '')}.json`);
      void play(recorded, second, response, () => noteLeft(`${first}/${second}`));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function readRecorded(file: string): Recorded {
  for (const folder of FOLDERS) {
    try {
      return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recorded;
    } catch {
      // In the next folder, perhaps.
    }
  }
  throw new Error(`No recording ${file}`);
}

async function play(recorded: Recorded, fault: string, response: ServerResponse, onLeft: () => void): Promise<void> {
  if (fault === 'hang') return;
  if (fault === 'broken') {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end('{"error":{"message":"The provider is broken"},"message":"The provider is broken"}');
    return;
  }
  const { response_status: status, response_headers: headers } = recorded;
  const type = headers['content-type'] ?? 'application/json';
  const kept = Object.entries(headers).filter(([name]) => /^(content-type|x-|request-id)/.test(name));
  response.writeHead(status, Object.fromEntries(kept));
  const pieces = piecesOf(bodyOf(recorded), type);
  const isFaulty = fault === 'cut' || fault === 'stall';
  for (const piece of isFaulty ? pieces.slice(0, PIECES_BEFORE_FAULT) : pieces) {
    response.write(piece);
    // Each piece becomes a chunk of its own, as from a real server.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (fault === 'stall') response.on('close', onLeft);
  else if (fault === 'cut') response.socket?.destroySoon();
  else response.end();
}

function bodyOf({ response_body: text, response_body_base64: base64 }: Recorded): Buffer {
  return base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');
}

function piecesOf(body: Buffer, type: string): readonly (Buffer | string)[] {
  if (type.includes('event-stream') && !type.includes('amazon')) return body.toString().split(/(?<=\r?\n\r?\n)/);
  if (type.includes('ndjson') || type.includes('stream+json')) return body.toString().split(/(?<=\n)/);
  if (type.includes('amazon.eventstream')) return splitFrames(body);
  return [body];
}

/** Frames of AWS's event streams begin with their length, 4 bytes, big-endian. */
function splitFrames(body: Buffer): readonly Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + 4 <= body.length;) {
    const length = body.readUInt32BE(at);
    frames.push(body.subarray(at, at + length));
    at += length;
  }
  return frames;
}
