/** The disk that matches are kept on, without a database. */
import { fdatasync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const page = Buffer.alloc(4096, 7);

/** A file that gets longer. What comes while the disk works is written together when it has done. */
export class Disk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'realmkit-disk-'));
  readonly #file = openSync(join(this.#folder, 'file'), 'a');
  #waiting: (() => void)[] = [];
  #isWorking = false;

  constructor() {
    process.on('exit', () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** Writes one page. @param done when it would be there after a power cut. */
  write(done: () => void): void {
    this.#waiting.push(done);
    if (!this.#isWorking) this.#work();
  }

  #work(): void {
    const written = this.#waiting;
    this.#isWorking = written.length > 0;
    if (!this.#isWorking) return;
    this.#waiting = [];
    for (const _ of written) writeSync(this.#file, page);
    fdatasync(this.#file, (error) => {
      if (error) throw error;
      for (const done of written) done();
      this.#work();
    });
  }
}
