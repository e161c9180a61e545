/**
 * `npm run conformance -- --url URL [--only NUMBERS]`: MLflow's contract, statement by statement, against any server.
 * The last line is `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { CLIENT_CASES } from '../clients/client-cases.ts';
import { createApi } from './api.ts';
import { CASES } from './cases.ts';

const { values } = parseArgs({ options: { url: { type: 'string' }, only: { type: 'string' } } });
if (values.url === undefined) {
  process.stderr.write('Usage: npm run conformance -- --url URL [--only 24,50]\n');
  process.exit(2);
}
const api = createApi(values.url.replace(/\/$/, ''));
const only = values.only?.split(',').map(Number);
let [passed, failed, skipped] = [0, 0, 0];
const all = [...CASES, ...CLIENT_CASES].sort((a, b) => a.number - b.number);
for (const one of all) {
  if (only?.includes(one.number) === false) continue;
  const title = `${one.number} ${one.statement}${one.ours === undefined ? '' : ` (ours: ${one.ours})`}`;
  try {
    const excuse = await one.run(api);
    if (typeof excuse === 'string') {
      skipped += 1;
      process.stdout.write(`skip ${title}: ${excuse}\n`);
    } else {
      passed += 1;
      process.stdout.write(`ok   ${title}\n`);
    }
  } catch (error) {
    failed += 1;
    process.stdout.write(`FAIL ${title}\n${String(error instanceof Error ? error.message : error)}\n`);
  }
}
if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
