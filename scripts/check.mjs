/** `npm run check`: what a reviewer runs and what runs before merging, in the order of speed. */
import { checkMachine, install } from './set-up.mjs';
import { CHECKS, runChecks } from './checks.mjs';

checkMachine();
install();
const failed = runChecks(CHECKS);
process.stdout.write(failed.length === 0 ? '\ncheck: all green\n' : `\ncheck: ${failed.join(', ')} failed\n`);
process.exit(failed.length === 0 ? 0 : 1);
