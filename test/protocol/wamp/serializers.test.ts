import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../../protocol/wamp/errors.ts';
import { maxId } from '../../../protocol/wamp/ids.ts';
import { json } from '../../../protocol/wamp/json.ts';
import { format, parse, type Message } from '../../../protocol/wamp/messages.ts';
import { msgpack } from '../../../protocol/wamp/msgpack.ts';
import type { Serializer } from '../../../protocol/wamp/serializer.ts';
import { loadSerializers } from '../../../protocol/wamp/serializers.ts';
import { batched, decodeAll } from '../../../protocol/wamp/batched.ts';
import { loadCbor } from '../../../protocol/wamp/cbor.ts';
import { maxDepth } from '../../../protocol/wamp/values.ts';
import { messageOfEveryType } from './arbitrary-message.ts';

const serializers = await loadSerializers();
const cbor = await loadCbor();
const call = (...args: unknown[]): Message => ({ type: 'call', request: 1, options: {}, procedure: 'a.b', args });
const there = ({ encode, decode }: Serializer, ...args: unknown[]): unknown => {
  const message = decode(encode(call(...args)));
  return message.type === 'call' ? message.args : message;
};
const hex = (bytes: string) => Uint8Array.from(Buffer.from(bytes.replaceAll(' ', ''), 'hex'));
const float64 = { json: -1, msgpack: 0xcb, cbor: 0xfb };
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe.each(serializers)('$name', (serializer) => {
  const { encode, decode } = serializer;

  test.each(messageOfEveryType)('[Serializers] every $type survives the way there', ({ arbitrary }) => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        expect(decode(encode(message))).toEqual(parse(format(message)));
      }),
    );
  });

  test('[IDs] 2^53 and everything below are integers on the wire', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1, max: maxId - 1 }), fc.constant(maxId)), (request) => {
        const message = { type: 'result', request, details: {}, args: [-request] } as const;
        expect(decode(encode(message))).toEqual(message);
        if (serializer.binary) expect(encode(message).at(2)).not.toBe(float64[serializer.name]);
      }),
    );
  });

  test('integers beyond 2^53 are not rounded', () => {
    const long = [2n ** 53n + 1n, 2n ** 64n - 1n, -(2n ** 63n) + 1n];
    expect(there(serializer, ...long)).toEqual(long);
  });

  test('half of a surrogate pair, as from text cut in the middle of an emoji, becomes U+FFFD', () => {
    expect(there(serializer, '😀'.slice(0, 1), { a: '\udead' })).toEqual(['\ufffd', { a: '\ufffd' }]);
  });

  test('what is undefined is absent in a dict and null in a list', () => {
    expect(there(serializer, { a: undefined, b: 1 }, undefined)).toEqual([{ b: 1 }, null]);
  });

  test('binary comes back as a Uint8Array of its own, from a Buffer too', () => {
    const [bytes] = there(serializer, Buffer.from([0xde, 0xad])) as unknown[];
    expect(bytes).toEqual(new Uint8Array([0xde, 0xad]));
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  });

  test(`${maxDepth} lists and dicts inside each other are accepted, one more is a violation`, () => {
    const deep = (depth: number): unknown => (depth === 0 ? 1 : depth % 2 ? [deep(depth - 1)] : { a: deep(depth - 1) });
    expect(() => there(serializer, deep(maxDepth - 2))).not.toThrow();
    const tooDeep = (depth: number) => ({
      json: nested(depth),
      msgpack: hex(`${'91'.repeat(depth)}01`),
      cbor: hex(`${'81'.repeat(depth)}01`),
    });
    expect(() => decode(tooDeep(50_000)[serializer.name])).toThrow(ProtocolError);
    expect(() => decode(tooDeep(maxDepth + 1)[serializer.name])).toThrow('nested more than 64 deep');
  });

  test('random bytes and text throw nothing but ProtocolError', () => {
    const input = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), fc.json());
    fc.assert(
      fc.property(input, (data) => onlyProtocolError(() => decode(data))),
      { numRuns: 2000 },
    );
  });

  test('a message that is cut off or has a byte changed throws nothing but ProtocolError', () => {
    const damage = fc.tuple(
      fc.oneof(...messageOfEveryType.map(({ arbitrary }) => arbitrary)),
      fc.nat(),
      fc.nat(255),
      fc.boolean(),
    );
    fc.assert(
      fc.property(damage, ([message, where, byte, isCut]) => {
        const bytes = Uint8Array.from(Buffer.from(encode(message)));
        const at = where % bytes.length;
        if (!isCut) bytes[at] = byte;
        onlyProtocolError(() => decode(isCut ? bytes.subarray(0, at) : bytes));
      }),
    );
  });
});

