import { saslprep } from '../../protocol/index.ts';
import { argon2id } from './argon2.ts';
import type { AuthenticationMethod } from './method.ts';
import { scramCosts } from './scram.ts';
import {
  clientNonce,
  exchange,
  keysOf,
  type Dialect,
  type ScramCredential,
  type ScramOptions,
} from './scram-exchange.ts';

/**
 * SCRAM as Autobahn for Python and Crossbar speak it, under the name `scram`. It differs from the specification in nearly
 * every line below, so a password kept for one is of no use to the other. Its clients manage only Argon2.
 */
export const autobahnScram = (options: ScramOptions): AuthenticationMethod => exchange(autobahn, options);

/** What Autobahn's `derive_scram_credential` makes of a password, but for the default cost. */
export async function keepAutobahnScramPassword(
  password: string,
  salt: Uint8Array,
  { iterations, memory }: { iterations: number; memory: number } = scramCosts.argon2id13,
): Promise<ScramCredential> {
  const hash = await argon2id(new Uint8Array(Buffer.from(password)), new Uint8Array(salt), { iterations, memory });
  const asText = Buffer.from(hash).toString('base64').replaceAll('=', ''); // they take the text for the key
  return {
    kdf: 'argon2id13',
    iterations,
    memory,
    salt: Buffer.from(salt).toString('base64'),
    ...keysOf(Buffer.from(asText)),
  };
}

const autobahn: Dialect = {
  name: 'scram',
  keep: (password, salt) => keepAutobahnScramPassword(password, salt),
  open(hello, _arrival, serverNonce) {
    const { text, bytes } = clientNonce(hello);
    return { clientNonce: text, nonce: Buffer.concat([bytes, serverNonce]).toString('base64') };
  },
  // It refuses keys that it does not know, and a memory that is null.
  challenge: ({ salt, kdf, iterations, memory }, nonce) => ({
    nonce,
    salt,
    kdf: kdf === 'argon2id13' ? 'argon2id-13' : kdf,
    iterations,
    ...(memory !== undefined && { memory }),
  }),
  message: (authid, { salt, iterations }, { clientNonce: theirs, nonce }) =>
    `n=${saslprep(authid)},r=${theirs},r=${nonce},s=${salt},i=${iterations},c=,r=${nonce}`,
  confirms: () => true, // the nonce is in the proof; AUTHENTICATE.extra is empty
  verifier: (signature) => ({ scram_server_signature: signature }),
  readKdf: (name) =>
    name === 'pbkdf2' ? name : name === 'argon2id-13' || name === 'argon2id13' ? 'argon2id13' : undefined,
};
