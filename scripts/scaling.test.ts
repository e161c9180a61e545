import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { computePage, readInputs } from './scaling.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/scaling.md', import.meta.url)), 'utf8');

describe('docs/scaling.md', () => {
  test('every computed number follows from the inputs: else "npx tsx scripts/scaling.ts --update"', () => {
    expect(page.match(/<!-- end -->/g)?.length).toBe(4);
    expect(page).toBe(computePage(page));
  });

  test.each(['ingest cpu', 'engine cpu', 'merge cpu', 'disk bytes', 'request bytes', 'peak', 'busy', 'kept days'])(
    'another "%s" needs other tables',
    (name) => {
      const changed = page.replace(new RegExp(`(\\| \`${name}\` +\\| +)[\\d,.]+`), '$1777.7');
      expect(readInputs(changed)(name)).toBe(777.7);
      expect(computePage(changed)).not.toBe(changed);
    },
  );

  test('its own numbers, worked out by hand', () => {
    const inputs = [
      ['ingest cpu', 250],
      ['engine cpu', 100],
      ['merge cpu', 50],
      ['disk bytes', 1000],
      ['request bytes', 5000],
      ['peak', 4],
      ['busy', 0.5],
      ['kept days', 30],
      ['full', 0.5],
      ['process cores', 2],
      ['node cores', 8],
      ['node disk', 5000],
      ['replicas', 2],
    ].map(([name, value]) => `| \`${name}\` | ${value} |`);
    const computed = computePage(
      `${inputs.join('\n')}\n\n<!-- load -->\n\n\n\n<!-- end -->\n\n<!-- shape -->\n\n\n\n<!-- end -->\n`,
    );
    // 10^10 spans in 2,592,000 s; at peak 4 times that, 150 µs each for the server and for the database, half busy.
    expect(cells(computed, '10,000,000,000')).toEqual([
      ['10,000,000,000', '3,858', '15,432', '77', '4.6', '4.6', '20,000'],
      ['10,000,000,000', 'a cluster', '3', '4', '2', '2', '5,000'],
    ]);
    expect(cells(computed, '1,000,000')).toEqual([
      ['1,000,000', '0.39', '1.5', '0.0077', '0.00046', '0.00046', '2'],
      ['1,000,000', 'in the server', '1', '–', '–', '1', '2'],
    ]);
  });

  test('an input that is missing is named', () => {
    expect(() => computePage('<!-- age -->\n\nx\n\n<!-- end -->')).toThrow('the page has no input "disk bytes"');
  });
});

function cells(text: string, firstCell: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((row) => row[1] === firstCell)
    .map((row) => row.slice(1, -1));
}
