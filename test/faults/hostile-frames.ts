/** What is hostile in one transport: handshakes, frames and requests that no client makes, and what each is answered. */

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** The first octets of a RawSocket, and the answer; empty: it is closed without one. WAMP "RawSocket Transport". */
export const rawHandshakes: readonly (readonly [title: string, octets: string, answer: string])[] = [
  ['a serializer that there is not', '7ff40000', '7f100000'],
  ['serializer 0', '7ff00000', '7f100000'],
  ['serializer 15', '7fff0000', '7f100000'],
  ['a limit of 512 octets', '7f010000', '7f200000'],
  ['a limit of 1,024 octets', '7f110000', '7f200000'],
  ['the first reserved octet', '7ff18000', '7f300000'],
  ['the second reserved octet', '7ff10001', '7f300000'],
  ['both reserved octets', '7ff1ffff', '7f300000'],
  ['reserved octets and no serializer', '7f0f0101', '7f300000'],
];

type RawFrame = readonly [title: string, octets: Buffer, abort: string];
const tooLong = (length: number) => `a message of ${length} bytes is longer than the 65536 that were announced`;
const reservedType = (type: number) => `a RawSocket frame has the reserved type ${type}`;
const reservedBits = 'a RawSocket frame uses reserved bits';

/** Frames of a RawSocket that has a session. */
export const rawFrames: readonly RawFrame[] = [
  ...[3, 4, 5, 6, 7].map((type): RawFrame => [`type ${type}`, hex(`0${type}000000`), reservedType(type)]),
  ['the highest bit', hex('80000001 5b'), reservedBits],
  ['reserved bits of a ping', hex('11000000'), reservedBits],
  ['reserved bits of a pong', hex('f2000000'), reservedBits],
  ['the bit of the longest message, and a length', hex('08000001'), reservedBits],
  ['the longest message', hex('08000000'), tooLong(2 ** 24)],
  ['a message of 16 MiB', hex('00ffffff'), tooLong(2 ** 24 - 1)],
  ['a message one octet too long', hex('00010001'), tooLong(65_537)],
  ['a ping of 16 MiB', hex('01ffffff'), tooLong(2 ** 24 - 1)],
  ['a pong of 16 MiB', hex('02ffffff'), tooLong(2 ** 24 - 1)],
  ['a message of no octets', hex('00000000'), 'a message is not JSON'],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), reservedType(7)],
];

/** A client's frame, masked with zeros. RFC 6455 "Base Framing Protocol". */
export function maskedFrame(opcode: number, payload: Uint8Array | string, { fin = true, reserved = 0 } = {}): Buffer {
  const length = Buffer.byteLength(payload);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const header = length < 126 ? [first, 0x80 | length] : [first, 0xfe, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), Buffer.from(payload)]);
}
const [more, text, binary, close, ping, pong] = [0, 1, 2, 8, 9, 10] as const;
const open = { fin: false };

/** Frames of a WebSocket that has a session in JSON, and the code with which it is closed. RFC 6455 "Status Codes". */
export const webSocketFrames: readonly (readonly [title: string, bytes: Buffer, code: number])[] = [
  ['without a mask', hex('8102 5b5d'), 1002],
  ['a ping without a mask', hex('8900'), 1002],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (opcode) => [`of opcode ${opcode}`, maskedFrame(opcode, 'x'), 1002] as const,
  ),
  ...[1, 2, 4].map((bit) => [`with reserved bit ${bit}`, maskedFrame(text, '[]', { reserved: bit }), 1002] as const),
  ['that go on with nothing', maskedFrame(more, 'x'), 1002],
  ['that begin again before the end', Buffer.concat([maskedFrame(text, '[', open), maskedFrame(text, ']')]), 1002],
  ['a ping in fragments', maskedFrame(ping, 'x', open), 1002],
  ['a ping of 126 bytes', maskedFrame(ping, 'x'.repeat(126)), 1002],
  ['a pong of 126 bytes', maskedFrame(pong, 'x'.repeat(126)), 1002],
  ['a close of one byte', maskedFrame(close, 'x'), 1002],
  ['a close with code 0', maskedFrame(close, hex('0000')), 1002],
  ['a close with code 1005', maskedFrame(close, hex('03ed')), 1002],
  ['a close with code 65535', maskedFrame(close, hex('ffff')), 1002],
  ['a close whose reason is no UTF-8', maskedFrame(close, hex('03e8 ff')), 1007],
  ['text that is no UTF-8', maskedFrame(text, hex('ff fe')), 1007],
  ['half a character, and the end', maskedFrame(text, hex('c3')), 1007],
  ['half a surrogate pair', maskedFrame(text, hex('eda080')), 1007],
  ['of 2^63 bytes', hex('81ff 7fffffffffffffff 00000000'), 1009],
  ['of 2^53 bytes', hex('81ff 0020000000000000 00000000'), 1009],
  ['of 64 KiB and one', hex('81ff 0000000000010001 00000000'), 1009],
  [
    'in fragments of more than 64 KiB together',
    Buffer.concat([maskedFrame(text, 'x'.repeat(60_000), open), maskedFrame(more, 'x'.repeat(60_000))]),
    1009,
  ],
  ['binary ones where text was agreed upon', maskedFrame(binary, '[]'), 1003],
  ['an empty text', maskedFrame(text, ''), 1000],
];

