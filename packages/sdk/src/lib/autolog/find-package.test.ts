import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findPackage, isEsModule, programRoots } from './find-package.ts';
import { isInRange } from './version-range.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'clew-find-')));
});

afterEach(() => rmSync(root, { recursive: true }));

function writePackage(folder: string, manifest: object): string {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
  return join(root, folder);
}

describe('findPackage()', () => {
  test('walks up, and takes the nearest', () => {
    const far = writePackage('node_modules/llm', { version: '1.0.0' });
    const near = writePackage('app/node_modules/llm', { version: '2.0.0', type: 'module' });
    mkdirSync(join(root, 'app/src'));
    mkdirSync(join(root, 'tool'));
    expect(findPackage('llm', [join(root, 'app/src'), join(root, 'tool'), join(root, 'app')])).toEqual([
      { folder: near, version: '2.0.0', isModule: true },
      { folder: far, version: '1.0.0', isModule: false },
    ]);
  });

  test('follows links, as pnpm lays packages out', () => {
    const real = writePackage('node_modules/.pnpm/llm@3/node_modules/llm', { version: '3.0.0' });
    mkdirSync(join(root, 'app/node_modules'), { recursive: true });
    symlinkSync(real, join(root, 'app/node_modules/llm'), 'dir');
    expect(findPackage('llm', [join(root, 'app')])).toMatchObject([{ folder: real }]);
  });

  test('what cannot be read is not there', () => {
    mkdirSync(join(root, 'node_modules/llm'), { recursive: true });
    writeFileSync(join(root, 'node_modules/llm/package.json'), '{');
    expect([findPackage('llm', [root]), findPackage('@scope/none', [root])]).toEqual([[], []]);
  });
});

test.each([
  { file: 'index.mjs', isModule: false, is: true },
  { file: 'index.js', isModule: true, is: true },
  { file: 'index.js', isModule: false, is: false },
  { file: 'index.cjs', isModule: true, is: false },
])('$file in a package with isModule $isModule is an ES module: $is', ({ file, isModule, is }) => {
  expect(isEsModule(file, { folder: '/', version: '1.0.0', isModule })).toBe(is);
});

test('programRoots() names each folder once', () => {
  expect(programRoots(join(root, 'app.js'), root, '/elsewhere')).toEqual([root, '/elsewhere']);
  expect(programRoots(undefined, root, root)).toEqual([root]);
});

test.each([
  { version: '6.49.0', range: '>=4 <8', is: true },
  { version: '3.9.9', range: '>=4 <8', is: false },
  { version: '8.0.0', range: '>=4 <8', is: false },
  { version: 'next', range: '>=4 <8', is: true },
])('isInRange($version, $range) is $is', ({ version, range, is }) => {
  expect(isInRange(version, range)).toBe(is);
});
