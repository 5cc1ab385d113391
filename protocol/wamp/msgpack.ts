/**
 * MessagePack. Ids are integers however large, integers beyond 2^53 are bigint without loss; extension 0, by which some
 * encoders say `undefined`, means absent, and there are no other extensions in WAMP. Number keys of a dict become text.
 */
import { ProtocolError } from './errors.ts';
import { format, parse } from './messages.ts';
import { msgpackRaw } from './msgpack-raw.ts';
import { decodeMsgpack, encodeMsgpack } from './msgpack-values.ts';
import type { Serializer } from './serializer.ts';

export const msgpack: Serializer = {
  name: 'msgpack',
  subprotocol: 'wamp.2.msgpack',
  binary: true,
  raw: msgpackRaw,
  encode: (message) => encodeMsgpack(format(message)),
  decode(data) {
    if (typeof data === 'string') throw new ProtocolError('a message is text where MessagePack was agreed');
    return parse(decodeMsgpack(data));
  },
};
