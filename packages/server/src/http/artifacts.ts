/**
 * MLflow's files (contract section 1.9): `traces.json` is read into spans and written from them, everything else is
 * kept as it is. A path is a key in the store; nothing here touches a disk.
 */
import type { Context, Handler, Hono } from 'hono';
import { parseMlflowTraceId, TracingError, type TraceId } from '@clew/core';
import { toMlflowFileSpan, writeJson } from '@clew/core/wire';
import { decodeMlflowFile } from '../otlp/decode-mlflow-file.ts';
import { fromStoredSpan } from '../otlp/normalise.ts';
import { climbs, readArtifactPath, readTracePath } from './artifact-path.ts';
import { rawUrlOf } from './incoming.ts';
import { toCodedProblem, toProblem } from './problem.ts';
import { jsonResponse, streamedJson } from './respond.ts';
import type { Services } from './routes.ts';
import { experimentOfTracePath } from './trace-file.ts';

const ROOTS = ['/api/2.0/mlflow-artifacts', '/ajax-api/2.0/mlflow-artifacts'];
const TRACE_ARTIFACT_PATHS = ['/ajax-api', '/api'].flatMap((prefix) =>
  ['2.0', '3.0'].map((version) => `${prefix}/${version}/mlflow/get-trace-artifact`),
);
const TRACES_FILE = 'traces.json';
/** A file is one cell of a table. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function artifactRoutes(app: Hono, services: Services): void {
  const attempt =
    (handle: (context: Context) => Promise<Response>): Handler =>
    async (context) => {
      try {
        return await handle(context);
      } catch (error) {
        return toProblem(error, services.report);
      }
    };
  app.use('*', refuseClimbing);
  for (const root of ROOTS) {
    const pathOf = (context: Context): string =>
      readArtifactPath(new URL(context.req.url).pathname.slice(`${root}/artifacts/`.length));
    app.put(
      `${root}/artifacts/*`,
      attempt((context) => upload(services, context, pathOf(context))),
    );
    app.get(
      `${root}/artifacts`,
      attempt((context) => list(services, context.req.query('path') ?? '')),
    );
    app.get(
      `${root}/artifacts/*`,
      attempt((context) => download(services, context, pathOf(context))),
    );
    app.delete(
      `${root}/artifacts/*`,
      attempt(async (context) => {
        await services.documents.deleteArtifact(pathOf(context));
        return jsonResponse({});
      }),
    );
    app.post(
      `${root}/mpu/*`,
      attempt(async () => {
        // Python's client then sends the file in one piece.
        throw new TracingError('unsupported', 'Uploads in parts are not supported: send the file in one PUT');
      }),
    );
  }
  for (const path of TRACE_ARTIFACT_PATHS)
    app.get(
      path,
      attempt((context) => openTrace(services, context)),
    );
  app.get(
    '/get-artifact',
    attempt((context) => downloadOfRun(services, context)),
  );
}

const refuseClimbing: Handler = async (context, next) => {
  const raw = rawUrlOf(context) ?? '';
  if (raw.includes('mlflow-artifacts') && climbs(raw))
    return toProblem(
      new TracingError('invalid_argument', 'Invalid artifact path: expected no "." or ".."'),
      () => undefined,
    );
  await next();
  return undefined;
};

/** Never fails for what a `traces.json` holds: a file that cannot be read is kept as a file. */
async function upload(services: Services, context: Context, path: string): Promise<Response> {
  return services.bodies.withBody(context.req.raw, async (bytes) => {
    if (bytes.length > MAX_FILE_BYTES && readTracePath(path)?.name !== TRACES_FILE)
      throw new TracingError(
        'too_large',
        `File of ${bytes.length} bytes is too large: expected at most ${MAX_FILE_BYTES}`,
      );
    const place = readTracePath(path);
    if (place?.name === TRACES_FILE && (await readIntoSpans(services, path, place.traceId, bytes)))
      return jsonResponse({});
    await services.documents.writeArtifact({ path, bytes, ...(place === undefined ? {} : { traceId: place.traceId }) });
    return jsonResponse({});
  });
}

async function readIntoSpans(services: Services, path: string, traceId: TraceId, bytes: Uint8Array): Promise<boolean> {
  const spans = decodeMlflowFile(bytes, traceId);
  if (spans === undefined || spans.length === 0) return false;
  const experimentId = await experimentOfTracePath(services, path, traceId);
  if (experimentId === undefined) return false;
  await services.pipeline.completeSpans(experimentId, traceId, spans);
  return true;
}

