/** Messages as WebSocket frames from the server: RFC 6455 "Base Framing Protocol". They are whole and not masked. */
import type { Message, Serializer, Span } from '../../protocol/index.ts';
import { encodeInto } from './encode-into.ts';
import { reserve } from './slab.ts';

/** Makes the frames of one serializer; the same for all sockets that speak it, so that they can share frames. */
export interface Framing {
  readonly serializer: Serializer;
  encode(message: Message): Span;
}

/** The same for the same serializer. */
export function framingOf(serializer: Serializer): Framing {
  const known = framings.get(serializer) ?? make(serializer);
  framings.set(serializer, known);
  return known;
}
const framings = new WeakMap<Serializer, Framing>();

const final = 0x80;
const opcodes = { text: 1, binary: 2 } as const;

function make(serializer: Serializer): Framing {
  const first = final | (serializer.binary ? opcodes.binary : opcodes.text);
  const openFrame = (length: number) => open(first, length);
  return { serializer, encode: (message) => encodeInto(serializer, message, openFrame) };
}

/** A frame with its header; its last `length` bytes are still to be written. */
function open(first: number, length: number): Span {
  const lengthOctets = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = reserve(2 + lengthOctets + length);
  const { whole, start } = frame;
  whole[start] = first;
  whole[start + 1] = lengthOctets === 0 ? length : lengthOctets === 2 ? 126 : 127;
  let rest = length;
  for (let at = start + 1 + lengthOctets; at > start + 1; at--) {
    whole[at] = rest & 0xff;
    rest = Math.floor(rest / 0x100);
  }
  return frame;
}
