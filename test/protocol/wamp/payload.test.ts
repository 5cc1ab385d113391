import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batched, readAll } from '../../../protocol/wamp/batched.ts';
import { ProtocolError } from '../../../protocol/wamp/errors.ts';
import { json } from '../../../protocol/wamp/json.ts';
import { format, messages, parse, type Message } from '../../../protocol/wamp/messages.ts';
import { msgpack } from '../../../protocol/wamp/msgpack.ts';
import { isEncoded, withValues, type RawForm, type Span } from '../../../protocol/wamp/payload.ts';
import { loadSerializers } from '../../../protocol/wamp/serializers.ts';
import { maxDepth } from '../../../protocol/wamp/values.ts';
import { messageOfEveryType } from './arbitrary-message.ts';

const serializers = await loadSerializers();
const forms = serializers.map(({ raw, ...serializer }) => ({ ...serializer, raw: raw! }));
const bytesOf = (encoded: string | Uint8Array) => Uint8Array.from(Buffer.from(encoded));
const allocate = (length: number): Span => ({ whole: new Uint8Array(length + 5), start: 2, end: length + 5 }); // as if for a header
const written = (raw: RawForm, message: Message): Uint8Array => {
  if (!isEncoded(message)) throw new Error('this has no encoded payload');
  const { whole, end } = raw.write(message, allocate);
  return whole.slice(5, end);
};
const call = (...args: unknown[]): Message => ({ type: 'call', request: 1, options: {}, procedure: 'a.b', args });
const withPayload = messageOfEveryType.filter(({ type }) => 'args' in messages[type].fields);

/** A CALL of `a.b` until its payload. */
const callHeads = { json: '[48,1,{},"a.b",', msgpack: '95300180a3612e62', cbor: '85183001a063612e62' };

