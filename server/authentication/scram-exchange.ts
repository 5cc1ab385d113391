/** What the two dialects of SCRAM have in common: keys in place of passwords, nonces, proofs in both directions. RFC 5802. */
import { randomBytes } from 'node:crypto';
import { CallError, errors, saslprep, type Dict } from '../../protocol/index.ts';
import type { Hello } from '../router/index.ts';
import { admitsBy, ask, optionalCount, requiredText, type Answer, type Source } from './authenticator.ts';
import { denied, needsAuthid, type Arrival, type AuthenticationMethod, type Verdict } from './method.ts';
import { Decoys, equal, hmacSha256, sha256 } from './secrets.ts';

export type Kdf = 'pbkdf2' | 'argon2id13';

/** What is kept of a password: enough to check a proof, not enough to make one. */
export interface ScramCredential {
  readonly kdf: Kdf;
  /** Base64. */
  readonly salt: string;
  readonly iterations: number;
  /** KiB; of Argon2 only. */
  readonly memory?: number;
  /** 32 bytes in hex digits each. */
  readonly storedKey: string;
  readonly serverKey: string;
}

/** The password itself is for trying out: whoever reads the configuration has it. */
export type ScramPrincipal = { readonly role: string } & (ScramCredential | { readonly password: string });

export type ScramOptions = Source<ScramPrincipal> & {
  readonly newNonce?: () => Uint8Array;
};

/** How a dialect writes what both mean. */
export interface Dialect {
  readonly name: string;
  /** Keeps a password that stands in the configuration. */
  keep(password: string, salt: Buffer): Promise<ScramCredential>;
  /** From HELLO; throws CallError where that is not good. */
  open(hello: Hello, arrival: Arrival, serverNonce: Uint8Array): Opening;
  challenge(credential: ScramCredential, nonce: string): Dict;
  /** What both sides sign. */
  message(authid: string, credential: ScramCredential, opening: Opening): string;
  /** Whether AUTHENTICATE.extra repeats what was agreed. */
  confirms(extra: Dict, opening: Opening): boolean;
  /** For WELCOME. */
  verifier(signature: string): Dict;
  /** How components and Crossbar's tools name the function. */
  readKdf(name: string): Kdf | undefined;
}

export interface Opening {
  readonly clientNonce: string;
  /** The client's and ours. */
  readonly nonce: string;
  readonly channelBinding?: { readonly type: string; readonly data: Uint8Array };
}

interface Found extends Pick<Answer, 'admitted' | 'authextra'> {
  readonly credential: ScramCredential;
  /** Nobody: no proof is good enough. */
  readonly isDecoy: boolean;
}

export function exchange(dialect: Dialect, options: ScramOptions): AuthenticationMethod {
  const { newNonce = () => randomBytes(24), authenticator } = options;
  const find = options.principals && finder(dialect, options.principals);
  const name = dialect.name;
  return {
    name,
    admits: admitsBy(options.principals ? { principals: byPrepared(options.principals) } : options),
    async begin(hello, arrival) {
      if (hello.authid === undefined) return needsAuthid(name);
      const authid = prepared(hello.authid);
      const opening = dialect.open(hello, arrival, newNonce());
      const found = find
        ? await find(authid)
        : foundBy(dialect, await ask(authenticator!, { method: name, hello, arrival, authid }));
      return challenge(dialect, authid, found, opening);
    },
  };
}

function challenge(dialect: Dialect, authid: string, found: Found, opening: Opening): Verdict {
  const { credential, admitted, authextra } = found;
  return {
    verdict: 'challenge',
    method: dialect.name,
    extra: dialect.challenge(credential, opening.nonce),
    answer(signature, extra) {
      const message = dialect.message(authid, credential, opening);
      const genuine = isProof(signature, credential, message);
      if (!genuine || found.isDecoy || !dialect.confirms(extra, opening)) return denied;
      const ours = hmacSha256(Buffer.from(credential.serverKey, 'hex'), message).toString('base64');
      const principal = { ...admitted, authmethod: dialect.name };
      return { verdict: 'welcome', principal, authextra: { ...authextra, ...dialect.verifier(ours) } };
    },
  };
}

/** Whoever has the password's ClientKey can make this out of the message; the StoredKey shows that it was that one. */
function isProof(text: string, { storedKey }: ScramCredential, message: string): boolean {
  const stored = Buffer.from(storedKey, 'hex');
  const proof = fromBase64(text, 32) ?? Buffer.alloc(32);
  const mask = hmacSha256(stored, message);
  return equal(sha256(proof.map((byte, i) => byte ^ mask[i]!)), stored);
}

