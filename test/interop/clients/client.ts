/** What the tests ask of every WAMP client, in one vocabulary; beside it stands an adapter for each. */
import type { Dict, List, MatchPolicy } from '../../../protocol/index.ts';

export type SerializerName = 'json' | 'msgpack' | 'cbor';

/** A WAMP implementation. */
export interface Client {
  readonly name: string;
  /** As a callee it announces progressive results. All can receive them. */
  readonly answersInParts: boolean;
  /** As a callee it can be interrupted. All can cancel. */
  readonly interruptible: boolean;
  /** Why it cannot be tested here. */
  readonly missing?: string;
  /** @param url `ws:`; where the client can, `rs://host:port` and `rs://unix:/path` for RawSocket, `http:` for long-poll. */
  connect(url: string, serializer: SerializerName, realm?: string): Promise<Peer>;
}

export interface Payload {
  readonly args: List;
  readonly kwargs: Dict;
}

/** A joined session of some client. What fails rejects with a CallError, whichever client it is. */
export interface Peer {
  readonly session: number;
  /** The session has ended and the socket is closed. */
  readonly closed: Promise<unknown>;
  call(procedure: string, payload: Payload, options?: CallOptions): Promise<Payload>;
  /** A CallError thrown by the handler becomes the ERROR that the caller gets. */
  register(procedure: string, handler: Handler, options?: PatternOptions): Promise<void>;
  subscribe(topic: string, handler: (event: Payload) => void, options?: PatternOptions): Promise<void>;
  /** Acknowledged: the publication's id. */
  publish(topic: string, payload: Payload): Promise<number>;
  /** GOODBYE, its answer, and the end of the socket. */
  leave(): Promise<unknown>;
}

export type PatternOptions = { readonly match: MatchPolicy };

export interface CallOptions {
  readonly onPart?: (part: Payload) => void;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

export type Handler = (invocation: Handling) => Payload | Promise<Payload>;

export interface Handling extends Payload {
  /** Aborted by INTERRUPT. */
  readonly signal: AbortSignal;
  /** A progressive result. */
  part(args: List): void;
}
