import {
  messages,
  type Dict,
  type Message,
  type MessageType,
  type PayloadForms,
  type Uri,
} from '../../protocol/index.ts';

import type { Question } from './asked-permissions.ts';
import type { Principal } from './session.ts';

/** A transport as the core knows it: a number, from connect to disconnect. Never on the wire. */
export type ConnectionId = number;

/** What the core asks the edge to do, in this order. */
export type Effect =
  /** One can have many receivers, so it is encoded once. */
  | {
      readonly do: 'send';
      readonly to: readonly ConnectionId[];
      readonly message: Message;
      /** It may be left out for whoever reads slowly. */
      readonly droppable?: boolean;
    }
  | { readonly do: 'close'; readonly connection: ConnectionId }
  /** Call `Router.wake(key)` after `ms` milliseconds, unless `let sleep` comes first. Keys are not used twice. */
  | { readonly do: 'wake'; readonly key: number; readonly ms: number }
  | { readonly do: 'let sleep'; readonly key: number }
  /** Decide who this is; the answer comes back by `welcome`, `challenge` or `deny`. The session's later messages wait. */
  | { readonly do: 'authenticate'; readonly connection: ConnectionId; readonly hello: Hello }
  /** Ask the component whether this is allowed; the answer comes back by `rule`. The session's later messages wait. */
  | {
      readonly do: 'authorize';
      readonly connection: ConnectionId;
      /** To be handed back with the answer. */
      readonly key: number;
      readonly authorizer: Uri;
      readonly realm: Uri;
      readonly session: Principal & { readonly id: number };
      readonly question: Question;
    }
  /** The answer to a CHALLENGE, for whoever asked. The same three answers. */
  | { readonly do: 'verify'; readonly connection: ConnectionId; readonly signature: string; readonly extra: Dict };

/** What a peer asks for when it joins. WAMP "HELLO". */
export interface Hello {
  readonly realm: string;
  /** The session id it will get, which some methods put into the challenge. */
  readonly session: number;
  /** What the peer calls itself: a claim, until a method has verified it. */
  readonly authid?: string;
  /** A wish, as much as `authid`. */
  readonly authrole?: string;
  /** In the peer's order of preference. */
  readonly authmethods: readonly string[];
  readonly authextra: Dict;
}

export const send = (to: ConnectionId, message: Message): Effect => ({ do: 'send', to: [to], message });

/** A message's payload. What came from a socket is still encoded; `valuesOf` decodes it for who must look into it. */
export type Content = PayloadForms;

export const isEmpty = ({ args = [], kwargs = {}, payload: encoded }: Content): boolean =>
  encoded === undefined && args.length === 0 && Object.keys(kwargs).length === 0;

/** For whoever holds it long. */
export const kept = (content: Content): Content => (content.payload ? { payload: content.payload.kept() } : content);

/** A message's payload, for the one that carries it on: values are passed through, never looked at. */
export const payload = ({ args, kwargs, payload: encoded }: Content): Content => ({ args, kwargs, payload: encoded });

/** ERROR in answer to a request. WAMP "ERROR". */
export const refuse = (to: ConnectionId, of: MessageType, request: number, error: Uri, message: string): Effect =>
  send(to, { type: 'error', requestType: messages[of].code, request, details: {}, error, args: [message] });