function onlyProtocolError(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
}

describe('JSON', () => {
  test('[Binary conversion of JSON Strings] bytes are U+0000 and padded base64, at any depth', () => {
    const bytes = new Uint8Array([0xde, 0xad, 0xbe, 0xef]);
    expect(json.encode(call({ deep: [bytes] }))).toBe(String.raw`[48,1,{},"a.b",[{"deep":["\u00003q2+7w=="]}]]`);
    expect(there(json, { deep: [bytes] }, 'text')).toEqual([{ deep: [bytes] }, 'text']);
  });

  test.each(['3q2+7w=', '3q2+7w', '3q2-7w==', '=q2+7w==', '3q2+ 7w='])(
    '[Binary conversion of JSON Strings] %j is not base64 and a violation',
    (text) =>
      expect(() => json.decode(JSON.stringify([48, 1, {}, 'a.b', [`\0${text}`]]))).toThrow(
        'a binary string is not base64',
      ),
  );

  test('text that begins with U+0000 goes as the binary of its UTF-8, never as something the reader chokes on', () => {
    expect(there(json, '\0!')).toEqual([new Uint8Array([0, 33])]);
  });

  test('half of a surrogate pair becomes U+FFFD, whole pairs and escaped backslashes stay', () => {
    const text = String.raw`[48,1,{},"a.b",["\ud83d\ude00 \ud83d \ude00","\\ud800",{"\udead":1}]]`;
    expect(json.decode(text)).toMatchObject({ args: ['😀 \ufffd \ufffd', String.raw`\ud800`, { '\ufffd': 1 }] });
  });

  test('numbers that JavaScript wrote stay numbers', () => {
    const numbers = [2 ** 60, 1e20, 2 ** 60 * 1.1, 0.1 + 0.2, -1e300, 9007199254740991];
    expect(there(json, ...numbers)).toEqual(numbers);
  });

  test.each(['1e999', '-1e999', `1${'0'.repeat(400)}.5`])('%s, which no double can say, is a violation', (number) => {
    const message = `[16,1,{},"a",[${number}]]`;
    expect(() => json.decode(message)).toThrow('a number is beyond all that a double can say');
  });

  test('a key __proto__ is a violation, of a repeated key the last value counts', () => {
    expect(() => json.decode('[48,1,{},"a.b",[{"__proto__":{"admin":true}}]]')).toThrow(
      'a message has a key __proto__',
    );
    expect(json.decode('[48,1,{},"a.b",[{"a":1,"a":2}]]')).toMatchObject({ args: [{ a: 2 }] });
  });

  test('a million lists inside each other throw ProtocolError', () => {
    expect(() => json.decode(nested(1_000_000))).toThrow(ProtocolError);
  });

  test('bytes are read as UTF-8, and others are a violation', () => {
    expect(json.decode(new TextEncoder().encode('[48,1,{},"a.b",["é"]]'))).toMatchObject({ args: ['é'] });
    expect(() => json.decode(new Uint8Array([0x5b, 0xff, 0x5d]))).toThrow('a message is not JSON');
  });
});

