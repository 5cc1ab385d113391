/** The same tests over every transport and with every serializer, between a session near the router and one far away. */
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import {
  join,
  type Event,
  type JoinOptions,
  type Session,
  type SubscribeOptions,
  type Transport,
} from '../../protocol/index.ts';
import { everyTransport, listenEverywhere, type Everywhere } from './every-transport.ts';

/** What the tests of one transport have; all sessions leave after each test. */
export interface Peers {
  /** The transport, to the router of these tests or to another one. */
  connect(router?: Everywhere): Promise<Transport>;
  /** A session over the transport. */
  far(options?: Partial<JoinOptions>): Promise<Session>;
  /** One in the router's own process. */
  near(): Promise<Session>;
  pair(): Promise<[near: Session, far: Session]>;
  /** The pair, both ways round. */
  bothWays(): Promise<[from: Session, to: Session][]>;
}

export function overEveryTransport(tests: (peers: Peers) => void): void {
  let running: Everywhere;
  beforeAll(async () => (running = await listenEverywhere()));
  afterAll(() => running.close());
  const joined: Session[] = [];
  afterEach(() => Promise.all(joined.splice(0).map((session) => session.leave())));
  const enter = async (transport: Transport, options?: Partial<JoinOptions>): Promise<Session> => {
    const session = await join(transport, { realm: 'realm1', ...options });
    joined.push(session);
    return session;
  };
  const near = () => enter(running.hub.link());

  describe.each(everyTransport)('over %s', (_, open) => {
    const connect = (router = running) => open(router);
    const far = async (options?: Partial<JoinOptions>) => enter(await connect(), options);
    const pair = async (): Promise<[Session, Session]> => [await near(), await far()];
    const bothWays = async (): Promise<[Session, Session][]> => {
      const [one, other] = await pair();
      return [
        [one, other],
        [other, one],
      ];
    };
    tests({ connect, far, near, pair, bothWays });
  });
}

let names = 0;
/** A name of its own for each test: they share one router. */
export const unused = (below = 'com.example'): string => `${below}.test${++names}`;

/** What every serializer has to bring over. */
export const value = { text: 'ü', binary: new Uint8Array([0, 255]), long: 2 ** 53, list: [1, null] };

export const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

/** The next so many events of a subscription, once it stands; `next` is in an object, or it would be awaited. */
export async function listen(session: Session, topic: string, options: SubscribeOptions = {}, count = 1) {
  const heard: Event[] = [];
  let hear: (events: Event[]) => void = () => {};
  const next = new Promise<Event[]>((resolve) => (hear = resolve));
  const subscription = await session.subscribe(
    topic,
    (event) => void (heard.push(event) === count && hear(heard)),
    options,
  );
  return { next, heard, subscription };
}