/** Nobody waits for one user's key longer than for another's: the first answer waits for all. */
function finder(dialect: Dialect, principals: Readonly<Record<string, ScramPrincipal>>) {
  const decoys = new Decoys(principals);
  const keeping = Promise.all(
    Object.entries(principals).map(async ([authid, { role, ...secret }]) => {
      const credential =
        'password' in secret ? await dialect.keep(secret.password, decoys.bytes(prepared(authid), 16)) : secret;
      return [prepared(authid), { role, credential }] as const;
    }),
  );
  const known = keeping.then((kept) => new Map(kept));
  known.catch(() => {}); // whoever joins gets to know
  return async (authid: string): Promise<Found> => {
    const all = await known;
    const models = [...all.values()];
    const someone = all.get(authid);
    const decoy = decoyOf(authid, decoys, models); // for known ones, too: it takes its time
    const { role, credential } = someone ?? decoy;
    return { admitted: { authid, authrole: role, authprovider: 'static' }, credential, isDecoy: !someone };
  };
}

interface Kept {
  readonly role: string;
  readonly credential: ScramCredential;
}

/** Like somebody who exists, but with a salt of its own. */
function decoyOf(authid: string, decoys: Decoys<ScramPrincipal>, all: readonly Kept[]): Kept {
  const salt = decoys.bytes(authid, 16).toString('base64');
  const key = decoys.bytes(authid, 32).toString('hex');
  const { kdf, iterations, memory } = decoys.pick(authid, all)?.credential ?? usual;
  const cost = { kdf, iterations, ...(memory !== undefined && { memory }) };
  return { role: 'nobody', credential: { ...cost, salt, storedKey: key, serverKey: key } };
}
const usual: Pick<ScramCredential, 'kdf' | 'iterations' | 'memory'> = { kdf: 'pbkdf2', iterations: 600_000 };

/** By authid as it is compared. @throws TypeError for one that no name can be. */
const byPrepared = <P>(principals: Readonly<Record<string, P>>): Readonly<Record<string, P>> =>
  Object.fromEntries(Object.entries(principals).map(([authid, principal]) => [saslprep(authid), principal]));

/** In Crossbar's words: keys and salt in hex digits. */
function foundBy(dialect: Dialect, { fields, ...answer }: Answer): Found {
  const kdf = dialect.readKdf(requiredText(fields, 'kdf'));
  if (!kdf) throw new Error(`the authenticator answered with a kdf that ${dialect.name} does not know`);
  const memory = optionalCount(fields, 'memory');
  const iterations = optionalCount(fields, 'iterations');
  if (iterations === undefined) throw new Error('the authenticator answered without iterations');
  const credential = {
    kdf,
    iterations,
    ...(memory !== undefined && { memory }),
    salt: Buffer.from(hexField(fields, 'salt'), 'hex').toString('base64'),
    storedKey: hexField(fields, 'stored-key', 32),
    serverKey: hexField(fields, 'server-key', 32),
  };
  return { ...answer, credential, isDecoy: false };
}

function hexField(fields: Dict, key: string, length?: number): string {
  const text = requiredText(fields, key);
  const isHex = text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text);
  if (isHex && (length === undefined || text.length === 2 * length)) return text;
  throw new Error(`the authenticator answered with ${key} that is not ${length ?? 'whole'} bytes in hex digits`);
}

/** @throws CallError */
function prepared(authid: string): string {
  try {
    return saslprep(authid);
  } catch (error) {
    throw error instanceof TypeError ? new CallError(errors.authenticationDenied, [error.message]) : error;
  }
}

/** What a password becomes in the keys. */
export function keysOf(saltedPassword: Uint8Array): Pick<ScramCredential, 'storedKey' | 'serverKey'> {
  const storedKey = sha256(hmacSha256(saltedPassword, 'Client Key')).toString('hex');
  return { storedKey, serverKey: hmacSha256(saltedPassword, 'Server Key').toString('hex') };
}

/** Canonical base64 of so many bytes at least. */
export function fromBase64(text: unknown, least: number): Buffer | null {
  if (typeof text !== 'string') return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length >= least && bytes.toString('base64') === text ? bytes : null;
}

/** The client's half, which every dialect demands. @throws CallError */
export function clientNonce({ authextra: { nonce } }: Hello): { text: string; bytes: Buffer } {
  const bytes = fromBase64(nonce, 16);
  if (bytes && typeof nonce === 'string') return { text: nonce, bytes };
  throw new CallError(errors.authenticationDenied, ['scram needs authextra.nonce, base64 of at least 16 bytes']);
}
