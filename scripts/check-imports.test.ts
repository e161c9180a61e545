import { describe, expect, test } from 'vitest';
import { judgeImport, listImports } from './check-imports.ts';

describe('listImports()', () => {
  test('finds static, type-only, side-effect, dynamic and re-exporting imports, and none in comments', () => {
    const source = `
      import { a } from './a.ts';
      import type { B } from "b";
      import 'c';
      export { d } from './d.ts';
      const e = await import('e');
      // import { f } from 'f';
      /* import { g } from 'g'; */`;
    expect(listImports(source)).toEqual(['./a.ts', 'b', 'c', './d.ts', 'e']);
  });
});

describe('judgeImport()', () => {
  test.each([
    { why: 'core uses no package', file: 'packages/core/src/time.ts', specifier: 'node:fs' },
    {
      why: 'the SDK never drags the wire forms along',
      file: 'packages/sdk/src/index.ts',
      specifier: '@clew/core/wire',
    },
    { why: 'HTTP knows no adapter', file: 'packages/server/src/http/traces.ts', specifier: '../storage/memory.ts' },
    { why: 'ingest knows no HTTP', file: 'packages/server/src/ingest/pipeline.ts', specifier: '../http/body.ts' },
    {
      why: 'one file alone loads the embedded engine',
      file: 'packages/server/src/storage/clickhouse/store.ts',
      specifier: 'chdb/connection',
    },
    { why: 'view models know no React', file: 'packages/ui/src/trace/tree.ts', specifier: 'react' },
    { why: 'sources import no test', file: 'packages/core/src/time.ts', specifier: './time.test.ts' },
  ])('refuses: $why', ({ file, specifier }) => {
    expect(judgeImport(file, specifier)).toContain(file);
  });

  test.each([
    { why: 'files of the same room', file: 'packages/core/src/filter/parse.ts', specifier: '../span.ts' },
    { why: 'the port', file: 'packages/server/src/http/traces.ts', specifier: '../storage/span-store.ts' },
    {
      why: 'the engine, in its file',
      file: 'packages/server/src/storage/clickhouse/connect-chdb.ts',
      specifier: 'chdb/connection',
    },
    {
      why: 'the composition root reaches all',
      file: 'packages/server/src/cli/serve.ts',
      specifier: '../storage/clickhouse/connect-chdb.ts',
    },
    { why: 'tests use test tools', file: 'packages/core/src/time.test.ts', specifier: 'vitest' },
  ])('allows: $why', ({ file, specifier }) => {
    expect(judgeImport(file, specifier)).toBeUndefined();
  });
});
