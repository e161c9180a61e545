import { spawnSync } from 'node:child_process';
import { root } from './set-up.mjs';

const TSX = ['tsx', '--conditions=clew-src'];

/** Checks of the source itself; `npm test` runs them too, with every test instead of the unit tests. */
export const SOURCE_CHECKS = [
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', 'packages', 'conformance', 'bench', 'scripts', 'examples'] },
  { name: 'imports', command: [...TSX, 'scripts/check-imports.ts'] },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'public surface', command: [...TSX, 'scripts/check-surface.ts'] },
];

export const CHECKS = [...SOURCE_CHECKS, { name: 'unit tests', command: ['vitest', 'run', '--project', 'unit'] }];

/** Runs them all, so that one answer tells everything. Returns the names of those that failed. */
export function runChecks(checks) {
  const failed = [];
  for (const { name, command } of checks) {
    process.stdout.write(`\n— ${name}\n`);
    const { status } = spawnSync('npx', command, { cwd: root, stdio: 'inherit' });
    if (status !== 0) failed.push(name);
  }
  return failed;
}
