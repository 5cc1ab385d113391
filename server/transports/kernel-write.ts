/**
 * The shortest way into a plain socket. Most writes are taken whole by the kernel at once, and then what a stream does
 * around each, a request object, callbacks, a tick, is a fifth of what the write costs.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * The file descriptor below a stream, which is only good as long as the stream is writable: afterwards the number may
 * be another's. null: there is none, or more than the kernel lies between, as TLS does.
 */
export function descriptorOf(stream: Writable): number | null {
  if (stream.constructor !== Socket) return null;
  // oxlint-disable-next-line no-underscore-dangle -- Node has no other name for it
  const { fd = -1 } = (stream as { _handle?: { fd?: number } | null })._handle ?? {};
  return fd >= 0 ? fd : null;
}

/** How many octets the kernel takes now. What it does not take is for the stream, which also learns of its errors. */
export function writeNow(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes, 0, bytes.length);
  } catch {
    return 0;
  }
}