async function download(services: Services, context: Context, path: string): Promise<Response> {
  const place = readTracePath(path);
  const written =
    place?.name === TRACES_FILE ? await writeTraceFile(services, place.traceId, context.req.raw.signal) : undefined;
  return written ?? (await readFile(services, path));
}

async function readFile(services: Services, path: string): Promise<Response> {
  const bytes = await services.documents.readArtifact(path);
  if (bytes === undefined) throw new TracingError('not_found', `No file "${path.slice(0, 200)}" exists`);
  const name = path.split('/').at(-1) ?? '';
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...attachment(name),
      'content-type': name.endsWith('.json') ? 'text/plain' : 'application/octet-stream',
    },
  });
}

/** @returns `undefined` for a trace without spans: an empty list would be taken for a trace that has none. */
async function writeTraceFile(
  { reader }: Services,
  traceId: TraceId,
  signal: AbortSignal,
): Promise<Response | undefined> {
  const [header] = await reader.readHeaders([traceId]);
  if (header === undefined || header.spanCount === 0) return undefined;
  async function* write(): AsyncIterable<string> {
    yield '{"spans":[';
    let separator = '';
    for await (const spans of reader.readSpans(traceId, signal)) {
      yield separator + spans.map((span) => writeJson(toMlflowFileSpan(fromStoredSpan(span)))).join(',');
      separator = ',';
    }
    yield ']}';
  }
  return new Response(streamedJson(write()).body, {
    headers: { ...attachment(TRACES_FILE), 'content-type': 'text/plain' },
  });
}

/** Names are percent-encoded: they come from strangers and stand in a header. */
function attachment(name: string): Record<string, string> {
  return { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` };
}

/** What stands directly in a folder, by base name. */
async function list(services: Services, text: string): Promise<Response> {
  const folder = readArtifactPath(text.replace(/\/$/, ''));
  return jsonResponse({ files: await listFolder(services, folder) });
}

export interface FileEntry {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number;
}

export async function listFolder({ documents }: Services, folder: string): Promise<readonly FileEntry[]> {
  const entries = new Map<string, FileEntry>();
  for (const { path, size } of await documents.listArtifacts(folder)) {
    const [name = '', ...rest] = path.slice(folder.length + 1).split('/');
    if (rest.length > 0) entries.set(name, { path: name, is_dir: true });
    else entries.set(name, { path: name, is_dir: false, file_size: size });
  }
  return [...entries.values()];
}

/** What MLflow's browser code asks to open a trace, or one of its attachments. */
async function openTrace(services: Services, context: Context): Promise<Response> {
  const id = context.req.query('request_id') ?? '';
  if (id === '') return toCodedProblem(400, 'BAD_REQUEST', 'Missing value for required parameter "request_id"');
  const traceId = parseMlflowTraceId(id);
  const [header] = traceId === undefined ? [] : await services.reader.readHeaders([traceId]);
  if (traceId === undefined || header === undefined)
    return toCodedProblem(404, 'NOT_FOUND', `No trace with id "${id.slice(0, 100)}" exists`);
  const folder = pathOfLocation(header.tags['mlflow.artifactLocation'] ?? '');
  const attachmentId = context.req.query('path');
  if (attachmentId !== undefined) {
    if (!UUID.test(attachmentId))
      throw new TracingError(
        'invalid_argument',
        `Invalid path "${attachmentId.slice(0, 100)}": expected a lower-case UUID`,
      );
    return readFile(services, `${folder}/attachments/${attachmentId}`);
  }
  const written = await writeTraceFile(services, traceId, context.req.raw.signal);
  if (written !== undefined) return written;
  const bytes = await services.documents.readArtifact(`${folder}/${TRACES_FILE}`);
  if (bytes === undefined) return toCodedProblem(404, 'NOT_FOUND', `Trace "${id}" has no spans yet`);
  return readFile(services, `${folder}/${TRACES_FILE}`);
}

async function downloadOfRun(services: Services, context: Context): Promise<Response> {
  const run = await services.runs.require(context.req.query('run_id') ?? context.req.query('run_uuid') ?? '');
  return readFile(
    services,
    `${pathOfLocation(services.runs.locationOf(run))}/${readArtifactPath(context.req.query('path') ?? '')}`,
  );
}

/** `mlflow-artifacts:/7/x` and `mlflow-artifacts://host:port/7/x` are both `7/x`. */
export function pathOfLocation(location: string): string {
  return location.replace(/^[a-z-]+:(?:\/\/[^/]*)?\/*/, '').replace(/\/+$/, '');
}
