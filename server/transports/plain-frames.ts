/**
 * A peer's WebSocket messages, read past `ws` as long as each comes in one frame, as nearly all do: in place, without a
 * slice for every part of it. RFC 6455 "Base Framing Protocol". PING and PONG go on to `ws`; with the first frame of any
 * other kind (CLOSE, a fragment, a large one, one that breaks a rule) `ws` gets its socket back for good.
 */
import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { maskOctets, unmask } from './unmask.ts';

export interface PlainFrameListener {
  /** Of a message; a larger one is for `ws`. */
  readonly maxBytes: number;
  /** The message lies within all that was read at once, from `start` to `end`. @param isBinary tells it from text, which is UTF-8. */
  onMessage(data: Uint8Array, start: number, end: number, isBinary: boolean): void;
}

/** @param stream of which `ws` has taken over the reading, and nothing has been read yet. */
export function readPlainFrames(stream: Duplex, listener: PlainFrameListener): void {
  new PlainFrames(stream, listener).start();
}

/** First octets of the frames that are read or passed on here: FIN and the opcode. */
const firsts = { text: 0x81, binary: 0x82, ping: 0x89, pong: 0x8a } as const;
/** In the second octet, beside the length: what comes from a client is masked. */
const masked = 0x80;
/** Lengths that say where the real length is. */
const [inTwoOctets, inEightOctets] = [126, 127];

type DataListener = (data: Buffer) => void;
const nothing = Buffer.alloc(0);

class PlainFrames {
  readonly #stream: Duplex;
  readonly #listener: PlainFrameListener;
  /** Those of `ws`. */
  readonly #others: readonly DataListener[];
  /** The beginning of a frame that has not come whole. */
  #held: Buffer = nothing;
  /** With room for more behind it. */
  #space: Buffer = nothing;

  constructor(stream: Duplex, listener: PlainFrameListener) {
    this.#stream = stream;
    this.#listener = listener;
    this.#others = stream.listeners('data') as DataListener[];
  }

  start(): void {
    for (const listener of this.#others) this.#stream.off('data', listener);
    this.#stream.on('data', this.#read);
  }

  readonly #read = (chunk: Buffer): void => {
    const data = this.#held.length > 0 ? this.#append(chunk) : chunk;
    let at = 0;
    while (at + 2 <= data.length) {
      const end = this.#frame(data, at);
      if (end === notOurs) return this.#giveBack(data.subarray(at));
      if (end === incomplete) break;
      at = end;
    }
    if (at === data.length) this.#hold(nothing);
    else if (at > 0 || data === chunk) this.#hold(data.subarray(at));
  };

  /** Where the frame that begins there ends. */
  #frame(data: Buffer, start: number): number {
    const first = data[start]!;
    const short = data[start + 1]! - masked;
    const isMessage = first === firsts.text || first === firsts.binary;
    if (short < 0 || !(isMessage || ((first === firsts.ping || first === firsts.pong) && short < inTwoOctets)))
      return notOurs;
    const lengthOctets = short === inTwoOctets ? 2 : short === inEightOctets ? 8 : 0;
    const mask = start + 2 + lengthOctets;
    if (mask > data.length) return incomplete;
    const length = lengthOctets === 0 ? short : longLength(data, start + 2, lengthOctets);
    if (length > this.#listener.maxBytes && isMessage) return notOurs;
    const from = mask + maskOctets;
    const end = from + length;
    if (end > data.length) return incomplete;
    if (!isMessage) this.#pass(data.subarray(start, end));
    else if (!this.#message(data, from, end, first === firsts.binary)) return notOurs;
    return end;
  }

  /** false: the text is none, and as it was. */
  #message(data: Buffer, start: number, end: number, isBinary: boolean): boolean {
    const isAscii = unmask(data, start, end);
    if (!isBinary && !isAscii && !isUtf8(data.subarray(start, end))) {
      unmask(data, start, end); // which masks what is not masked
      return false;
    }
    this.#listener.onMessage(data, start, end, isBinary);
    return true;
  }

  #hold(rest: Buffer): void {
    this.#held = this.#space = rest;
  }

  /** What is held and the next chunk, copied so that every octet is copied only a few times, however small the chunks. */
  #append(chunk: Buffer): Buffer {
    const { length } = this.#held;
    const needed = length + chunk.length;
    if (needed > this.#space.length) {
      this.#space = Buffer.allocUnsafe(Math.max(needed, 2 * length));
      this.#space.set(this.#held);
    }
    this.#space.set(chunk, length);
    return (this.#held = this.#space.subarray(0, needed));
  }

  #pass(data: Buffer): void {
    for (const listener of this.#others) listener.call(this.#stream, data);
  }

  #giveBack(rest: Buffer): void {
    this.#stream.off('data', this.#read);
    for (const listener of this.#others) this.#stream.on('data', listener);
    this.#pass(rest);
  }
}

const notOurs = -1;
const incomplete = -2;

/** Big-endian. */
const longLength = (data: Buffer, at: number, octets: number): number =>
  octets === 2 ? data.readUInt16BE(at) : data.readUInt32BE(at) * 2 ** 32 + data.readUInt32BE(at + 4);
