/** Messages as WebSocket frames from the server: RFC 6455 "Base Framing Protocol". They are whole and not masked. */
import type { Message, Serializer } from '../../protocol/index.ts';
import { encodeInto } from './encode-into.ts';

/** Makes the frames of one serializer; the same for all sockets that speak it, so that they can share frames. */
export interface Framing {
  readonly serializer: Serializer;
  encode(message: Message): Uint8Array;
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
function open(first: number, length: number): Buffer {
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = first;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  return frame;
}
