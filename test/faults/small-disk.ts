/** A disk of two megabytes that can be filled for real. Only root may mount one: elsewhere there is none. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Leaves no room. */
  fill(): void;
  /** Leaves what was there before it was filled. */
  clear(): void;
  remove(): void;
}

const sizeBytes = 2 * 2 ** 20;

/** null: this user, or this system, cannot have one. */
export function smallDisk(): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'realmkit-disk-'));
  const ballast = join(folder, 'ballast');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    fill() {
      for (let bytes = sizeBytes; bytes >= 1; bytes = Math.floor(bytes / 2)) {
        try {
          writeFileSync(ballast, Buffer.alloc(bytes), { flag: 'a' });
        } catch {
          // half as much may fit
        }
      }
    },
    clear: () => rmSync(ballast),
    remove() {
      execFileSync('umount', ['-l', folder]); // even if a test that failed has files open
      rmSync(folder, { recursive: true });
    },
  };
}
