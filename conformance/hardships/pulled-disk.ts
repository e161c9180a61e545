/**
 * A journaling file system in a file. What the file holds is what a disk would have got, so a copy of it is what a power
 * cut leaves: everything that was flushed, and nothing that was only in the system's memory.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PulledDisk {
  /** A folder on it, before the cut and after it. */
  readonly path: string;
  /** The moment of the cut. Whoever writes must stand still. */
  cutPower(): void;
  /** Comes back with what the cut left. Whoever used it must be gone. */
  restorePower(): void;
  /** Nothing may use it any more. */
  remove(): void;
}

/** @returns why there is none, as a text, on systems that do not let this process mount. */
export function mountPulledDisk(megabytes: number): PulledDisk | string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-power-'));
  const image = join(folder, 'image');
  const mountPoint = join(folder, 'disk');
  // Nothing gets to the disk by itself for a while: what is flushed is what somebody asked to be flushed.
  const mount = (): void => run('mount', '-o', 'loop,commit=300', image, mountPoint);
  const lastWrite = (): bigint => statSync(image, { bigint: true }).mtimeNs;
  mkdirSync(mountPoint);
  writeFileSync(image, '');
  truncateSync(image, megabytes * 1024 ** 2);
  try {
    run('mkfs.ext4', '-q', '-F', image);
    mount();
  } catch (error) {
    rmSync(folder, { recursive: true });
    return `this process may not mount an ext4 file system: ${error instanceof Error ? error.message : String(error)}`;
  }
  const path = join(mountPoint, 'data');
  mkdirSync(path);
  return {
    path,
    cutPower() {
      // A copy during which the system wrote would be of no one moment.
      for (let before = -1n; before !== lastWrite();) {
        before = lastWrite();
        copyFileSync(image, `${image}.cut`);
      }
    },
    restorePower() {
      run('umount', mountPoint);
      renameSync(`${image}.cut`, image);
      mount();
    },
    remove() {
      run('umount', '-l', mountPoint);
      rmSync(folder, { recursive: true });
    },
  };
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