describe.each(forms)('$name', ({ name, encode, decode, raw }) => {
  test.each(withPayload)(
    'a $type that is passed on is the one that decoding and encoding would make',
    ({ arbitrary }) => {
      fc.assert(
        fc.property(arbitrary, (message) => {
          const bytes = bytesOf(encode(message));
          const read = raw.read(bytes);
          if (!read) return;
          expect(withValues(read)).toEqual(parse(format(decode(bytes))));
          if (isEncoded(read)) expect(written(raw, read)).toEqual(bytes);
          else expect(bytesOf(encode(read))).toEqual(bytes);
        }),
      );
    },
  );

  test.each(withPayload)(
    'a $type reaches peers with another serializer as if it had been decoded and encoded',
    ({ arbitrary }) => {
      fc.assert(
        fc.property(arbitrary, fc.constantFrom(...forms), (message, other) => {
          const read = raw.read(bytesOf(encode(message)));
          if (!read) return;
          const there = isEncoded(read) ? written(other.raw, read) : bytesOf(other.encode(read));
          expect(there).toEqual(bytesOf(other.encode(decode(encode(message)))));
        }),
      );
    },
  );

  test('what is read without decoding is what decoding reads, of damaged messages too', () => {
    const damage = fc.tuple(
      fc.oneof(...withPayload.map(({ arbitrary }) => arbitrary)),
      fc.nat(),
      fc.nat(255),
      fc.boolean(),
    );
    fc.assert(
      fc.property(damage, ([message, where, byte, isCut]) => {
        const bytes = bytesOf(encode(message));
        const at = where % bytes.length;
        if (!isCut) bytes[at] = byte;
        const part = isCut ? bytes.subarray(0, at) : bytes;
        const read = raw.read(part);
        if (read) expect(format(read)).toEqual(format(decode(bytes)));
        const among = Buffer.concat([bytes, part, bytes]);
        expect(raw.read(among, bytes.length, bytes.length + part.length)?.type).toBe(read?.type);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['text', 'x', 'é', '日本', '😀', 'a "quoted" \\ line\nand another'],
    ['numbers', 0, -1, 1.5, 1e300, 2 ** 40, -(2 ** 31)],
    ['lists and dicts', [], {}, [[1, { a: [null, true, false] }]]],
  ])('%s stay encoded', (_, ...args) => {
    const read = raw.read(bytesOf(encode(call(...args))));
    expect(read && isEncoded(read)).toBe(true);
  });

  test('[Message Definitions] an empty payload is none', () => {
    for (const tail of [[], [[]], [[], {}]]) {
      const bytes = bytesOf(
        encode({ ...call(), ...(tail.length > 0 && { args: [] }), ...(tail.length > 1 && { kwargs: {} }) }),
      );
      expect(raw.read(bytes)).toEqual({ type: 'call', request: 1, options: {}, procedure: 'a.b' });
    }
  });

  test.each([
    ['bytes', (bytes: Uint8Array) => bytes],
    ['a Buffer', (bytes: Uint8Array) => Buffer.from(bytes)], // whose `slice` copies nothing
  ])('what is kept of %s has bytes of its own', (_, made) => {
    const bytes = made(bytesOf(encode(call('x'.repeat(20)))));
    const read = raw.read(bytes);
    const kept = read && isEncoded(read) ? read.payload.kept() : undefined;
    bytes.fill(0);
    expect(kept?.values).toEqual({ args: ['x'.repeat(20)] });
  });

  test(`${maxDepth} lists inside each other are passed on, one more is left to the decoder`, () => {
    const deep = (depth: number): Uint8Array =>
      name === 'json'
        ? bytesOf(`${callHeads.json}${'['.repeat(depth)}${']'.repeat(depth)}]`)
        : name === 'msgpack'
          ? Uint8Array.from(Buffer.from(`${callHeads.msgpack}${'91'.repeat(depth - 1)}90`, 'hex'))
          : Uint8Array.from(Buffer.from(`${callHeads.cbor}${'81'.repeat(depth - 1)}80`, 'hex'));
    expect(raw.read(deep(maxDepth - 1))).toBeDefined();
    expect(raw.read(deep(maxDepth))).toBeUndefined();
  });
});

test.each(withPayload)('a $type of a batch is passed on in a batch of its own', ({ arbitrary }) => {
  fc.assert(
    fc.property(fc.array(arbitrary, { minLength: 1, maxLength: 3 }), fc.constantFrom(...forms), (all, { name }) => {
      const serializer = batched(serializers.find((known) => known.name === name)!);
      const batches = all.map((message) => bytesOf(serializer.encode(message)));
      const read = [...readAll(serializer, Buffer.concat(batches))];
      for (const [i, message] of read.entries()) {
        if (message instanceof ProtocolError) throw message;
        const passedOn = isEncoded(message) ? written(serializer.raw!, message) : bytesOf(serializer.encode(message));
        expect(passedOn).toEqual(batches[i]);
      }
      expect(read.length).toBe(all.length);
    }),
  );
});

describe('MessagePack', () => {
  test.each([
    ['an extension', '91 d40000'],
    ['a key that is a number', '91 8101 01'],
    ['a key __proto__', '91 81 a95f5f70726f746f5f5f 01'],
    ['a key __proto__ with a longer head', '91 81 d9095f5f70726f746f5f5f 01'],
    ['text that is not UTF-8', '91 a3eda080'],
    ['a list that ends early', '92 01'],
    ['a dict for args', '80'],
  ])('%s is left to the decoder', (_, payload) => {
    const bytes = Buffer.from(`95300180a3612e62${payload.replaceAll(' ', '')}`, 'hex');
    expect(msgpack.raw!.read(bytes)).toBeUndefined();
  });
});

describe('CBOR', () => {
  const [, , cbor] = serializers;
  test.each([
    ['a list of indefinite length', '9f01ff'],
    ['text of indefinite length', '81 7f6161ff'],
    ['undefined', '81 f7'],
    ['a key that is a number', '81 a101 01'],
    ['a key __proto__', '81 a1 695f5f70726f746f5f5f 01'],
    ['a tag', '81 c001'],
    ['text that is not UTF-8', '81 63eda080'],
    ['a list that ends early', '82 01'],
    ['a dict for args', 'a0'],
  ])('%s is left to the decoder', (_, payload) => {
    const bytes = Buffer.from(`${callHeads.cbor}${payload.replaceAll(' ', '')}`, 'hex');
    expect(cbor!.raw!.read(bytes)).toBeUndefined();
  });
});

describe('JSON', () => {
  const read = (payload: string) => json.raw!.read(bytesOf(`[48,1,{},"a.b"${payload}]`));

  test('space between the elements is passed on within the payload', () => {
    const message = read(' , [ 1, {"a" : 2 } ] , { } ')!;
    expect(withValues(message)).toMatchObject({ args: [1, { a: 2 }] });
    expect(Buffer.from(written(json.raw!, message)).toString()).toBe('[48,1,{},"a.b",[ 1, {"a" : 2 } ]]');
  });

  test.each([
    ['binary', String.raw`,["\u00003q2+7w=="]`],
    ['half of a surrogate pair', String.raw`,["\ud83d"]`],
    ['a key __proto__', ',[{"__proto__":1}]'],
    ['a key with an escape in it', String.raw`,[{"\u005f_proto__":1}]`],
    ['a number with a zero before it', ',[01]'],
    ['a number that ends early', ',[1.]'],
    ['a list that ends with a comma', ',[1,]'],
    ['a dict without a value', ',[{"a"}]'],
    ['a control character', ',["\t"]'],
    ['an escape that there is not', String.raw`,["\x"]`],
    ['a word that there is not', ',[nul]'],
    ['a dict for args', ',{}'],
    ['a list for kwargs', ',[1],[]'],
    ['a third element', ',[1],{},1'],
  ])('%s is left to the decoder', (_, payload) => expect(read(payload)).toBeUndefined());

  test('in long text whatever is odd is found, wherever it is', () => {
    const odd = { '\n': false, '\t': false, '\u001f': false, '"': false, [String.raw`\x`]: false };
    const good = { ' ': true, '~': true, '\u007f': true, é: true, [String.raw`\n`]: true, [String.raw`\"`]: true };
    for (const [text, isGood] of Object.entries({ ...odd, ...good })) {
      for (let at = 0; at < 150; at++) {
        const long = `${'x'.repeat(at)}${text}${'y'.repeat(150 - at)}`;
        expect([text, at, read(`,["${long}"]`) !== undefined]).toEqual([text, at, isGood]);
      }
    }
  });

  test('bytes that are no UTF-8 are left to the decoder', () => {
    for (const wrong of ['ff', 'c080', 'eda080', 'f4908080', 'e28281ff'.slice(0, 4)]) {
      const bytes = Buffer.concat([Buffer.from('[48,1,{},"a.b",["'), Buffer.from(wrong, 'hex'), Buffer.from('"]]')]);
      expect(json.raw!.read(bytes)).toBeUndefined();
    }
  });
});

test.each(['[048,1,{},"a.b"]', '[48,01,{},"a.b"]', '[48,-1,{},"a.b"]', '["length",1,{},"a.b"]', '[48,1,{},"a.b'])(
  'the JSON reader leaves %s to the decoder',
  (text) => {
    expect(json.raw?.read(Buffer.from(text))).toBeUndefined();
  },
);
