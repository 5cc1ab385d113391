/** How far a connection has come, and what waits until it has come further. */
import { ProtocolError, type Dict, type Message } from '../../protocol/index.ts';
import type { AskedPermissions, Question } from './asked-permissions.ts';
import type { Realm } from './realm.ts';
import type { RealmMessage } from './requests.ts';
import type { Session } from './session.ts';

/** A connection as the router sees it; a closed one is not in the table. WAMP "Session Lifecycle". */
export type Phase =
  | { readonly phase: 'connected' } // HELLO awaited
  | { readonly phase: 'deciding'; readonly joining: Joining; readonly waiting: Input[] } // the edge finds out who it is
  | { readonly phase: 'challenged'; readonly joining: Joining } // AUTHENTICATE awaited
  | Joined
  | { readonly phase: 'closing' }; // our GOODBYE is sent, its echo awaited

export interface Joined {
  readonly phase: 'joined';
  readonly realm: Realm;
  readonly session: Session;
  lastRequest: number;
  /** What its authorizer is asked, and what has come since. */
  asking?: Asking | undefined;
}

export interface Asking {
  readonly key: number;
  readonly message: RealmMessage;
  readonly question: Question;
  /** What the answer is for. */
  readonly asked: AskedPermissions;
  readonly waiting: Input[];
}

export interface Joining {
  readonly realm: Realm;
  readonly session: number;
  readonly roles: Dict;
}

/** What a transport hands over: a message, or why there is none. */
export type Input = Message | ProtocolError;

/** The peer wants no more of this session. */
export const isEnd = (input: Input): boolean =>
  !(input instanceof ProtocolError) && (input.type === 'goodbye' || input.type === 'abort');
