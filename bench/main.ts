/** `npm run bench -- CASE [--json]`: one case; exits with 0 whether or not its promises are met. */
import { cpus, totalmem } from 'node:os';
import { argv, exit, stdout, versions } from 'node:process';
import type { BenchCase, CaseResult } from './case.ts';
import { bigTrace } from './cases/big-trace.ts';
import { idle } from './cases/idle.ts';
import { ingest } from './cases/ingest.ts';
import { search } from './cases/search.ts';
import { storage } from './cases/storage.ts';

const CASES: readonly BenchCase[] = [ingest, search, bigTrace, storage, idle];

const name = argv.slice(2).find((word) => !word.startsWith('-'));
const chosen = CASES.find((one) => one.name === name);
if (chosen === undefined) {
  stdout.write(
    `Usage: npm run bench -- CASE [--json]\n${CASES.map((one) => `  ${one.name}  ${one.about}\n`).join('')}`,
  );
  exit(name === undefined ? 0 : 1);
}

const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const result = await chosen.run();
if (argv.includes('--json')) {
  const { dataset, promises, figures } = result;
  stdout.write(
    `${JSON.stringify({ case: chosen.name, machine, versions: { node: versions.node }, dataset, promises, figures })}\n`,
  );
} else {
  print(chosen, result);
}
exit(0);

function print({ name: caseName, about }: BenchCase, { dataset, promises, figures }: CaseResult): void {
  stdout.write(`${caseName}: ${about}\nmachine: ${machine}, Node ${versions.node}\ndata set: ${dataset}\n\n`);
  for (const [figure, value] of Object.entries(figures)) stdout.write(`  ${figure.padEnd(28)} ${format(value)}\n`);
  for (const { id, value, goal, met } of promises)
    stdout.write(`\n${id}: ${format(value)}, wanted ${goal}: ${met ? 'met' : 'not met'}\n`);
}

function format(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 3 : 1 });
}
