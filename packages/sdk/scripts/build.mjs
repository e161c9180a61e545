/**
 * Builds `dist`: ES modules and declarations by tsc, and one CommonJS file by esbuild.
 *
 * `@clew/core` is ESM only and Node 20 cannot require that, so the CommonJS file holds the few parts of it we use.
 * Its declarations are copies in a folder of their own, whose package.json makes TypeScript read them as CommonJS.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(folder, 'dist');
const cjs = join(dist, 'cjs');

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-b', folder], { stdio: 'inherit' });

rmSync(cjs, { recursive: true, force: true });
mkdirSync(cjs, { recursive: true });
await build({
  entryPoints: [join(folder, 'src', 'index.ts')],
  outfile: join(cjs, 'index.js'),
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  conditions: ['clew-src'],
  external: ['@opentelemetry/api'],
  sourcemap: true,
  logLevel: 'warning',
});
// One line: a bundle of its own would be a second copy of everything.
writeFileSync(join(cjs, 'register.js'), "'use strict';\nrequire('./index.js').autolog();\n");
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.d.ts') && !file.startsWith('cjs')) cpSync(join(dist, file), join(cjs, file));
}
