/** Set-up shared by `npm start` and `npm test`: plain JavaScript, because nothing is installed yet when it runs. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const STAMPS = join(root, 'node_modules', '.cache', 'clew');
const NODE = { major: 20, minor: 19 };

/** Ends the program with one line for people. */
export function refuse(message) {
  process.stderr.write(`\nclew: ${message}\n`);
  process.exit(1);
}

/** Runs a command in the project and ends the program when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) refuse(`cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0) refuse(`"${command} ${args.join(' ')}" failed with code ${result.status ?? result.signal}`);
}

/** What this project needs and this machine lacks, said clearly before anything is installed. */
export function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < NODE.major || (major === NODE.major && minor < NODE.minor)) {
    refuse(`Node ${NODE.major}.${NODE.minor} or newer is needed; this is ${process.versions.node}`);
  }
  if (process.platform === 'win32')
    refuse('the embedded engine has no build for Windows; use WSL 2 with Debian or Ubuntu');
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime) {
    refuse('the embedded engine needs glibc; on Alpine or another musl system use a Debian-based image');
  }
  if (!['x64', 'arm64'].includes(process.arch))
    refuse(`the embedded engine has no build for ${process.arch}; x64 or arm64 is needed`);
}

/** Installs the dependencies when the lock file is not the one they were installed from. */
export function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (readStamp('installed') === lock && existsSync(join(root, 'node_modules', 'typescript'))) return;
  process.stdout.write('Installing dependencies…\n');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeStamp('installed', lock);
}

/**
 * The engine's binary is a package for each system, and the lock file may have been written where only one of them
 * was to be had: what is missing here is installed beside it.
 */
export function ensureEngine() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'node_modules', 'chdb', 'package.json'), 'utf8'));
  const libc = process.platform === 'linux' ? '-gnu' : '';
  const name = `@chdb/lib-${process.platform}-${process.arch}${libc}`;
  const version = optionalDependencies[name];
  if (version === undefined) refuse(`the embedded engine has no build for ${process.platform} on ${process.arch}`);
  if (existsSync(join(root, 'node_modules', name))) return;
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`]);
}

/** Compiles the packages, and builds the browser's and CommonJS files when their sources changed. */
export function build() {
  process.stdout.write('Building…\n');
  run('npx', ['tsc', '-b', 'packages/core', 'packages/sdk', 'packages/server', 'examples']);
  for (const name of ['sdk', 'ui']) {
    const sources = fingerprint(['packages/core/src', `packages/${name}`]);
    if (readStamp(`built-${name}`) === sources && existsSync(join(root, 'packages', name, 'dist'))) continue;
    run('npm', ['run', 'build', '--silent', '-w', `packages/${name}`]);
    writeStamp(`built-${name}`, sources);
  }
}

/** Names, sizes and times of all files below the folders, without what is built. */
function fingerprint(folders) {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).toSorted(byCode)) {
      if (/(^|\/)(node_modules|dist)(\/|$)|\.tsbuildinfo$/.test(name)) continue;
      const { size, mtimeMs } = statSync(join(root, folder, name));
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function byCode(a, b) {
  return a < b ? -1 : 1;
}

function readStamp(name) {
  const file = join(STAMPS, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function writeStamp(name, text) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, name), text);
}

/** The path of a Chromium for the browser tests; installs Debian's when there is none and that is possible. */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  const canInstall = process.platform === 'linux' && process.getuid() === 0 && existsSync('/usr/bin/apt-get');
  if (!canInstall)
    refuse(
      'the browser tests need Chromium: install it (Debian: "apt-get install chromium") or set CLEW_CHROMIUM to its path',
    );
  process.stdout.write('Installing Chromium…\n');
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  run('apt-get', ['update', '-qq'], quiet);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
  return findChromium() ?? refuse('apt-get installed Chromium, but /usr/bin/chromium is not there');
}

function findChromium() {
  const candidates = [
    process.env.CLEW_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  return candidates.find((path) => path !== undefined && existsSync(path));
}
