/** A router core with predictable ids, for tests that are one call and one comparison. */
import { closeReasons, errors, type Dict, type List, type Message } from '../../../protocol/index.ts';
import {
  permissiveRealm,
  Router,
  type ConnectionId,
  type Effect,
  type RealmConfig,
} from '../../../server/router/index.ts';

export { closeReasons, errors };

/** What every client in these tests can do. */
export const allFeatures = {
  publisher: {},
  subscriber: {},
  caller: { features: { progressive_call_invocations: true, payload_passthru_mode: true } },
  callee: {
    features: {
      progressive_call_results: true,
      progressive_call_invocations: true,
      call_canceling: true,
      call_timeout: true,
      call_reroute: true,
      call_trustlevels: true,
      registration_revocation: true,
      payload_passthru_mode: true,
    },
  },
};

export interface Joined {
  readonly connection: ConnectionId;
  readonly session: number;
  /** Sends with the next request id where the message has none. */
  send(message: Draft): Effect[];
}
type Draft<M extends Message = Message> = M extends { request: number } ? Omit<M, 'request'> & { request?: number } : M;

export function core(realm: Partial<RealmConfig> = {}, fraction: () => number = () => 0) {
  let lastId = 1000;
  const time = { now: 0 };
  const router = new Router({
    realms: [{ ...permissiveRealm('realm1'), ...realm }],
    surroundings: { chance: { id: () => ++lastId, fraction }, now: () => time.now },
    agent: 'test',
  });

  const connect = (): Joined => {
    const connection = router.connect();
    let request = 0;
    const send = (draft: Draft) => {
      const isRequest = ['publish', 'subscribe', 'unsubscribe', 'register', 'unregister', 'call'].includes(draft.type);
      return router.receive(connection, (isRequest ? { request: ++request, ...draft } : draft) as Message);
    };
    return { connection, session: 0, send };
  };

  const hello = (roles: Dict = allFeatures): Message<'hello'> => ({
    type: 'hello',
    realm: 'realm1',
    details: { roles },
  });

  const join = (authid = 'ada', authrole = 'anonymous', roles: Dict = allFeatures): Joined => {
    const peer = connect();
    peer.send(hello(roles));
    const effects = router.welcome(peer.connection, { authid, authrole, authmethod: 'test', authprovider: 'test' });
    const [welcome] = messagesTo(peer, effects);
    if (welcome?.type !== 'welcome') throw new Error('not welcome');
    return { ...peer, session: welcome.session };
  };

  return { router, connect, hello, join, time };
}

/** The messages that one peer is sent. */
export const messagesTo = ({ connection }: { connection: ConnectionId }, effects: readonly Effect[]): Message[] =>
  effects.flatMap((effect) => (effect.do === 'send' && effect.to.includes(connection) ? [effect.message] : []));

export const sent = (peer: { connection: ConnectionId }, message: Message): Effect => ({
  do: 'send',
  to: [peer.connection],
  message,
});

/** What ends a session that broke the protocol. */
export const violation = (peer: Joined, message: string): Effect[] => [
  sent(peer, { type: 'abort', details: { message }, reason: errors.protocolViolation }),
  { do: 'close', connection: peer.connection },
];

/** The error a request was answered with. */
export function errorOf(effects: readonly Effect[]): string | undefined {
  const [effect] = effects;
  return effect?.do === 'send' && effect.message.type === 'error' ? effect.message.error : undefined;
}

/** Calls a procedure of the router: the values of its RESULT, or the URI of its ERROR. */
export function ask(peer: Joined, procedure: string, args: List = [], kwargs: Dict = {}): List | string {
  return answerTo(peer, peer.send({ type: 'call', options: {}, procedure, args, kwargs }));
}

export function answerTo(peer: Joined, effects: readonly Effect[]): List | string {
  for (const message of messagesTo(peer, effects)) {
    if (message.type === 'result') return message.args ?? [];
    if (message.type === 'error') return message.error;
  }
  throw new Error('no answer');
}

/** The events that one peer gets: topic or subscription, and arguments. */
export const eventsTo = (peer: { connection: ConnectionId }, effects: readonly Effect[]): List[] =>
  messagesTo(peer, effects).flatMap((message) =>
    message.type === 'event' ? [[message.details.topic ?? message.subscription, ...(message.args ?? [])]] : [],
  );
