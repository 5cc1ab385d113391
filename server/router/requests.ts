/** What a joined session may send, and how it numbers its requests. */
import { maxId, ProtocolError, type Message } from '../../protocol/index.ts';
import type { Joined } from './phase.ts';

/** What a joined session may ask of its realm. */
export type RealmMessage = Message<
  'publish' | 'subscribe' | 'unsubscribe' | 'register' | 'unregister' | 'call' | 'cancel' | 'yield' | 'error'
>;

/** HELLO, AUTHENTICATE and whatever only a router may send have no place in an established session. */
export const isForRealm = (message: Message): message is RealmMessage =>
  message.type === 'yield' || isRequest(message) || message.type === 'error' || message.type === 'cancel';

type Request = Message<'publish' | 'subscribe' | 'unsubscribe' | 'register' | 'unregister' | 'call'>;
export const isRequest = (message: Message): message is Request =>
  message.type === 'call' ||
  message.type === 'publish' ||
  message.type === 'subscribe' ||
  message.type === 'unsubscribe' ||
  message.type === 'register' ||
  message.type === 'unregister';

/**
 * WAMP "IDs", session scope: one counter for all requests of a session; CALLs that go on share the id of their first.
 * @throws ProtocolError when the id is not the next one.
 */
export function checkRequest(joined: Joined, message: RealmMessage): void {
  if (!isRequest(message)) return;
  const expected = joined.lastRequest === maxId ? 1 : joined.lastRequest + 1;
  if (message.request !== expected) {
    if (message.type === 'call' && joined.realm.continues(joined.session, message.request)) return;
    if (joined.realm.config.requestIds !== 'loose') {
      const { type, request } = message;
      throw new ProtocolError(`${type}.request is ${request}, not ${expected}, the next of this session`);
    }
  }
  joined.lastRequest = message.request;
}
