/** What Node received where it says more than the `Request` made of it; nothing where no socket is behind a request. */
import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Context } from 'hono';

/** The path and query as they came, before anything resolved dots in them. */
export function rawUrlOf(context: Context): string | undefined {
  return incomingOf(context)?.url;
}

/** A GET with a body, which `Request` cannot carry, as a POST. */
export function withBodyOfGet(context: Context): Request | undefined {
  const incoming = incomingOf(context);
  const hasBody =
    incoming?.headers['transfer-encoding'] !== undefined || Number(incoming?.headers['content-length']) > 0;
  if (incoming === undefined || !hasBody) return undefined;
  const init = { method: 'POST', headers: context.req.raw.headers, body: Readable.toWeb(incoming), duplex: 'half' };
  return new Request(context.req.url, init as RequestInit);
}

function incomingOf({ env }: Context): IncomingMessage | undefined {
  const bindings: unknown = env;
  const incoming =
    typeof bindings === 'object' && bindings !== null && 'incoming' in bindings ? bindings.incoming : null;
  return incoming instanceof IncomingMessage ? incoming : undefined;
}
