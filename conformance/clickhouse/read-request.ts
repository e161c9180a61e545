/** A request of ClickHouse's HTTP interface as data. */
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface StatementRequest {
  readonly query: string;
  /** What an INSERT carries. */
  readonly body: Buffer;
  readonly queryId: string | undefined;
  readonly database: string | undefined;
  readonly user: string;
  readonly password: string;
  /** As text in the engine's escaped form; the engine reads each as the type its placeholder names. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
  readonly isGzipWanted: boolean;
}

/** Names in an address that are no settings. */
const RESERVED: ReadonlySet<string> = new Set([
  'query',
  'query_id',
  'database',
  'user',
  'password',
  'session_id',
  'role',
  'enable_http_compression',
  'wait_end_of_query',
]);
const PARAMETER = 'param_';

export async function readRequest(request: IncomingMessage): Promise<StatementRequest> {
  const address = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const { fields, body } = await readBody(request);
  const named = new Map([...address, ...fields]);
  const query = named.get('query');
  const { user, password } = readCredentials(request, named);
  return {
    // The statement may stand in the body, or its data does, after the statement in the address.
    query: query ?? body.toString(),
    body: query === undefined ? Buffer.alloc(0) : body,
    queryId: named.get('query_id'),
    database: named.get('database') ?? header(request, 'x-clickhouse-database'),
    user,
    password,
    parameters: pick(named, (name) => (name.startsWith(PARAMETER) ? name.slice(PARAMETER.length) : undefined)),
    settings: pick(named, (name) => (name.startsWith(PARAMETER) || RESERVED.has(name) ? undefined : name)),
    isGzipWanted:
      named.get('enable_http_compression') === '1' && /\bgzip\b/.test(header(request, 'accept-encoding') ?? ''),
  };
}

async function readBody(
  request: IncomingMessage,
): Promise<{ readonly fields: [string, string][]; readonly body: Buffer }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const body = header(request, 'content-encoding') === 'gzip' ? gunzipSync(sent) : sent;
  const contentType = header(request, 'content-type') ?? '';
  if (!contentType.startsWith('multipart/form-data')) return { fields: [], body };
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  const fields: [string, string][] = [];
  for (const [name, value] of form) fields.push([name, typeof value === 'string' ? value : await value.text()]);
  return { fields, body: Buffer.alloc(0) };
}

function readCredentials(
  request: IncomingMessage,
  named: ReadonlyMap<string, string>,
): { readonly user: string; readonly password: string } {
  const basic = /^Basic (.+)$/.exec(header(request, 'authorization') ?? '')?.[1];
  if (basic !== undefined) {
    const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
    return { user, password };
  }
  return {
    user: header(request, 'x-clickhouse-user') ?? named.get('user') ?? 'default',
    password: header(request, 'x-clickhouse-key') ?? named.get('password') ?? '',
  };
}

function pick(
  named: ReadonlyMap<string, string>,
  rename: (name: string) => string | undefined,
): ReadonlyMap<string, string> {
  const picked = new Map<string, string>();
  for (const [name, value] of named) {
    const renamed = rename(name);
    if (renamed !== undefined) picked.set(renamed, value);
  }
  return picked;
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
