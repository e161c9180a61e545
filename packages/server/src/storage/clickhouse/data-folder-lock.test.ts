import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from './data-folder-lock.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const lockFile = () => join(folder, 'clew.lock');

describe('lockFolder()', () => {
  test('refuses a second holder in the same process until the first lets go', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow('this process uses it');
    await lock.release();
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  test('names the process that has it', async () => {
    await writeFile(lockFile(), JSON.stringify({ pid: process.ppid }));
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'unavailable',
      message: `Cannot open data folder "${folder}": process ${process.ppid} uses it`,
    });
  });

  test('says why nothing can be written there', async () => {
    await expect(lockFolder(join(folder, 'missing'))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^Cannot open data folder ".*missing": .*ENOENT/) as string,
    });
  });

  test('takes over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(lockFile(), JSON.stringify({ pid: child.pid }));
    const lock = await lockFolder(folder);
    expect(await readFile(lockFile(), 'utf8')).toContain(`"pid":${process.pid}`);
    await lock.release();
  });

  test.each([
    { why: 'an earlier process of the same number', content: JSON.stringify({ pid: process.pid, startTicks: '1' }) },
    {
      why: 'a process whose number another one has now',
      content: JSON.stringify({ pid: process.ppid, startTicks: '1' }),
    },
    { why: 'a process that died while writing it', content: '' },
  ])('takes over from $why', async ({ content }) => {
    await writeFile(lockFile(), content);
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });
});
