/**
 * What every host (browser, Node 22+) offers beside the language: declared here, as little as we use, because this
 * layer compiles without DOM and Node. Not emitted; elsewhere the host's own declarations take these names.
 */
declare function setTimeout(callback: () => void, ms?: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function atob(base64: string): string;
declare function btoa(bytes: string): string;
declare const console: { error(...what: readonly unknown[]): void };
// oxlint-disable-next-line typescript/consistent-type-imports -- an import statement would make this file a module
declare const WebSocket: import('./wamp/websocket.ts').WebSocketClass | undefined;
declare const crypto: {
  getRandomValues<T extends Uint8Array | Uint32Array>(into: T): T;
  /** Not on pages that came by plain http. */
  readonly subtle?: SubtleCrypto;
};

/** What WebCrypto knows of a key, and tells nobody. */
interface CryptoKey {
  readonly type: string;
}
interface SubtleCrypto {
  digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  importKey(
    format: 'raw' | 'pkcs8',
    key: Uint8Array<ArrayBuffer>,
    algorithm: 'PBKDF2' | 'Ed25519' | { name: 'HMAC'; hash: 'SHA-256' },
    extractable: boolean,
    uses: ('sign' | 'verify' | 'deriveBits')[],
  ): Promise<CryptoKey>;
  exportKey(format: 'raw', key: CryptoKey): Promise<ArrayBuffer>;
  exportKey(format: 'jwk', key: CryptoKey): Promise<{ x?: string }>;
  sign(algorithm: 'HMAC' | 'Ed25519', key: CryptoKey, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  verify(
    algorithm: 'Ed25519',
    key: CryptoKey,
    signature: Uint8Array<ArrayBuffer>,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>;
  deriveBits(
    algorithm: { name: 'PBKDF2'; hash: 'SHA-256'; salt: Uint8Array<ArrayBuffer>; iterations: number },
    key: CryptoKey,
    bits: number,
  ): Promise<ArrayBuffer>;
}

/** ES2024, in every host we support. */
interface String {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  throwIfAborted(): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes: Uint8Array): string;
}
