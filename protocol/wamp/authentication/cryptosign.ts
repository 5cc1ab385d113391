/** Proof that one has the private half of an Ed25519 key. WAMP "Cryptosign-based Authentication". */
import type { Dict } from '../values.ts';
import { concat, fromHex, randomBytes, toHex, xor, type Bytes } from './bytes.ts';
import type { Credentials } from './credentials.ts';
import { subtle } from './web-crypto.ts';

export interface CryptosignOptions {
  /** Where it is absent, the router goes by the key. */
  readonly authid?: string;
  /** The 32 bytes that Ed25519 calls the seed, in hex digits; or a pair of WebCrypto, which need not be extractable. */
  readonly key: string | KeyPair;
  /** Binds the signature to this TLS connection, whose 32 bytes of channel id only some hosts tell; browsers do not. */
  readonly channelBinding?: { readonly type: string; readonly id: Uint8Array };
  /** Public keys of the router, in hex digits. With them, a router that cannot sign with one of them is not answered. */
  readonly routerKeys?: readonly string[];
}

type Key = Awaited<ReturnType<ReturnType<typeof subtle>['importKey']>>;
export interface KeyPair {
  readonly privateKey: Key;
  readonly publicKey: Key;
}

/** @throws TypeError for a malformed key; Error where the host has no Ed25519. */
export async function withCryptosign({
  authid,
  key,
  channelBinding,
  routerKeys,
}: CryptosignOptions): Promise<Credentials> {
  const { privateKey, publicKey } = typeof key === 'string' ? await keysOf(key) : await keysOfPair(key);
  const toRouter = routerKeys && toHex(randomBytes(32));
  return {
    ...(authid !== undefined && { authid }),
    authmethods: ['cryptosign'],
    authextra: {
      pubkey: toHex(publicKey),
      channel_binding: channelBinding?.type ?? null,
      ...(toRouter !== undefined && { challenge: toRouter }),
    },
    async onChallenge(_method, extra) {
      if (routerKeys && toRouter) await checkRouter(extra, routerKeys, boundTo(toRouter, channelBinding?.id));
      return sign(privateKey, boundTo(extra['challenge'], channelBinding?.id));
    },
  };
}

/** What is signed: the challenge, mixed with what tells this TLS connection from all others. */
function boundTo(challenge: unknown, channelId: Uint8Array | undefined): Bytes {
  const bytes = fromHex(challenge, 32);
  if (!bytes) throw new TypeError('the challenge of cryptosign is not 32 bytes in hex digits');
  return channelId ? xor(bytes, channelId) : bytes;
}

/** Signature and message, in hex digits. */
async function sign(key: Key, message: Bytes): Promise<string> {
  const signature = new Uint8Array(await subtle().sign('Ed25519', key, message));
  return toHex(concat(signature, message));
}

async function checkRouter({ pubkey, signature }: Dict, known: readonly string[], message: Bytes): Promise<void> {
  const key = fromHex(pubkey, 32);
  const signed = fromHex(signature, 96);
  if (!key || !signed) throw new Error('the router does not prove who it is');
  if (!known.some((one) => one.toLowerCase() === toHex(key))) throw new Error('the router has another key');
  const imported = await subtle().importKey('raw', key, 'Ed25519', false, ['verify']);
  const genuine = await subtle().verify('Ed25519', imported, signed.slice(0, 64), message);
  if (!genuine || toHex(signed.slice(64)) !== toHex(message)) throw new Error("the router's signature is not genuine");
}

/** What goes before the seed in PKCS #8. RFC 8410. */
const pkcs8Head = fromHex('302e020100300506032b657004220420')!;

async function keysOf(seed: string): Promise<{ privateKey: Key; publicKey: Bytes }> {
  const bytes = fromHex(seed, 32);
  if (!bytes) throw new TypeError('a key of cryptosign is 32 bytes in hex digits');
  const privateKey = await subtle().importKey('pkcs8', concat(pkcs8Head, bytes), 'Ed25519', true, ['sign']);
  const { x = '' } = await subtle().exportKey('jwk', privateKey);
  const base64 = x.replaceAll('-', '+').replaceAll('_', '/');
  return { privateKey, publicKey: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) };
}

async function keysOfPair({ privateKey, publicKey }: KeyPair): Promise<{ privateKey: Key; publicKey: Bytes }> {
  return { privateKey, publicKey: new Uint8Array(await subtle().exportKey('raw', publicKey)) };
}
