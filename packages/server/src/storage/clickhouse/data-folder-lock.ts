/** One process per data folder: the embedded engine corrupts nothing, but a second one cannot open it. */
import { readFileSync } from 'node:fs';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TracingError } from '@clew/core';

export interface FolderLock {
  release(): Promise<void>;
}

/** Who holds a folder. The start tells a process from a later one that got the same number, as containers give out. */
interface Holder {
  readonly pid: number;
  /** In clock ticks since the machine started; absent where the system does not tell. */
  readonly startTicks?: string;
}

const LOCK_FILE = 'clew.lock';
const heldHere = new Set<string>();

/**
 * Claims a folder for this process. The lock of a process that is gone is taken over.
 *
 * @throws {TracingError} `unavailable` while somebody else, or this process, has it, or if nothing can be written there.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK_FILE);
  if (heldHere.has(path)) throw inUse(folder, 'this process');
  heldHere.add(path);
  try {
    await claim(folder, path);
  } catch (error) {
    heldHere.delete(path);
    if (error instanceof TracingError) throw error;
    const reason = isCode(error, 'ENOSPC') ? 'its disk is full; make room and start again' : String(error);
    throw new TracingError('unavailable', `Cannot open data folder "${folder}": ${reason}`, { cause: error });
  }
  return {
    async release() {
      if (heldHere.delete(path)) await rm(path, { force: true });
    },
  };
}

async function claim(folder: string, path: string): Promise<void> {
  // A second round follows the removal of a stale lock; the third can only mean that others are at it too.
  for (let round = 0; round < 3; round += 1) {
    if (await create(path)) return;
    const content = await readFile(path, 'utf8').catch(() => undefined);
    if (content === undefined) continue;
    const holder = parseHolder(content);
    if (holder !== undefined && isAlive(holder)) throw inUse(folder, `process ${holder.pid}`);
    await removeStale(path, content);
  }
  throw inUse(folder, 'another process');
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(JSON.stringify(describeProcess(process.pid)));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moves the file aside first, so that of two processes only one removes it, and none removes a new one. */
async function removeStale(path: string, content: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== content) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function describeProcess(pid: number): Holder {
  const startTicks = readStartTicks(pid);
  return startTicks === undefined ? { pid } : { pid, startTicks };
}

function parseHolder(content: string): Holder | undefined {
  const [, pid, startTicks] = /^\{"pid":(\d+)(?:,"startTicks":"(\d+)")?\}$/.exec(content) ?? [];
  if (pid === undefined) return undefined;
  return startTicks === undefined ? { pid: Number(pid) } : { pid: Number(pid), startTicks };
}

function isAlive(holder: Holder): boolean {
  // Ours was refused above, so a lock with our number is of an earlier life.
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
  }
  const startTicks = readStartTicks(holder.pid);
  return holder.startTicks === undefined || startTicks === undefined || holder.startTicks === startTicks;
}

/** Field 22 of `/proc/PID/stat` (proc(5)), counted behind the name, which may hold blanks. Linux only. */
function readStartTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function inUse(folder: string, holder: string): TracingError {
  return new TracingError('unavailable', `Cannot open data folder "${folder}": ${holder} uses it`);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
