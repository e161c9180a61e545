/** The built UI, held in memory: a request's path is looked up in a table and never reaches the file system. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { MiddlewareHandler } from 'hono';

export interface UiFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** By URL path, such as `/assets/main-3f2a.js`. */
export type UiFiles = ReadonlyMap<string, UiFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};
const INDEX = '/index.html';

/** @returns `undefined` when the folder has no `index.html`: the UI was not built. */
export async function loadUiFiles(folder: string): Promise<UiFiles | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, UiFile>();
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { bytes: new Uint8Array(await readFile(path)), type });
  }
  return files.has(INDEX) ? files : undefined;
}

/** Serves files by path, and the page itself for every other path: its routes are the browser's. */
export function uiHandler(files: UiFiles): MiddlewareHandler {
  return async (context) => {
    const { path } = context.req;
    const file = files.get(path);
    if (file === undefined && path.startsWith('/assets/')) return context.text('Not found\n', 404);
    const found = file ?? files.get(INDEX);
    if (found === undefined) return context.text('Not found\n', 404);
    // Names under /assets/ hold a hash of the content.
    const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return context.body(found.bytes, 200, { 'content-type': found.type, 'cache-control': cache });
  };
}
