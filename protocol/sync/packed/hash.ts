import type { AnyType } from '../../schema/type.ts';
import { BitWriter } from './bits.ts';
import { codecOf } from './codec-of.ts';

/** FNV-1a, 32 bits. */
export function hashOfBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/**
 * 32 bits that are equal for everybody's view of the same value: what is not for everybody does not count. Two sides whose
 * hashes differ have diverged.
 */
export function hashOf(type: AnyType, view: unknown): number {
  const out = new BitWriter();
  codecOf(type, 'common').write(out, view);
  return hashOfBytes(out.bytes());
}
