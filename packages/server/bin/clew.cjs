#!/usr/bin/env node
// Each running statement of the embedded engine occupies a thread of libuv's pool, and the pool's size is fixed when
// the first module is loaded asynchronously: so here, in CommonJS, before anything else.
process.env.UV_THREADPOOL_SIZE ??= '12';
void import('../dist/main.js');
