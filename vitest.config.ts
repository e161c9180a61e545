import { defineConfig } from 'vitest/config';

/** Tests run from source: workspaces resolve to their `src` through the `clew-src` condition. */
export default defineConfig({
  resolve: { conditions: ['clew-src'] },
  ssr: { resolve: { conditions: ['clew-src'] } },
  test: {
    include: ['{packages,conformance,bench,examples,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
  },
});
