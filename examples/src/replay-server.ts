/**
 * An HTTP server that answers as LLM providers once did, so that real client libraries run without a network.
 *
 * Point a client's base URL at it: `${url}/v1` for OpenAI, `${url}/groq/openai/v1` for another provider. Streams are
 * sent byte for byte, one event at a time.
 */
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { matchRecording, type Match, type ReplayRequest } from './match-recording.ts';
import { readRecordings, type Recording } from './recording.ts';

export interface ReplayOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** Folders of recordings, asked in this order. Default: {@link recordingFolders}. */
  readonly folders?: readonly string[];
  /** Sends this many events of a stream, then nothing more until the client leaves. Default: all, and ends. */
  readonly stallAfterEvents?: number;
}

export interface ReplayServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /**
   * A `fetch` that sends everything here, whatever the host: `new OpenAI({ fetch: replay.fetchAs('openai') })` keeps
   * the client's own base URL, so traces name the real provider.
   */
  fetchAs(provider: string): typeof fetch;
  /** What was asked so far. */
  readonly requests: readonly ReplayRequest[];
  close(): Promise<void>;
}

const EXAMPLES = dirname(dirname(fileURLToPath(import.meta.url)));

/** The sample in this folder and, where a checkout has it, the full set beside the project. */
export function recordingFolders(): readonly string[] {
  const full = join(EXAMPLES, '..', '..', 'shared', 'data', 'provider-recordings');
  return [join(EXAMPLES, 'recordings'), full].filter((folder) => existsSync(folder));
}

/** Listens on 127.0.0.1. */
export async function startReplayServer(options: ReplayOptions = {}): Promise<ReplayServer> {
  const { port = 0, folders = recordingFolders(), stallAfterEvents = Number.POSITIVE_INFINITY } = options;
  const library = createLibrary(folders);
  const requests: ReplayRequest[] = [];
  const timesAnswered = new Map<string, number>();

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const match = library.find(request);
    if (match.kind === 'none') return refuse(outgoing, request, match);
    const key = match.recordings[0]?.file ?? '';
    const times = timesAnswered.get(key) ?? 0;
    timesAnswered.set(key, times + 1);
    const recording = match.recordings[Math.min(times, match.recordings.length - 1)];
    if (recording !== undefined) await send(outgoing, recording, stallAfterEvents);
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    fetchAs: (provider) => (target, init) => {
      const { pathname, search } = new URL(target instanceof Request ? target.url : target);
      return fetch(`${url}/${provider}${pathname}${search}`, init);
    },
    requests,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Library {
  find(request: ReplayRequest): Match;
}

/** Folders are read when they are first needed: the full set takes a while. */
function createLibrary(folders: readonly string[]): Library {
  const read = new Map<string, readonly Recording[]>();
  return {
    find(request) {
      let match: Match = { kind: 'none', closest: [] };
      for (const folder of folders) {
        const recordings = read.get(folder) ?? readRecordings(folder);
        read.set(folder, recordings);
        match = matchRecording(recordings, request);
        if (match.kind === 'found') return match;
      }
      return match;
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ReplayRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return { method: incoming.method ?? 'GET', path: incoming.url ?? '/', body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refuse(
  outgoing: ServerResponse,
  { method, path, body }: ReplayRequest,
  match: Match & { kind: 'none' },
): void {
  const message = `No recording for ${method} ${path}`;
  const error = { message, type: 'no_recording', wanted: { method, path, body }, closest: match.closest };
  outgoing.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error }, undefined, 2));
}

/** Headers that spoke of the recorded connection, not of this one. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'date', 'via', 'server', 'alt-svc']);

async function send(outgoing: ServerResponse, { status, headers, body }: Recording, most: number): Promise<void> {
  const kept = Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name));
  outgoing.writeHead(status, Object.fromEntries(kept));
  if (!isStream(headers)) {
    outgoing.end(body);
    return;
  }
  const events = splitEvents(body);
  for (const event of events.slice(0, most)) {
    if (outgoing.destroyed) return;
    outgoing.write(event);
    // Each event becomes a chunk of its own, as from a real server.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (events.length <= most) outgoing.end();
}

function isStream(headers: Readonly<Record<string, string>>): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}

/** Cuts after each blank line; joined again they are the same bytes. */
function splitEvents(body: Buffer): readonly string[] {
  return body.toString('utf8').split(/(?<=\r?\n\r?\n)/);
}
