import { defineConfig } from 'vitest/config';

/** Tests run from source: workspaces resolve to their `src` through the `clew-src` condition. */
const fromSource = { resolve: { conditions: ['clew-src'] }, ssr: { resolve: { conditions: ['clew-src'] } } };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        ...fromSource,
        test: {
          name: 'unit',
          include: ['{packages/*/src,scripts,bench}/**/*.test.{ts,tsx}'],
          setupFiles: ['scripts/fixed-seed.ts'],
          pool: 'forks',
          testTimeout: 30_000,
        },
      },
      {
        ...fromSource,
        // Real processes, real engines, a real browser: everything a unit test may not touch.
        test: {
          name: 'system',
          include: ['{conformance,examples,packages/sdk/integration}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
