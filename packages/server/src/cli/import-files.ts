/** Reads files of traces request by request, and sends several at once: the server's commits are shared. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { TracingError } from '@clew/core';

/** Under way at once: many small requests, so that they share the server's commits, but few large ones. */
const MAX_REQUESTS = 64;
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
/** A server that is busy or restarting is asked again, with growing pauses, for about half a minute. */
const ATTEMPTS = 8;
const FIRST_PAUSE_MILLIS = 250;

export interface ImportTarget {
  readonly url: URL;
  readonly experimentId: string;
}

export interface FileReport {
  readonly file: string;
  /** Export requests the server acknowledged. */
  readonly requests: number;
  /** Spans it refused. */
  readonly rejectedSpans: number;
  /** Why, a text per request at most. */
  readonly reasons: readonly string[];
}

interface ExportRequest {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** For errors: `file, line 12`. */
  readonly where: string;
}

/** The id of the experiment with this name, creating it if there is none. */
export async function ensureExperiment(url: URL, name: string): Promise<string> {
  const api = new URL('/api/2.0/mlflow/experiments/', url);
  const query = new URL(`get-by-name?experiment_name=${encodeURIComponent(name)}`, api);
  const found = await request(query);
  if (found.ok) return readExperimentId(await found.json(), (body) => body.experiment?.experiment_id);
  if (found.status !== 404) throw await refusal(found, `look up experiment "${name}"`);
  const created = await request(new URL('create', api), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (created.ok) return readExperimentId(await created.json(), (body) => body.experiment_id);
  // Somebody else created it in between.
  const again = await request(query);
  if (again.ok) return readExperimentId(await again.json(), (body) => body.experiment?.experiment_id);
  throw await refusal(created, `create experiment "${name}"`);
}

interface ExperimentBody {
  readonly experiment_id?: string;
  readonly experiment?: { readonly experiment_id?: string };
}

function readExperimentId(body: unknown, read: (body: ExperimentBody) => string | undefined): string {
  const id = typeof body === 'object' && body !== null ? read(body) : undefined;
  if (id === undefined)
    throw new TracingError('unavailable', 'Cannot read the experiment: expected a Clew or MLflow server to answer');
  return id;
}

/**
 * Sends one file.
 *
 * @throws {TracingError} when the file cannot be read, the server cannot be reached, or it refuses a request; the
 * message names file and line. What was sent before stays stored, and sending it again changes nothing.
 */
export async function importFile(file: string, target: ImportTarget): Promise<FileReport> {
  const report = { file, requests: 0, rejectedSpans: 0, reasons: [] as string[] };
  const running = new Set<Promise<void>>();
  let runningBytes = 0;
  let failure: unknown;

  const isBusy = (): boolean => running.size >= MAX_REQUESTS || runningBytes > MAX_REQUEST_BYTES;

  async function sendAndCount(item: ExportRequest): Promise<void> {
    try {
      const partial = await send(item, target);
      report.requests += 1;
      report.rejectedSpans += partial.rejectedSpans;
      if (partial.reason !== '') report.reasons.push(`${item.where}: ${partial.reason}`);
    } catch (error) {
      failure ??= error;
    }
  }

  for await (const item of readRequests(file)) {
    if (failure !== undefined) break;
    runningBytes += item.body.length;
    const sent = sendAndCount(item).finally(() => {
      runningBytes -= item.body.length;
      running.delete(sent);
    });
    running.add(sent);
    while (isBusy()) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure;
  return report;
}

async function* readRequests(file: string): AsyncIterable<ExportRequest> {
  const isZipped = file.endsWith('.gz');
  const name = isZipped ? file.slice(0, -3) : file;
  if (/\.(pb|binpb)$/.test(name)) {
    const bytes = await readWhole(file);
    yield {
      body: new Uint8Array(isZipped ? gunzipSync(bytes) : bytes),
      contentType: 'application/x-protobuf',
      where: file,
    };
    return;
  }
  if (!/\.(jsonl|json|ndjson)$/.test(name)) {
    throw new TracingError(
      'unsupported',
      `Cannot import "${file}": expected .jsonl, .json or .pb, each with or without .gz`,
    );
  }
  yield* readLines(file, isZipped);
}

async function* readLines(file: string, isZipped: boolean): AsyncIterable<ExportRequest> {
  const source = createReadStream(file);
  let fault: unknown;
  const noteFault = (error: unknown): void => {
    fault ??= error;
  };
  const input = isZipped ? source.pipe(createGunzip()) : source;
  source.on('error', (error) => {
    noteFault(error);
    input.destroy();
  });
  input.on('error', noteFault);
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() !== '') yield { body: text, contentType: 'application/json', where: `${file}, line ${line}` };
  }
  if (fault !== undefined)
    throw new TracingError('malformed', `Cannot read "${file}" after line ${line}: ${messageOf(fault)}`, {
      cause: fault,
    });
}

async function readWhole(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new TracingError('not_found', `Cannot read "${file}": ${messageOf(error)}`, { cause: error });
  });
}

interface Partial {
  readonly rejectedSpans: number;
  readonly reason: string;
}

async function send(item: ExportRequest, target: ImportTarget): Promise<Partial> {
  const response = await request(new URL('/v1/traces', target.url), {
    method: 'POST',
    headers: { 'content-type': item.contentType, 'x-mlflow-experiment-id': target.experimentId },
    body: item.body,
  });
  if (!response.ok) throw await refusal(response, `import ${item.where}`);
  return readPartial(response);
}

async function readPartial(response: Response): Promise<Partial> {
  if (response.headers.get('content-type')?.startsWith('application/json') !== true) {
    // A protobuf answer is empty unless spans were refused; the JSON form tells more and files of it are rare.
    const bytes = (await response.arrayBuffer()).byteLength;
    return { rejectedSpans: bytes === 0 ? 0 : 1, reason: bytes === 0 ? '' : 'some spans were refused' };
  }
  const body = (await response.json()) as {
    readonly partialSuccess?: { readonly rejectedSpans?: string; readonly errorMessage?: string };
  };
  return {
    rejectedSpans: Number(body.partialSuccess?.rejectedSpans ?? 0),
    reason: body.partialSuccess?.errorMessage ?? '',
  };
}

async function request(url: URL, init?: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, init).catch((error: unknown) => error);
    const mayPass = !(response instanceof Response) || [408, 429, 502, 503, 504].includes(response.status);
    if (response instanceof Response && !mayPass) return response;
    if (attempt === ATTEMPTS) {
      if (response instanceof Response) return response;
      throw new TracingError(
        'unavailable',
        `Cannot reach ${url.origin}: ${messageOf(response)}; start it with "clew server"`,
        { cause: response },
      );
    }
    await setTimeout(FIRST_PAUSE_MILLIS * 2 ** (attempt - 1));
  }
}

async function refusal(response: Response, action: string): Promise<TracingError> {
  return new TracingError(
    'invalid_argument',
    `Cannot ${action}: the server answered ${response.status}: ${(await response.text()).slice(0, 500)}`,
  );
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
