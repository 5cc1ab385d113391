/** The four octets with which each side of a RawSocket begins. WAMP "RawSocket Transport", Handshake. */
import type { Serializer } from '../../protocol/index.ts';

/** What no other protocol begins with, HTTP least of all: one port can serve both. */
export const magicOctet = 0x7f;
export const handshakeOctets = 4;

const numbers: Readonly<Record<Serializer['name'], number>> = { json: 1, msgpack: 2, cbor: 3 };

/** Largest messages are 2^9 to 2^24 bytes; the handshake says which, in four bits. */
const least = 9;
const most = 24;

/** The limit that can be announced: the next power of two below. */
export const announceable = (bytes: number): number =>
  2 ** Math.min(most, Math.max(least, Math.floor(Math.log2(bytes))));

/** What a side says of itself. */
export interface Greeting {
  readonly serializer: Serializer;
  /** Largest message it takes, in bytes: a power of two. */
  readonly maxMessageBytes: number;
}

export const refusals = {
  1: 'the serializer is not supported',
  2: 'the maximum message length is not acceptable',
  3: 'reserved bits were used',
  4: 'there are too many connections',
} as const;
export type RefusalCode = keyof typeof refusals;

export const greeting = ({ serializer, maxMessageBytes }: Greeting): Uint8Array =>
  Uint8Array.of(magicOctet, ((Math.log2(maxMessageBytes) - least) << 4) | numbers[serializer.name], 0, 0);

export const refusal = (code: RefusalCode): Uint8Array => Uint8Array.of(magicOctet, code << 4, 0, 0);

/** What a client's four octets ask for, or the code with which a router refuses them. */
export function readRequest(octets: Uint8Array, serializers: readonly Serializer[]): Greeting | RefusalCode {
  if (octets[2] !== 0 || octets[3] !== 0) return 3;
  const { serializer, maxMessageBytes } = read(octets[1]!, serializers);
  return serializer ? { serializer, maxMessageBytes } : 1;
}

/** What a router's four octets say. @throws Error in words for people. */
export function readAnswer(octets: Uint8Array, serializer: Serializer): Greeting {
  const [magic, second = 0, ...reserved] = octets;
  if (magic !== magicOctet) throw new Error('it speaks no RawSocket');
  if ((second & 0x0f) === 0) {
    const code = second >> 4;
    throw new Error(`it refuses: ${code in refusals ? refusals[code as RefusalCode] : `code ${code}`}`);
  }
  if (reserved.some((octet) => octet !== 0)) throw new Error('it used reserved bits');
  const answer = read(second, [serializer]);
  if (!answer.serializer) throw new Error('it chose another serializer');
  return { serializer, maxMessageBytes: answer.maxMessageBytes };
}

const read = (octet: number, serializers: readonly Serializer[]) => ({
  serializer: serializers.find(({ name }) => numbers[name] === (octet & 0x0f)),
  maxMessageBytes: 2 ** (least + (octet >> 4)),
});
