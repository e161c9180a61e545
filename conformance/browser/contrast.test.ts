import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../support/run-server.ts';

const css = readFileSync(join(root, 'packages/ui/src/styles.css'), 'utf8');

type Tokens = ReadonlyMap<string, string>;

function tokensOf(selector: string): Tokens {
  const from = css.indexOf(`${selector} {`);
  const block = css.slice(from, css.indexOf('}', from));
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex]));
}

const light = tokensOf('\n:root');
const themes = { light, dark: new Map([...light, ...tokensOf(":root[data-theme='dark']")]) };

/** WCAG 2's relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(tokens: Tokens, ink: string, ground: string): number {
  const [a, b] = [tokens.get(ink), tokens.get(ground)].map((hex) => luminance(hex ?? '#000000')) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const GROUNDS = ['page', 'surface-1', 'surface-2', 'hover', 'selected'];
const INKS = ['ink-1', 'ink-2', 'ink-3', 'accent-ink', 'ok', 'error', 'warn', 'info', 'running'];
const FAMILIES = ['agent', 'flow', 'model', 'tool', 'retrieve', 'data', 'judge', 'parse', 'none'];

describe.each(Object.entries(themes))('in the %s theme', (_, tokens) => {
  test('every token has a colour', () => {
    const wanted = [...GROUNDS, ...INKS, ...FAMILIES.map((family) => `family-${family}`)];
    expect(wanted.filter((name) => !tokens.has(name))).toEqual([]);
  });

  test.each(INKS.flatMap((ink) => GROUNDS.map((ground) => ({ ink, ground }))))(
    'text in $ink is readable on $ground',
    ({ ink, ground }) => {
      expect(contrast(tokens, ink, ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(['ok', 'error', 'warn'])('a note in %s is readable on its tint', (ink) => {
    expect(contrast(tokens, ink, `${ink}-tint`)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(FAMILIES.flatMap((family) => ['page', 'selected'].map((ground) => ({ family, ground }))))(
    'bars of $family can be seen on $ground',
    ({ family, ground }) => {
      expect(contrast(tokens, `family-${family}`, ground)).toBeGreaterThanOrEqual(3);
    },
  );
});
