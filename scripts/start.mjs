/** `npm start`: from a fresh clone to a running server with something to see. Flags go to `clew server`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, checkMachine, ensureEngine, install, root } from './set-up.mjs';

checkMachine();
install();
ensureEngine();
build();

const main = join(root, 'packages', 'server', 'bin', 'clew.cjs');
const server = spawn(process.execPath, [main, 'server', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
// The server drains on its own; this process only waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 1));
