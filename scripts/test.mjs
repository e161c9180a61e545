/** `npm test`: from a fresh clone, everything that can be shown by running it. Its last line counts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks, SOURCE_CHECKS } from './checks.mjs';
import { build, checkMachine, ensureChromium, ensureEngine, install, root } from './set-up.mjs';

checkMachine();
install();
ensureEngine();
const chromium = ensureChromium();
build();

const failedChecks = runChecks(SOURCE_CHECKS);
const tests = runTests();
const passed = tests.passed + SOURCE_CHECKS.length - failedChecks.length;
const failed = tests.failed + failedChecks.length;
if (failedChecks.length > 0) process.stdout.write(`\nFailed checks: ${failedChecks.join(', ')}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}\n`);
process.exit(failed === 0 ? 0 : 1);

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  const report = join(folder, 'report.json');
  try {
    const args = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { status } = spawnSync('npx', args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, CLEW_CHROMIUM: chromium },
    });
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that could not be loaded has no tests to fail.
    const brokenFiles = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.every((one) => one.status !== 'failed'),
    );
    const failed = numFailedTests + brokenFiles.length;
    // An error outside of any test fails the run too.
    return { passed: numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: numPendingTests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
