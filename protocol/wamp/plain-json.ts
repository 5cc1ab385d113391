/** JSON for a peer at the end of the line, which reads every payload: a page loads no more than this. */
import { decodeJson, encodeJson } from './json-text.ts';
import { format, parse } from './messages.ts';
import type { Serializer } from './serializer.ts';

export const plainJson: Serializer = {
  name: 'json',
  subprotocol: 'wamp.2.json',
  binary: false,
  encode: (message) => encodeJson(format(message)),
  decode: (data) => parse(decodeJson(data)),
};