describe('MessagePack', () => {
  const around = (payload: string) => hex(`95 30 01 80 a3612e62 ${payload}`); // [48, 1, {}, 'a.b', payload]

  test('extension 0, which others write for undefined, means absent', () => {
    expect(msgpack.decode(around('92 d40000 82 a161 d40000 a162 01'))).toMatchObject({ args: [null, { b: 1 }] });
    expect(msgpack.decode(around('d40000'))).toEqual({ type: 'call', request: 1, options: {}, procedure: 'a.b' });
  });

  test.each([
    ['a timestamp', '91 d6ff00000000', 'MessagePack extension of type -1'],
    ['an extension of its own', '91 c70105aa', 'MessagePack extension of type 5'],
    ['a key __proto__', '91 81 a95f5f70726f746f5f5f 01', 'not MessagePack'],
    ['a list for a key', '91 81 90 01', 'not MessagePack'],
    ['a string that is not UTF-8', '91 a3eda080', 'a string is not UTF-8'],
    ['the byte C1', '91 c1', 'not MessagePack'],
    ['a list of four thousand million', 'ddffffffff', 'ends early'],
    ['a dict of four thousand million', 'dfffffffff', 'ends early'],
    ['text of four thousand million bytes', '91 dbffffffff', 'ends early'],
    ['a second message behind it', '90 90', 'bytes after its end'],
  ])('%s is a violation', (_, payload, message) => {
    expect(() => msgpack.decode(around(payload))).toThrow(message);
    expect(() => msgpack.decode(around(payload))).toThrow(ProtocolError);
    expect(there(msgpack, 'the decoder works on')).toEqual(['the decoder works on']);
  });

  test('50,000 lists inside each other throw ProtocolError', () => {
    expect(() => msgpack.decode(hex('91'.repeat(50_000) + '01'))).toThrow('nested more than 64 deep');
  });

  test('ids that come as floats, as from old AutobahnJS, are ids', () => {
    expect(msgpack.decode(hex('93 21 01 cb4202a05f20000000'))).toMatchObject({
      type: 'subscribed',
      subscription: 1e10,
    });
  });

  test('text where bytes are due is a violation', () => {
    expect(() => msgpack.decode('[48,1,{},"a.b"]')).toThrow(ProtocolError);
  });
});

describe('CBOR', () => {
  const around = (payload: string) => hex(`85 18 30 01 a0 63612e62 ${payload}`); // [48, 1, {}, 'a.b', payload]

  test('undefined, which others write for what is absent, means absent', () => {
    expect(cbor.decode(around('82 f7 a2 6161 f7 6162 01'))).toMatchObject({ args: [null, { b: 1 }] });
    expect(cbor.decode(around('f7'))).toEqual({ type: 'call', request: 1, options: {}, procedure: 'a.b' });
  });

  test('lists, dicts and strings of indefinite length are read', () => {
    const message = hex('9f 18 30 01 bf ff 7f 6161 622e62 ff 9f 5f 41ff 40 42 0102 ff bf 7f 6161 ff 01 ff 7f ff ff ff');
    expect(cbor.decode(message)).toEqual(call(new Uint8Array([255, 1, 2]), { a: 1 }, ''));
  });

  test('floats of every length are read', () => {
    expect(cbor.decode(around('84 f93c00 fa3fc00000 fb3ff8000000000000 f98000'))).toMatchObject({
      args: [1, 1.5, 1.5, -0],
    });
  });

  test('number keys become text', () => {
    expect(cbor.decode(around('81 a1 01 02'))).toMatchObject({ args: [{ 1: 2 }] });
  });

  test.each([
    ['a date', '81 c1 00', 'CBOR tag: 1'],
    ['a shared reference', '81 d81c 80', 'CBOR tag: 28'],
    ['a record definition of cbor-x', '81 d9dfff 83 00 81 6161 01', 'CBOR tag: 57343'],
    ['a long tag', '81 dbffffffffffffffff 00', 'CBOR tag'],
    ['an unassigned simple value', '81 e0', 'a CBOR value that WAMP does not know'],
    ['a simple value of two bytes', '81 f8ff', 'a CBOR value that WAMP does not know'],
    ['a key __proto__', '81 a1 69 5f5f70726f746f5f5f 01', 'a key __proto__'],
    ['a key __proto__ in pieces', '81 a1 7f 64 5f5f7072 65 6f746f5f5f ff 01', 'a key __proto__'],
    ['a list for a key', '81 a1 80 01', 'neither text nor a number'],
    ['binary for a key', '81 a1 40 01', 'binary'],
    ['a string that is not UTF-8', '81 63eda080', 'a string is not UTF-8'],
    ['a character cut in two pieces', '81 7f 61c3 61a4 ff', 'a string is not UTF-8'],
    ['text with binary in it', '81 7f 4161 ff', 'something else than its like'],
    ['pieces within pieces', '81 7f 7f 6161 ff ff', 'something else than its like'],
    ['a dict that ends behind a key', '81 bf 6161 ff', 'not know'],
    ['an end where nothing began', '81 ff', 'not know'],
    ['a reserved length', '81 1c', 'not CBOR'],
    ['an integer without end', '81 1f', 'not CBOR'],
    ['an integer beyond 64 bits', '81 3bffffffffffffffff', 'beyond 64 bits'],
    ['a list of four thousand million', '9affffffff', 'ends early'],
    ['a list of 2^64', '9bffffffffffffffff', 'ends early'],
    ['a dict of four thousand million', 'baffffffff', 'ends early'],
    ['text of four thousand million bytes', '81 7affffffff', 'ends early'],
    ['a list without its end', '9f 01', 'ends early'],
    ['a second message behind it', '80 80', 'bytes after its end'],
  ])('%s is a violation', (_, payload, message) => {
    expect(() => cbor.decode(around(payload))).toThrow(message);
    expect(() => cbor.decode(around(payload))).toThrow(ProtocolError);
    expect(there(cbor, 'the decoder works on')).toEqual(['the decoder works on']);
  });

  test('text where bytes are due is a violation', () => {
    expect(() => cbor.decode('[48,1,{},"a.b"]')).toThrow(ProtocolError);
  });
});

