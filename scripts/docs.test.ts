import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseFilter, unixNanosFromMillis } from '@clew/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const PAGES = [
  'README.md',
  ...['docs', 'decisions'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
  ...['core', 'sdk', 'server'].map((name) => `packages/${name}/README.md`),
];

describe('the docs', () => {
  const filters = readFileSync(join(root, 'docs/filters.md'), 'utf8');
  const examples = [...filters.matchAll(/```filter\n([\s\S]*?)```/g)].flatMap((block) =>
    (block[1] ?? '').trim().split('\n'),
  );

  test('have examples of filters', () => {
    expect(examples.length).toBeGreaterThan(15);
  });

  test.each(examples)('the filter %s can be read', (example) => {
    expect(parseFilter(example, { now: unixNanosFromMillis(1_762_161_330_250) })).toMatchObject({ ok: true });
  });

  test.each(PAGES)('%s links to what is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    const dead = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(root, dirname(page), link)));
    expect(dead).toEqual([]);
  });
});
