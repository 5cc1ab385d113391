import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { saslprep, scramMessage } from '../../protocol/index.ts';
import { argon2id } from './argon2.ts';
import { channelBindingOf } from './channel-binding.ts';
import type { AuthenticationMethod } from './method.ts';
import {
  clientNonce,
  exchange,
  keysOf,
  type Dialect,
  type ScramCredential,
  type ScramOptions,
} from './scram-exchange.ts';

/** A password that neither the wire nor the configuration gives away, and a router that must know it too. WAMP "SCRAM". */
export const scram = (options: ScramOptions): AuthenticationMethod => exchange(specified, options);

/** What guessing one password costs, where the operator does not say. */
export const scramCosts = {
  pbkdf2: { iterations: 600_000 },
  argon2id13: { iterations: 2, memory: 19 * 1024 },
} as const;

export interface ScramCost {
  readonly kdf: ScramCredential['kdf'];
  readonly iterations?: number;
  /** KiB; of Argon2 only. */
  readonly memory?: number;
}

/** What to write into the configuration in place of a password. @throws TypeError for a password that is not text */
export async function keepScramPassword(
  password: string,
  salt: Uint8Array,
  { kdf, iterations = scramCosts[kdf].iterations, memory = scramCosts.argon2id13.memory }: ScramCost = {
    kdf: 'pbkdf2',
  },
): Promise<ScramCredential> {
  const text = Buffer.from(saslprep(password));
  const salted =
    kdf === 'pbkdf2'
      ? await promisify(pbkdf2)(text, salt, iterations, 32, 'sha256')
      : await argon2id(new Uint8Array(text), new Uint8Array(salt), { iterations, memory });
  const cost = { kdf, iterations, ...(kdf === 'argon2id13' && { memory }) };
  return { ...cost, salt: Buffer.from(salt).toString('base64'), ...keysOf(salted) };
}

const specified: Dialect = {
  name: 'wamp-scram',
  keep: (password, salt) => keepScramPassword(password, salt),
  open(hello, { facts }, serverNonce) {
    const { text } = clientNonce(hello);
    const channelBinding = channelBindingOf(hello, facts);
    const nonce = text + Buffer.from(serverNonce).toString('base64');
    return { clientNonce: text, nonce, ...(channelBinding && { channelBinding }) };
  },
  challenge: ({ salt, kdf, iterations, memory = null }, nonce) => ({ nonce, salt, kdf, iterations, memory }),
  message: (authid, { salt, iterations }, opening) => scramMessage({ authid, salt, iterations, ...opening }),
  confirms: (extra, { nonce, channelBinding }) =>
    extra['nonce'] === nonce &&
    (extra['channel_binding'] ?? null) === (channelBinding?.type ?? null) &&
    (extra['cbind_data'] ?? null) === (channelBinding ? Buffer.from(channelBinding.data).toString('base64') : null),
  verifier: (signature) => ({ verifier: signature }),
  readKdf: (name) =>
    name === 'pbkdf2' || name === 'argon2id13' ? name : name === 'argon2id-13' ? 'argon2id13' : undefined,
};
