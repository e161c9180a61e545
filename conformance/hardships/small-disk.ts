/** A file system of a few megabytes, where it may be mounted. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  /** An empty folder on it. */
  readonly path: string;
  freeBytes(): number;
  /** Takes all the room but so many bytes, as another program on the same disk would. */
  fill(leaveBytes: number): void;
  /** Gives back what {@link SmallDisk.fill} took. */
  makeRoom(): void;
  /** Nothing may use it any more. */
  remove(): void;
}

/** @returns why there is none, as a text, on systems that do not let this process mount. */
export function mountSmallDisk(megabytes: number): SmallDisk | string {
  const mountPoint = mkdtempSync(join(tmpdir(), 'clew-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'clew', mountPoint], { stdio: 'pipe' });
  } catch (error) {
    rmSync(mountPoint, { recursive: true });
    return `this process may not mount a file system: ${error instanceof Error ? error.message : String(error)}`;
  }
  const path = join(mountPoint, 'data');
  const ballast = join(mountPoint, 'ballast');
  mkdirSync(path);
  writeFileSync(ballast, '');
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(mountPoint);
    return bavail * bsize;
  };
  return {
    path,
    freeBytes,
    fill(leaveBytes) {
      // The other side frees and takes room meanwhile: what is asked for may be gone before it is taken.
      for (let bytes = freeBytes() - leaveBytes; bytes > 0; bytes = freeBytes() - leaveBytes) {
        try {
          appendFileSync(ballast, Buffer.alloc(Math.min(bytes, 1024 * 1024)));
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        }
      }
    },
    makeRoom() {
      truncateSync(ballast, 0);
    },
    remove() {
      execFileSync('umount', ['-l', mountPoint]);
      rmSync(mountPoint, { recursive: true });
    },
  };
}
