/** What the battery's results say of each library: one line each, no cell assumed. */

/** A test of the battery, as vitest's JSON reporter tells it. */
export interface BatteryResult {
  /** `openai 6.49.0 esm`. */
  readonly suite: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
}

/** `null`: no test said anything. */
export type Cell = boolean | null;

export interface MatrixLine {
  readonly name: string;
  /** The versions that were run, lowest first, such as `4.104.0 – 6.49.0`. */
  readonly range: string;
  readonly esm: Cell;
  readonly cjs: Cell;
  readonly streaming: Cell;
  readonly tools: Cell;
  readonly tokens: Cell;
  readonly undo: Cell;
}

interface Parsed extends BatteryResult {
  readonly name: string;
  readonly version: string;
  readonly format: string;
}

/** In the order in which libraries first appear. */
export function toMatrix(results: readonly BatteryResult[]): readonly MatrixLine[] {
  const parsed = failWhole(results).flatMap(parseSuite);
  const names = [...new Set(parsed.map(({ name }) => name))];
  return names.map((name) => {
    const own = parsed.filter((result) => result.name === name);
    const cell = (isMeant: (result: Parsed) => boolean): Cell => verdict(own.filter(isMeant));
    return {
      name,
      range: rangeOf(own.map(({ version }) => version)),
      esm: cell(({ format }) => format === 'esm'),
      cjs: cell(({ format }) => format === 'cjs'),
      streaming: cell(({ title }) => title.startsWith('streaming')),
      tools: cell(({ title }) => title.startsWith('tools')),
      tokens: cell(({ title }) => title.includes('tokens')),
      undo: cell(({ title }) => title.startsWith('undo')),
    };
  });
}

/** As a table of text. */
export function printMatrix(lines: readonly MatrixLine[]): string {
  const rows = [HEADINGS, ...lines.map(toRow)];
  const widths = HEADINGS.map((_heading, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** As a table of Markdown. */
export function toMarkdown(lines: readonly MatrixLine[]): string {
  const rows = [HEADINGS, HEADINGS.map(() => '---'), ...lines.map(toRow)];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const HEADINGS = ['library', 'versions run', 'ESM', 'CJS', 'streaming', 'tools', 'tokens', 'undo'] as const;

function toRow({ name, range, esm, cjs, streaming, tools, tokens, undo }: MatrixLine): readonly string[] {
  return [name, range, ...[esm, cjs, streaming, tools, tokens, undo].map(toWord)];
}

function toWord(cell: Cell): string {
  if (cell === null) return '–';
  return cell ? 'yes' : 'no';
}

function parseSuite(result: BatteryResult): readonly Parsed[] {
  const match = /^'?(\S+) (\d\S*) (esm|cjs)'?$/.exec(result.suite);
  if (match === null) return [];
  const [, name = '', version = '', format = ''] = match;
  return [{ ...result, name, version, format }];
}

/** Programs that did not run at all leave their tests skipped: that is no missing answer but a wrong one. */
function failWhole(results: readonly BatteryResult[]): readonly BatteryResult[] {
  const alive = new Set(results.filter(({ status }) => status === 'passed').map(({ suite }) => suite));
  return results.map((result) => (alive.has(result.suite) ? result : { ...result, status: 'failed' }));
}

function verdict(results: readonly Parsed[]): Cell {
  const told = results.filter(({ status }) => status !== 'skipped');
  return told.length === 0 ? null : told.every(({ status }) => status === 'passed');
}

function rangeOf(versions: readonly string[]): string {
  const sorted = [...new Set(versions)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return sorted.length < 2 ? (sorted[0] ?? '') : `${sorted[0]} – ${sorted.at(-1)}`;
}
