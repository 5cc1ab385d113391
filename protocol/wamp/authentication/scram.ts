/** Proof of a password that neither the wire nor the router's store gives away, in both directions. WAMP "SCRAM". */
import type { Dict } from '../values.ts';
import { concat, fromBase64, randomBytes, toBase64, utf8, xor, type Bytes } from './bytes.ts';
import type { Credentials } from './credentials.ts';
import { saslprep } from './saslprep.ts';
import { hmacSha256, pbkdf2Sha256, sha256 } from './web-crypto.ts';

/** Argon2id version 1.3, parallelism 1, 32 bytes. */
export type Argon2id = (
  password: Bytes,
  salt: Bytes,
  cost: { iterations: number; memory: number },
) => Promise<Uint8Array>;

export interface ScramOptions {
  readonly authid: string;
  readonly password: string;
  /** Binds the proof to this TLS connection, whose channel binding data only some hosts tell; browsers do not. */
  readonly channelBinding?: { readonly type: string; readonly data: Uint8Array };
  /** Where the router's passwords are kept by Argon2, which WebCrypto does not have. */
  readonly argon2id?: Argon2id;
  /** Base64 of at least 16 random bytes; by default new ones. */
  readonly nonce?: string;
}

/** Below, somebody in the router's place could try passwords on our proof. RFC 7677 for PBKDF2. */
const leastCost = { pbkdf2Iterations: 4096, argon2idMemoryTimesIterations: 2048 };
/** Above, it would be us who pay. */
const mostCost = { pbkdf2Iterations: 10_000_000, argon2idMemory: 4 * 1024 * 1024, argon2idIterations: 10_000 };

export function withScram(options: ScramOptions): Credentials {
  const { authid, channelBinding, nonce = toBase64(randomBytes(24)) } = options;
  let verifier: string | undefined;
  return {
    authid: saslprep(authid),
    authmethods: ['wamp-scram'],
    authextra: { nonce, channel_binding: channelBinding?.type ?? null },
    async onChallenge(_method, extra) {
      const signed = await signScram({ ...options, nonce }, extra);
      verifier = signed.verifier;
      return signed;
    },
    onWelcome({ authextra = {} }) {
      const given = authextra['verifier'];
      const proved = typeof given === 'string' && verifier !== undefined && given.replace(/^v=/, '') === verifier;
      if (!proved) throw new Error('the router does not know the password either');
    },
  };
}

/** What AUTHENTICATE says, and what the router must answer to prove that it knows the password's keys. */
async function signScram(options: ScramOptions & { nonce: string }, extra: Dict) {
  const challenge = readChallenge(extra, options.nonce);
  const { channelBinding } = options;
  const keys = await scramKeys(await saltPassword(options, challenge));
  const message = scramMessage({
    authid: options.authid,
    clientNonce: options.nonce,
    ...challenge,
    ...(channelBinding && { channelBinding }),
  });
  const signature = toBase64(xor(keys.clientKey, await hmacSha256(keys.storedKey, message)));
  const verifier = toBase64(await hmacSha256(keys.serverKey, message));
  const bound = {
    channel_binding: channelBinding?.type ?? null,
    cbind_data: channelBinding ? toBase64(channelBinding.data) : null,
  };
  return { signature, verifier, extra: { nonce: challenge.nonce, ...bound } };
}

interface ScramChallenge {
  /** Ours, and the router's behind it. */
  readonly nonce: string;
  /** Base64. */
  readonly salt: string;
  readonly kdf: 'pbkdf2' | 'argon2id13';
  readonly iterations: number;
  /** KiB; of Argon2 only. */
  readonly memory: number;
}

/** @throws TypeError where it is malformed, does not answer our nonce, or makes guessing too cheap. */
function readChallenge({ nonce, salt, kdf, iterations, memory }: Dict, ours: string): ScramChallenge {
  if (typeof nonce !== 'string' || !nonce.startsWith(ours) || nonce.length === ours.length) {
    throw new TypeError('the challenge of scram does not answer our nonce');
  }
  if (fromBase64(salt) === null || typeof salt !== 'string') throw new TypeError('the salt of scram is not base64');
  if (kdf !== 'pbkdf2' && kdf !== 'argon2id13') throw new TypeError(`scram by "${String(kdf)}" is not known here`);
  const cost = { iterations: count(iterations), memory: kdf === 'argon2id13' ? count(memory) : 0 };
  const problem = kdf === 'pbkdf2' ? pbkdf2Problem(cost) : argon2idProblem(cost);
  if (problem) throw new TypeError(`the challenge of scram is suspicious: ${problem}`);
  return { nonce, salt, kdf, ...cost };
}

interface Cost {
  readonly iterations: number;
  readonly memory: number;
}

function pbkdf2Problem({ iterations }: Cost): string | null {
  if (iterations < leastCost.pbkdf2Iterations) return `only ${iterations} iterations of pbkdf2`;
  return iterations > mostCost.pbkdf2Iterations ? `${iterations} iterations of pbkdf2` : null;
}

function argon2idProblem({ iterations, memory }: Cost): string | null {
  const text = `${iterations} iterations of argon2id13 with ${memory} KiB`;
  if (iterations * memory < leastCost.argon2idMemoryTimesIterations) return `only ${text}`;
  return memory > mostCost.argon2idMemory || iterations > mostCost.argon2idIterations ? text : null;
}

function count(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError('iterations and memory of scram are not positive integers');
}

async function saltPassword({ password, argon2id }: ScramOptions, challenge: ScramChallenge): Promise<Bytes> {
  const prepared = utf8(saslprep(password));
  const salt = fromBase64(challenge.salt)!;
  if (challenge.kdf === 'pbkdf2') return pbkdf2Sha256(prepared, salt, challenge.iterations, 32);
  if (argon2id) return concat(await argon2id(prepared, salt, challenge));
  throw new Error(
    'The router keeps this password by Argon2, which browsers do not have: pass a function as `argon2id`, or keep it by pbkdf2.',
  );
}

/** RFC 5802, section 3. */
export async function scramKeys(saltedPassword: Bytes) {
  const clientKey = await hmacSha256(saltedPassword, 'Client Key');
  const storedKey = await sha256(clientKey);
  const serverKey = await hmacSha256(saltedPassword, 'Server Key');
  return { clientKey, storedKey, serverKey };
}

/** What both sides sign: the AuthMessage of RFC 5802. */
export function scramMessage(of: {
  readonly authid: string;
  readonly clientNonce: string;
  readonly nonce: string;
  readonly salt: string;
  readonly iterations: number;
  readonly channelBinding?: { readonly type: string; readonly data: Uint8Array };
}): string {
  const name = saslprep(of.authid).replaceAll('=', '=3D').replaceAll(',', '=2C');
  const { type, data } = of.channelBinding ?? { type: undefined, data: new Uint8Array() };
  const header = toBase64(concat(utf8(type === undefined ? 'n,,' : `p=${type},,`), data));
  const first = `n=${name},r=${of.clientNonce},r=${of.nonce},s=${of.salt},i=${of.iterations}`;
  return `${first},c=${header},r=${of.nonce}`;
}
