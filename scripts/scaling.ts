/**
 * The arithmetic of docs/scaling.md: its first table holds what was measured and chosen, every other one is computed
 * from it. `npx tsx scripts/scaling.ts --update` writes the computed tables anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

/** Values of the first table, by the name in its first column. */
export type Inputs = (name: string) => number;

interface Load {
  readonly spansAMonth: number;
  readonly meanSpansASecond: number;
  readonly peakSpansASecond: number;
  readonly serverCores: number;
  readonly databaseCores: number;
  readonly keptGigabytes: number;
}

const PAGE = fileURLToPath(new URL('../docs/scaling.md', import.meta.url));
const SECONDS_A_MONTH = 30 * 24 * 3600;
const MICROS = 1e6;
const LOADS = [1e6, 1e7, 1e8, 1e9, 1e10] as const;
const AGES = [7, 30, 90, 365] as const;

/** @throws for a name the table does not have. */
export function readInputs(page: string): Inputs {
  const rows = page.matchAll(/^\| `([\w ]+)` +\| +([\d,.]+) +\|/gm);
  const values = new Map([...rows].map(([, name, value]) => [name, Number(value?.replaceAll(',', ''))]));
  return (name) => {
    const value = values.get(name);
    if (value === undefined || Number.isNaN(value)) throw new Error(`Cannot compute: the page has no input "${name}"`);
    return value;
  };
}

/** The page with every table between `<!-- name -->` and `<!-- end -->` computed anew. */
export function computePage(page: string): string {
  const input = readInputs(page);
  return page.replace(
    /(<!-- (\w+) -->\n\n)[\s\S]*?(\n\n<!-- end -->)/g,
    (_, open: string, name: string, end: string) => {
      const compute = TABLES[name];
      if (compute === undefined) throw new Error(`Cannot compute: there is no table "${name}"`);
      return open + layOut(compute(input)) + end;
    },
  );
}

const TABLES: Readonly<Record<string, (input: Inputs) => readonly (readonly string[])[]>> = {
  span: costOfASpan,
  load: (input) => [
    [
      'spans a month',
      'mean spans/s',
      'peak spans/s',
      'network at peak, MB/s',
      'server cores',
      'database cores',
      'disk, GB',
    ],
    ...LOADS.map((spansAMonth) => {
      const load = computeLoad(input, spansAMonth);
      return [
        count(spansAMonth),
        decimal(load.meanSpansASecond),
        decimal(load.peakSpansASecond),
        decimal((load.peakSpansASecond * input('request bytes')) / 1e6),
        decimal(load.serverCores),
        decimal(load.databaseCores),
        decimal(load.keptGigabytes),
      ];
    }),
  ],
  shape: (input) => [
    [
      'spans a month',
      'where the database runs',
      'server processes',
      'shards',
      'replicas',
      'cores a node',
      'disk a node, GB',
    ],
    ...LOADS.map((spansAMonth) => shapeOf(input, computeLoad(input, spansAMonth))),
  ],
  age: (input) => [
    ['spans a month', ...AGES.map((days) => `${days} days, GB`)],
    ...LOADS.map((spansAMonth) => [
      count(spansAMonth),
      ...AGES.map((days) => decimal((spansAMonth * (days / 30) * input('disk bytes')) / 1e9)),
    ]),
  ],
};

function costOfASpan(input: Inputs): readonly (readonly string[])[] {
  return [
    ['a span costs', 'value', 'computed as'],
    ['server, µs of a core', decimal(serverMicros(input)), '`ingest cpu` − `engine cpu`'],
    ['database, µs of a core', decimal(databaseMicros(input)), '`engine cpu` + `merge cpu`'],
    ['times smaller on disk', decimal(input('request bytes') / input('disk bytes')), '`request bytes` / `disk bytes`'],
    ['spans/s that fill one server core', decimal(MICROS / serverMicros(input)), '1,000,000 / server'],
    ['spans/s that fill one database core', decimal(MICROS / databaseMicros(input)), '1,000,000 / database'],
  ];
}

function serverMicros(input: Inputs): number {
  return input('ingest cpu') - input('engine cpu');
}

function databaseMicros(input: Inputs): number {
  return input('engine cpu') + input('merge cpu');
}

function computeLoad(input: Inputs, spansAMonth: number): Load {
  const meanSpansASecond = spansAMonth / SECONDS_A_MONTH;
  const peakSpansASecond = meanSpansASecond * input('peak');
  const cores = (micros: number): number => (peakSpansASecond * micros) / MICROS / input('busy');
  return {
    spansAMonth,
    meanSpansASecond,
    peakSpansASecond,
    serverCores: cores(serverMicros(input)),
    databaseCores: cores(databaseMicros(input)),
    keptGigabytes: (spansAMonth * (input('kept days') / 30) * input('disk bytes')) / input('full') / 1e9,
  };
}

/** One process as long as it carries everything; then one database; then shards, as many as their disks need. */
function shapeOf(input: Inputs, load: Load): readonly string[] {
  const processes = Math.ceil(load.serverCores / input('process cores'));
  const isEmbedded =
    load.serverCores + load.databaseCores <= input('process cores') && load.keptGigabytes <= input('node disk');
  if (isEmbedded) {
    const cores = Math.ceil(load.serverCores + load.databaseCores);
    return [count(load.spansAMonth), 'in the server', '1', '–', '–', count(cores), decimal(load.keptGigabytes)];
  }
  const shards = Math.max(
    1,
    Math.ceil(load.keptGigabytes / input('node disk')),
    Math.ceil(load.databaseCores / input('node cores')),
  );
  const isCluster = shards > 1;
  return [
    count(load.spansAMonth),
    isCluster ? 'a cluster' : 'one ClickHouse server',
    count(Math.max(2, processes)),
    count(shards),
    isCluster ? count(input('replicas')) : '1',
    count(Math.ceil(load.databaseCores / shards)),
    decimal(load.keptGigabytes / shards),
  ];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Two digits that say something, or whole numbers: more would pretend to be exact. */
function decimal(value: number): string {
  return value >= 100
    ? count(Math.round(value))
    : Number(value.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function layOut(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[], fill = ' '): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0, fill)).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row)),
  ].join('\n');
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const page = readFileSync(PAGE, 'utf8');
  const computed = computePage(page);
  if (argv.includes('--update')) writeFileSync(PAGE, computed);
  const isRight = argv.includes('--update') || computed === page;
  console.log(
    isRight ? 'docs/scaling.md: its tables follow from its inputs' : 'docs/scaling.md: run this with --update',
  );
  exit(isRight ? 0 : 1);
}
