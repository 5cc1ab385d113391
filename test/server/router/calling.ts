/** What callers and callees send, for tests of calls at the level of the core. */
import { messages, type Message } from '../../../protocol/index.ts';
import type { Effect } from '../../../server/router/index.ts';
import { messagesTo, type Joined } from './core.ts';

type Options<T extends 'register' | 'call' | 'yield'> = Extract<Message, { type: T }>['options'];

export const register = (peer: Joined, procedure: string, options: Options<'register'> = {}): Effect[] =>
  peer.send({ type: 'register', options, procedure });

export const call = (peer: Joined, procedure: string, options: Options<'call'> = {}, request?: number): Effect[] =>
  peer.send({ type: 'call', options, procedure, ...(request !== undefined && { request }) });

export const answer = (callee: Joined, request = 1, options: Options<'yield'> = {}): Effect[] =>
  callee.send({ type: 'yield', request, options });

export const refuseWith = (callee: Joined, error: string, request = 1): Effect[] =>
  callee.send({ type: 'error', requestType: messages.invocation.code, request, details: {}, error });

export const cancel = (caller: Joined, options: Message<'cancel'>['options'] = {}, request = 1): Effect[] =>
  caller.send({ type: 'cancel', request, options });

/** What a peer is told, in the shortest form: a type, and which request or which error. */
export const told = (peer: Joined, effects: readonly Effect[]): string[] =>
  messagesTo(peer, effects).map((message) => {
    if (message.type === 'error') return `error ${message.error}`;
    return 'request' in message ? `${message.type} ${message.request}` : message.type;
  });
