/** Proof of a shared secret that itself stays here. WAMP "Challenge Response Authentication". */
import type { Dict } from '../values.ts';
import { toBase64, utf8 } from './bytes.ts';
import type { Credentials } from './credentials.ts';
import { hmacSha256, pbkdf2Sha256 } from './web-crypto.ts';

export const withWampcra = ({ authid, secret }: { authid: string; secret: string }): Credentials => ({
  authid,
  authmethods: ['wampcra'],
  onChallenge: (_method, extra) => signWampcra(secret, extra),
});

/**
 * Signs CHALLENGE.extra: the challenge's own bytes, never a text that says the same.
 * @throws TypeError where the challenge is not one of WAMP-CRA.
 */
export async function signWampcra(secret: string, extra: Dict): Promise<string> {
  const { challenge, salt, iterations = 1000, keylen = 32 } = extra;
  if (typeof challenge !== 'string') throw new TypeError('the challenge of wampcra is not a string');
  if (salt === undefined || salt === null) return toBase64(await hmacSha256(utf8(secret), challenge));
  if (typeof salt !== 'string') throw new TypeError('the salt of wampcra is not a string');
  const key = await saltWampcra(secret, { salt, iterations: positive(iterations), keylen: positive(keylen) });
  return toBase64(await hmacSha256(utf8(key), challenge));
}

export interface WampcraSalt {
  readonly salt: string;
  readonly iterations: number;
  /** In bytes, before base64. */
  readonly keylen: number;
}

/** What a router stores in place of a password: the base64 text, which itself is the key. The specification does not say so; all do so. */
export const saltWampcra = async (secret: string, { salt, iterations, keylen }: WampcraSalt): Promise<string> =>
  toBase64(await pbkdf2Sha256(utf8(secret), utf8(salt), iterations, keylen));

function positive(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError('iterations and keylen of wampcra are not positive integers');
}
