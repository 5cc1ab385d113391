/** Whatever a peer sends, and in whatever pieces it comes, is read and answered as `ws` alone would do it. */
import { randomBytes } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { readPlainFrames } from '../../../server/transports/plain-frames.ts';

const maxBytes = 66_000;
const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const final = 0x80;

interface Frame {
  /** The first octet. */
  readonly first: number;
  readonly payload: Uint8Array;
  readonly isMasked?: boolean;
}

/** As a client sends it; the mask is made of the length, so that every run is the same. */
function encode({ first, payload, isMasked = true }: Frame): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = (isMasked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!isMasked) return Buffer.concat([head, payload]);
  const mask = Uint8Array.of(length, 17, length >> 3, 200);
  return Buffer.concat([head, mask, payload.map((octet, i) => octet ^ mask[i & 3]!)]);
}

/** What a server's `ws` hears of these pieces, and answers. */
async function heard(pieces: readonly Uint8Array[], reads: 'alone' | 'with plain frames'): Promise<unknown[]> {
  const log: unknown[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      log.push(['wrote', chunk.toString('hex')]);
      done();
    },
  });
  const request = new IncomingMessage(new Socket());
  const key = randomBytes(16).toString('base64');
  Object.assign(request, { method: 'GET', url: '/' });
  Object.assign(request.headers, { upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key });
  const server = new WebSocketServer({ noServer: true, maxPayload: maxBytes, perMessageDeflate: false });
  const socket = await new Promise<WebSocket>((resolve) =>
    server.handleUpgrade(request, stream, Buffer.alloc(0), (made) => {
      const onMessage = (data: Uint8Array, start: number, end: number, isBinary: boolean) => {
        const message = Buffer.from(data.subarray(start, end));
        if (made.readyState === made.OPEN) log.push(['message', message.toString('hex'), isBinary]);
      };
      made.on('message', (data: Buffer, isBinary) => onMessage(data, 0, data.length, isBinary));
      made.on('ping', (data) => log.push(['ping', data.toString('hex')]));
      made.on('pong', (data) => log.push(['pong', data.toString('hex')]));
      made.on('error', ({ message }) => log.push(['error', message]));
      made.on('close', (code) => log.push(['close', code]));
      if (reads === 'with plain frames') readPlainFrames(stream, { maxBytes, onMessage });
      resolve(made);
    }),
  );
  log.length = 0; // without the handshake, whose key is by chance
  for (const piece of pieces) {
    stream.push(Buffer.from(piece)); // a copy: payloads are unmasked in place
    await new Promise(setImmediate);
  }
  stream.push(null);
  await new Promise(setImmediate);
  socket.terminate();
  await new Promise(setImmediate);
  return log;
}

const text = (words: string) => ({ first: final | opcodes.text, payload: Buffer.from(words) });
const lengths = fc.constantFrom(0, 1, 3, 23, 24, 125, 126, 300, 65_535, 65_536, maxBytes);
const plain = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }).map(text),
  lengths.map((length) => text('x'.repeat(length))),
  lengths.map((length) => ({ first: final | opcodes.binary, payload: new Uint8Array(length).fill(200) })),
);
const passedOn = fc
  .record({ opcode: fc.constantFrom(opcodes.ping, opcodes.pong), payload: fc.uint8Array({ maxLength: 125 }) })
  .map(({ opcode, payload }) => ({ first: final | opcode, payload }));
const odd = fc.oneof(
  fc.constantFrom<Frame>(
    { first: opcodes.text, payload: Buffer.from('a mess') }, // fragments
    { first: opcodes.continuation, payload: Buffer.from('ag') },
    { first: final | opcodes.continuation, payload: Buffer.from('e') },
    { first: final | opcodes.close, payload: Buffer.from([3, 232]) },
    { first: final | opcodes.close, payload: new Uint8Array() },
    { first: final | opcodes.close, payload: Buffer.from([0, 1]) },
    { first: final | opcodes.text, payload: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }, // no UTF-8
    { first: final | opcodes.text, payload: Buffer.from([0x22, 0x22, 0x22, 0xc3]) }, // nor this, though as it is masked
    { first: final | opcodes.text, payload: new Uint8Array(maxBytes + 1).fill(0x20) },
    { first: final | opcodes.ping, payload: new Uint8Array(126) },
    { first: opcodes.ping, payload: new Uint8Array() },
    { ...text('not masked'), isMasked: false },
  ),
  fc.record({ first: fc.nat(255), payload: fc.uint8Array({ maxLength: 10 }) }),
);
const frames = fc.array(
  fc.oneof({ weight: 8, arbitrary: plain }, { weight: 3, arbitrary: passedOn }, { weight: 1, arbitrary: odd }),
  { maxLength: 12 },
);

test('whatever a peer sends, in whatever pieces, is heard and answered as by ws alone', async () => {
  const cuts = fc.array(fc.oneof(fc.nat(40), fc.nat(70_000)), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(frames, cuts, fc.nat(20), async (sent, sizes, missing) => {
      const all = Buffer.concat(sent.map(encode));
      let rest = all.subarray(0, Math.max(0, all.length - missing)); // the last frame may break off
      const pieces: Uint8Array[] = [];
      for (const size of sizes) {
        pieces.push(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
      pieces.push(rest);
      const whole = pieces.filter(({ length }) => length > 0);
      expect(await heard(whole, 'with plain frames')).toEqual(await heard(whole, 'alone'));
    }),
    { numRuns: 300 },
  );
});

test('a frame that claims to be too large is refused before its mask has come', async () => {
  const huge = [Uint8Array.of(0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)];
  const log = await heard(huge, 'with plain frames');
  expect(log).toEqual(await heard(huge, 'alone'));
  expect(log).toContainEqual(['error', expect.any(String)]);
});

test('frames that come octet by octet are put together', async () => {
  const sent = [text('first'), { first: final | opcodes.ping, payload: Buffer.from('?') }, text('x'.repeat(130))];
  const octets = Array.from(Buffer.concat(sent.map(encode)), (octet) => Uint8Array.of(octet));
  const log = await heard(octets, 'with plain frames');
  expect(log).toEqual(await heard(octets, 'alone'));
  expect(log).toContainEqual(['message', Buffer.from('x'.repeat(130)).toString('hex'), false]);
});
