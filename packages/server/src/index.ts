export { createServer, type ClewServer, type ClewServerOptions } from './create-server.ts';
export { openMemoryStore } from './storage/memory.ts';
export type { SpanReader, SpanStore, SpanWriter } from './storage/span-store.ts';