describe('batches', () => {
  const published: Message = { type: 'publish', request: 1, options: {}, topic: 'com.example.t' };
  const subscribed: Message = { type: 'subscribed', request: 2, subscription: 7 };

  test('[Batched Transport] JSON: U+001E follows each message', () => {
    const { encode } = batched(json);
    const batch = `${String(encode(published))}${String(encode(subscribed))}`;
    expect(Buffer.from(batch).toString('hex')).toBe(
      '5b31362c312c7b7d2c22636f6d2e6578616d706c652e74225d1e5b33332c322c375d1e',
    );
    expect([...decodeAll(batched(json), batch)]).toEqual([published, subscribed]);
    expect([...decodeAll(batched(json), Buffer.from(batch))]).toEqual([published, subscribed]);
  });

  test('[Batched Transport] binary: its length precedes each message', () => {
    const { encode } = batched(msgpack);
    expect(Buffer.from(encode(subscribed)).toString('hex')).toBe('0000000493210207');
    const batch = Buffer.concat([published, subscribed].map((message) => Buffer.from(encode(message))));
    expect([...decodeAll(batched(msgpack), batch)]).toEqual([published, subscribed]);
  });

  test('a serializer has one batched form', () => expect(batched(json)).toBe(batched(json)));

  test.each([
    ['empty text', json, ''],
    ['text without an end', json, '[33,2,7]'],
    ['text with something behind the end', json, '[33,2,7]\u001e[33'],
    ['a message that is none', json, '\u001e'],
    ['empty bytes', msgpack, new Uint8Array()],
    ['half a length', msgpack, hex('0000')],
    ['a length beyond the end', msgpack, hex('00000005 93210207')],
    ['a length of nearly 2^32', msgpack, hex('ffffffff 93210207')],
    ['text where bytes are due', msgpack, '[33,2,7]'],
    ['bytes that are not UTF-8', json, hex('ff1e')],
  ])('[Batched Transport] %s is a violation', (_, serializer, batch) => {
    expect([...decodeAll(batched(serializer), batch)].at(-1)).toBeInstanceOf(ProtocolError);
  });
});
