/** The cryptography of every host: browsers have it on pages that came by https or from localhost. */
import { utf8, type Bytes } from './bytes.ts';

export function subtle(): NonNullable<typeof crypto.subtle> {
  if (crypto.subtle) return crypto.subtle;
  throw new Error('This page may not sign: browsers allow it only on pages that came by https or from localhost.');
}

export const sha256 = async (data: Bytes): Promise<Bytes> => new Uint8Array(await subtle().digest('SHA-256', data));

export async function hmacSha256(key: Bytes, data: string): Promise<Bytes> {
  const imported = await subtle().importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await subtle().sign('HMAC', imported, utf8(data)));
}

/** @param length in bytes. */
export async function pbkdf2Sha256(password: Bytes, salt: Bytes, iterations: number, length: number): Promise<Bytes> {
  const key = await subtle().importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations } as const;
  return new Uint8Array(await subtle().deriveBits(how, key, 8 * length));
}