const fitting = JSON.stringify({ protocols: ['wamp.2.json'] });
/** In a path, where the id of a transport goes that is open. */
export const itself = '{transport}';

/** Requests to long-poll, and the status that they get. WAMP "HTTP Long-Poll Transport". */
export const longPollRequests: readonly (readonly [
  title: string,
  method: string,
  path: string,
  body: string | Buffer,
  status: number,
])[] = [
  ['opening by GET', 'GET', 'open', '', 405],
  ['opening by PUT', 'PUT', 'open', fitting, 405],
  ['opening by DELETE', 'DELETE', 'open', '', 405],
  ['opening with nothing', 'POST', 'open', '', 400],
  ['opening with what is no JSON', 'POST', 'open', 'hello', 400],
  ['opening with half of it', 'POST', 'open', fitting.slice(0, -1), 400],
  ['opening with null', 'POST', 'open', 'null', 400],
  ['opening with a list', 'POST', 'open', '["wamp.2.json"]', 400],
  ['opening without protocols', 'POST', 'open', '{}', 400],
  ['protocols that are no list', 'POST', 'open', '{"protocols":"wamp.2.json"}', 400],
  ['no protocols', 'POST', 'open', '{"protocols":[]}', 400],
  ['protocols that are numbers', 'POST', 'open', '{"protocols":[1,null,{}]}', 400],
  ['a protocol that there is not', 'POST', 'open', '{"protocols":["wamp.2.ubjson"]}', 400],
  ['a protocol by inheritance', 'POST', 'open', '{"protocols":["constructor","__proto__"]}', 400],
  ['protocols by inheritance', 'POST', 'open', '{"__proto__":{"protocols":["wamp.2.json"]}}', 400],
  ['64 KiB of blanks', 'POST', 'open', ' '.repeat(65_537), 400],
  ['a wish of a thousand lists', 'POST', 'open', `{"protocols":${'['.repeat(1000)}${']'.repeat(1000)}}`, 400],
  ['more behind open', 'POST', 'open/x', fitting, 404],
  ['no transport', 'POST', '', '', 404],
  ['a transport without an action', 'POST', itself, '', 404],
  ['an action that there is not', 'POST', `${itself}/toString`, '', 404],
  ['an action and more', 'POST', `${itself}/send/x`, '[]', 404],
  ['a transport that there is not', 'POST', 'nobody/receive', '', 404],
  ['a transport by inheritance', 'POST', '__proto__/receive', '', 404],
  ['a transport up the path', 'POST', '..%2f/receive', '', 404],
  ['receiving by GET', 'GET', `${itself}/receive`, '', 405],
  ['sending by GET', 'GET', `${itself}/send`, '', 405],
  ['sending nothing', 'POST', `${itself}/send`, '', 400],
  ['sending what is no JSON', 'POST', `${itself}/send`, 'hello', 400],
  [
    'sending what is no UTF-8',
    'POST',
    `${itself}/send`,
    Buffer.concat([Buffer.from('[1,"realm1",{"roles":{"caller":{}},"x":"'), hex('ff'), Buffer.from('"}]')]),
    400,
  ],
  ['sending 64 KiB and one', 'POST', `${itself}/send`, 'x'.repeat(65_537), 413],
  ['sending a mebibyte', 'POST', `${itself}/send`, 'x'.repeat(2 ** 20), 413],
];
