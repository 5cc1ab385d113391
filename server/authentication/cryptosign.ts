import { createPrivateKey, createPublicKey, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { CallError, errors, type Dict } from '../../protocol/index.ts';
import type { Hello } from '../router/index.ts';
import { admitsBy, ask, requiredText, type Answer, type Source } from './authenticator.ts';
import { channelBindingOf, channelId, type ChannelBinding } from './channel-binding.ts';
import { denied, type AuthenticationMethod, type Verdict } from './method.ts';
import { equal } from './secrets.ts';

export interface CryptosignPrincipal {
  readonly role: string;
  /** Ed25519 public keys, 32 bytes in hex digits. */
  readonly authorizedKeys: readonly string[];
}

export type CryptosignOptions = Source<CryptosignPrincipal> & {
  /** 32 bytes in hex digits: with it the router proves itself to peers that ask it to. */
  readonly routerKey?: string;
  /** 32 bytes that nobody can foresee. */
  readonly newChallenge?: () => Uint8Array;
};

/** An Ed25519 key, whose private half never leaves the peer. WAMP "Cryptosign-based Authentication". */
export function cryptosign(options: CryptosignOptions): AuthenticationMethod {
  const { routerKey, newChallenge = () => randomBytes(32), authenticator } = options;
  const prove = routerKey === undefined ? undefined : prover(routerKey);
  const find = options.principals && finder(options.principals);
  return {
    name: 'cryptosign',
    admits: admitsBy(options),
    begin(hello, arrival) {
      const publicKey = fromHex(hello.authextra['pubkey'], 32);
      if (!publicKey) throw badHello('cryptosign needs authextra.pubkey, 32 bytes in hex digits');
      const binding = channelBindingOf(hello, arrival.facts);
      const proof = prove?.(hello, binding);
      if (find) return challenge(publicKey, binding, proof, find(publicKey, hello.authid));
      const asked = ask(authenticator!, { method: 'cryptosign', hello, arrival });
      return asked.then((answer) => challenge(publicKey, binding, proof, foundBy(answer, publicKey)));
    },
  };

  function challenge(
    publicKey: Buffer,
    binding: ChannelBinding | null,
    proof: Dict | undefined,
    found: Found | null,
  ): Verdict {
    const bytes = newChallenge();
    const message = boundTo(bytes, binding);
    const key = keyObject(publicKey);
    return {
      verdict: 'challenge',
      method: 'cryptosign',
      extra: { challenge: toHex(bytes), channel_binding: binding?.type ?? null, ...proof },
      answer(signature) {
        const genuine = isSignature(signature, key, message);
        if (!genuine || !found) return denied; // whoever is not known is refused after the same work
        const { admitted, authextra } = found;
        const principal = { ...admitted, authmethod: 'cryptosign' };
        return { verdict: 'welcome', principal, ...(authextra && { authextra }) };
      },
    };
  }
}

type Found = Pick<Answer, 'admitted' | 'authextra'>;

/** By its key, and among those who have it by name: a peer need not say who it is. */
function finder(principals: Readonly<Record<string, CryptosignPrincipal>>) {
  const owners = new Map<string, [authid: string, role: string][]>();
  for (const [authid, { role, authorizedKeys }] of Object.entries(principals)) {
    for (const key of authorizedKeys) {
      if (!fromHex(key, 32)) throw new TypeError(`an authorized key of "${authid}" is not 32 bytes in hex digits`);
      const owned = owners.get(key.toLowerCase()) ?? [];
      owners.set(key.toLowerCase(), [...owned, [authid, role]]);
    }
  }
  return (key: Buffer, claimed: string | undefined): Found | null => {
    const owned = owners.get(toHex(key)) ?? [];
    const owner = owned.find(([authid]) => claimed === undefined || claimed === authid);
    return owner ? { admitted: { authid: owner[0], authrole: owner[1], authprovider: 'static' } } : null;
  };
}

function foundBy({ fields, ...answer }: Answer, publicKey: Buffer): Found | null {
  const key = fromHex(requiredText(fields, 'pubkey'), 32);
  if (!key) throw new Error('the authenticator answered with a pubkey that is not 32 bytes in hex digits');
  return equal(key, publicKey) ? answer : null;
}

/** The challenge, mixed with what tells this TLS connection from all others. */
function boundTo(challenge: Uint8Array, binding: ChannelBinding | null): Buffer {
  const id = binding && channelId(binding);
  return Buffer.from(id ? challenge.map((byte, i) => byte ^ id[i]!) : challenge);
}

/** The signature and then, once more, what it signs. */
function isSignature(text: string, key: KeyObject, message: Buffer): boolean {
  const signed = fromHex(text, 96) ?? Buffer.alloc(96);
  const genuine = verify(null, message, key, signed.subarray(0, 64));
  return equal(signed.subarray(64), message) && genuine;
}

/** Signs the challenge of a peer that has sent one. */
function prover(seed: string): (hello: Hello, binding: ChannelBinding | null) => Dict | undefined {
  const bytes = fromHex(seed, 32);
  if (!bytes) throw new TypeError('the router key of cryptosign is not 32 bytes in hex digits');
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, bytes]), format: 'der', type: 'pkcs8' });
  const pubkey = Buffer.from(String(createPublicKey(key).export({ format: 'jwk' }).x), 'base64url').toString('hex');
  return ({ authextra: { challenge } }, binding) => {
    if (challenge === undefined || challenge === null) return undefined;
    const asked = fromHex(challenge, 32);
    if (!asked) throw badHello('authextra.challenge of cryptosign is not 32 bytes in hex digits');
    const message = boundTo(asked, binding);
    return { pubkey, signature: toHex(Buffer.concat([sign(null, message, key), message])) };
  };
}

/** What goes before the seed in PKCS #8. RFC 8410. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

const keyObject = (publicKey: Buffer): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' });

const badHello = (message: string) => new CallError(errors.authenticationDenied, [message]);
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const fromHex = (text: unknown, length: number): Buffer | null =>
  typeof text === 'string' && text.length === 2 * length && /^[0-9a-fA-F]*$/.test(text)
    ? Buffer.from(text, 'hex')
    : null;
