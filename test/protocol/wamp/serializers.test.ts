import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../../protocol/wamp/errors.ts';
import { maxId } from '../../../protocol/wamp/ids.ts';
import { json } from '../../../protocol/wamp/json.ts';
import { format, parse, type Message } from '../../../protocol/wamp/messages.ts';
import { msgpack } from '../../../protocol/wamp/msgpack.ts';
import type { Serializer } from '../../../protocol/wamp/serializer.ts';
import { serializers } from '../../../protocol/wamp/serializers.ts';
import { maxDepth } from '../../../protocol/wamp/values.ts';
import { messageOfEveryType } from './arbitrary-message.ts';

const call = (...args: unknown[]): Message => ({ type: 'call', request: 1, options: {}, procedure: 'a.b', args });
const there = ({ encode, decode }: Serializer, ...args: unknown[]): unknown => {
  const message = decode(encode(call(...args)));
  return message.type === 'call' ? message.args : message;
};
const hex = (bytes: string) => Uint8Array.from(Buffer.from(bytes.replaceAll(' ', ''), 'hex'));
const float64 = 0xcb;
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
        if (serializer.binary) expect(encode(message).at(2)).not.toBe(float64);
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
    const tooDeep = serializer.binary ? hex('91'.repeat(maxDepth + 1) + '01') : nested(maxDepth + 1);
    expect(() => decode(tooDeep)).toThrow('nested more than 64 deep');
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
