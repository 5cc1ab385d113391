/** What we use of npm `autobahn`, which brings no types. */
declare module 'autobahn' {
  namespace autobahn {
    interface Serializer {
      readonly SERIALIZER_ID: string;
    }
    interface ConnectionOptions {
      readonly url?: string;
      readonly transports?: readonly Transport[];
      readonly realm: string;
      readonly serializers?: readonly Serializer[];
      readonly retry_if_unreachable?: boolean;
      readonly max_retries?: number;
      readonly on_user_error?: (error: unknown) => void;
      readonly authid?: string;
      readonly authmethods?: readonly string[];
      readonly authextra?: object;
      readonly onchallenge?: (session: Session, method: string, extra: Record<string, unknown>) => string;
    }
    type Transport =
      | { readonly type: 'websocket' | 'longpoll'; readonly url: string }
      | { readonly type: 'rawsocket'; readonly host: string; readonly port: number }
      | { readonly type: 'rawsocket'; readonly path: string };
    class Connection {
      constructor(options: ConnectionOptions);
      onopen: (session: Session, details: { readonly authid: string; readonly authmethod: string }) => void;
      /** true: do not connect again. */
      onclose: (
        reason: string,
        details: { readonly reason: string | null; readonly message: string | null },
      ) => boolean;
      open(): void;
      close(): void;
    }
    interface Session {
      readonly id: number;
      call(procedure: string, args: unknown[], kwargs: object, options?: object): Call;
      register(procedure: string, endpoint: Endpoint, options?: object): PromiseLike<unknown>;
      subscribe(
        topic: string,
        handler: (args: unknown[], kwargs: object) => void,
        options?: object,
      ): PromiseLike<unknown>;
      publish(topic: string, args: unknown[], kwargs: object, options: object): PromiseLike<{ readonly id: number }>;
    }
    interface Call {
      cancel(options: { readonly mode: 'skip' | 'kill' | 'killnowait' }): void;
      then(
        resolve: (result: unknown) => void,
        reject: (error: unknown) => void,
        onProgress: (part: unknown) => void,
      ): unknown;
    }
    type Endpoint = (args: unknown[], kwargs: object, details: Invocation) => unknown;
    interface Invocation {
      readonly progress: ((args: unknown[]) => void) | null;
    }
    class Result {
      constructor(args: readonly unknown[], kwargs: object);
      readonly args: unknown[];
      readonly kwargs: Record<string, unknown>;
    }
    class Error {
      constructor(error: string, args: readonly unknown[], kwargs: object);
      readonly error: string;
      readonly args: unknown[];
      readonly kwargs: Record<string, unknown>;
    }
    const serializer: {
      readonly JSONSerializer: new () => Serializer;
      readonly MsgpackSerializer: new () => Serializer;
      readonly CBORSerializer: new () => Serializer;
    };
    const auth_cra: {
      sign(key: string, challenge: string): string;
      derive_key(secret: string, salt: string, iterations: number, keylen: number): string;
    };
    interface KeyPair {
      readonly secretKey: Uint8Array;
    }
    const auth_cryptosign: {
      sign_challenge(pair: KeyPair, extra: Record<string, unknown>): string;
      public_key(pair: KeyPair): string;
    };
    const nacl: { readonly sign: { readonly keyPair: { fromSeed(seed: Uint8Array): KeyPair } } };
    const log: { warn: (...parts: unknown[]) => void };
  }
  export default autobahn;
}
