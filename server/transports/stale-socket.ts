/** A process that was killed leaves its Unix socket behind, and nobody else can listen there. */
import { unlink } from 'node:fs/promises';
import { lstatSync } from 'node:fs';
import { connect } from 'node:net';

/** Removes a Unix socket at which nobody listens any more; anything else stays. */
export async function removeStaleSocket(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() && (await isRefused(path))) await unlink(path);
}

function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
