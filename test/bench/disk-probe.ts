/** How long 4 KB and an fdatasync take on the disk that matches are kept on, 20 times a second: a thread of its own measures. */
import { fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

/** Begins. @returns what ends it, and gives the times in ms. */
export function probed(): () => Promise<readonly number[]> {
  const worker = new Worker(new URL(import.meta.url));
  const times: number[] = [];
  worker.on('message', (ms: number) => times.push(ms));
  return async () => {
    worker.postMessage('enough');
    await new Promise((resolve) => worker.once('exit', resolve));
    return times;
  };
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  const folder = mkdtempSync(join(tmpdir(), 'realmkit-disk-'));
  const file = openSync(join(folder, 'file'), 'a');
  const page = Buffer.alloc(4096, 7);
  const timer = setInterval(() => {
    const start = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    port.postMessage(performance.now() - start);
  }, 50);
  port.once('message', () => {
    clearInterval(timer);
    rmSync(folder, { recursive: true });
  });
}
