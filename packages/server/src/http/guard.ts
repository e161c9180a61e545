/**
 * What protects a server that listens on somebody's laptop: only known host names (DNS rebinding), no changes from
 * other sites (CSRF), and headers that keep hostile trace content from doing anything in the browser.
 */
import type { MiddlewareHandler } from 'hono';

export interface GuardOptions {
  /** Host names beside localhost and private addresses, in lower case, without port. `*` allows all. */
  readonly allowedHosts: readonly string[];
  /** Origins beside the server's own that may change things, such as `https://lab.example`. */
  readonly allowedOrigins: readonly string[];
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Asked by probes under whatever name they know. */
const OPEN_TO_ANY_HOST: ReadonlySet<string> = new Set(['/health', '/version']);
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export function guard(options: GuardOptions): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const host = req.header('host') ?? new URL(req.url).host;
    if (!OPEN_TO_ANY_HOST.has(req.path) && !isAllowedHost(host, options.allowedHosts)) {
      return context.text(`Host "${host.slice(0, 200)}" is not allowed: add it with --allowed-hosts\n`, 403);
    }
    const origin = req.header('origin');
    if (
      origin !== undefined &&
      !READING_METHODS.has(req.method) &&
      !isAllowedOrigin(origin, host, options.allowedOrigins)
    ) {
      return context.text(
        `Origin "${origin.slice(0, 200)}" may not change anything here: add it with --allowed-origins\n`,
        403,
      );
    }
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.res.headers.set(name, value);
    return undefined;
  };
}

/** Whether a `Host` header names this machine, a private network (RFC 1918, RFC 4193) or a host on the list. */
export function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  const name = withoutPort(host.toLowerCase());
  return (
    allowedHosts.includes('*') ||
    allowedHosts.includes(name) ||
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    isPrivateAddress(name)
  );
}

function isAllowedOrigin(origin: string, host: string, allowedOrigins: readonly string[]): boolean {
  if (allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

function withoutPort(host: string): string {
  const bracketed = /^\[([0-9a-f:.]+)\](?::\d+)?$/.exec(host);
  return bracketed?.[1] ?? host.replace(/:\d+$/, '');
}

function isPrivateAddress(name: string): boolean {
  if (name === '::1' || /^f[cd][0-9a-f]{2}:[0-9a-f:]+$/.test(name)) return true;
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(name);
  if (octets === null) return false;
  const [first = 256, second = 256] = octets.slice(1).map(Number);
  return (
    first === 127 ||
    first === 10 ||
    (first === 192 && second === 168) ||
    (first === 172 && second >= 16 && second <= 31)
  );
}
