/** Bytes that are no message in a serializer, or one that nobody may send, and what the ABORT says of them. */
import type { Serializer } from '../../protocol/index.ts';
import { encoders, type Bytes } from './encoders.ts';

type Name = Serializer['name'];

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const text = (bytes: Bytes) => Buffer.from(bytes);
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const tooDeep = 'a message is nested more than 64 deep';
const early = 'a message ends early';
const trailing = 'a message has bytes after its end';
const proto = 'a message has a key __proto__';
const notUtf8 = 'a string is not UTF-8';
const publish = 'com.a';

/** A PUBLISH up to its args, which are to follow. */
const head: Readonly<Record<'json' | 'msgpack' | 'cbor', Bytes>> = {
  json: `[16,1,{},"${publish}",`,
  msgpack: Buffer.concat([hex('95 10 01 80 a5'), text(publish)]),
  cbor: Buffer.concat([hex('85 10 01 a0 65'), text(publish)]),
};
const json = (args: string) => `${String(head.json)}${args}]`;
const msgpack = (args: string | Uint8Array) =>
  Buffer.concat([text(head.msgpack), typeof args === 'string' ? hex(args) : args]);
const cborOf = (args: string | Uint8Array) =>
  Buffer.concat([text(head.cbor), typeof args === 'string' ? hex(args) : args]);

type Row = readonly [title: string, bytes: Bytes, abort: string];

/** In a session, in place of its first request. */
export const hostileBytes: Readonly<Record<Name, readonly Row[]>> = {
  json: [
    ['nothing at all', '', 'a message is not JSON'],
    ['blanks', ' \n\t ', 'a message is not JSON'],
    ['half a message', '[16,1,{},"com', 'a message is not JSON'],
    ['two messages', '[16,1,{},"com.a"][16,2,{},"com.a"]', 'a message is not JSON'],
    ['a comma too much', '[16,1,{},"com.a",]', 'a message is not JSON'],
    ['a comma too much in its args', json('[1,]'), 'a message is not JSON'],
    ['a dict that is not closed', json('[{"a":1]'), 'a message is not JSON'],
    ['keys without quotes', json('[{a:1}]'), 'a message is not JSON'],
    ['single quotes', json("['a']"), 'a message is not JSON'],
    ['a comment', json('[/* */]'), 'a message is not JSON'],
    ['NaN', json('[NaN]'), 'a message is not JSON'],
    ['minus Infinity', json('[-Infinity]'), 'a message is not JSON'],
    ['a number that begins with 0', json('[01]'), 'a message is not JSON'],
    ['a number in hex', json('[0x10]'), 'a message is not JSON'],
    ['a number that ends in a dot', json('[1.]'), 'a message is not JSON'],
    ['a line break in text', json('["a\nb"]'), 'a message is not JSON'],
    ['a zero in text', json('["a\u0000"]'), 'a message is not JSON'],
    ['an unknown escape', json('["\\x41"]'), 'a message is not JSON'],
    ['half an escape', json('["\\u00"]'), 'a message is not JSON'],
    ['lists without end', nested(32_000), tooDeep],
    ['lists that are opened only', '['.repeat(60_000), 'a message is not JSON'],
    ['args one too deep', json(nested(64)), tooDeep],
    ['dicts too deep', json(`[${'{"a":'.repeat(63)}1${'}'.repeat(63)}]`), tooDeep],
    ['a key __proto__ in its args', json('[{"__proto__":{"x":1}}]'), proto],
    ['the same with an escape', json('[{"\\u005f_proto__":{"x":1}}]'), proto],
    ['a key __proto__ in its options', '[16,1,{"__proto__":{"acknowledge":true}},"com.a"]', proto],
    ['a key __proto__ deep inside', json('[[[{"a":[{"__proto__":1}]}]]]'), proto],
    ['binary that is not base64', json('["\\u0000?"]'), 'a binary string is not base64'],
    ['binary with a byte too few', json('["\\u0000AAA"]'), 'a binary string is not base64'],
    ['a number beyond all others', json('[1e999]'), 'a number is beyond all that a double can say'],
    ['60,000 digits', json(`[${'1'.repeat(60_000)}]`), 'a message is not JSON'],
    ['a code beyond all numbers', '[1e999]', 'a number is beyond all that a double can say'],
    [
      'an id of twenty digits',
      '[16,99999999999999999999,{},"com.a"]',
      'publish.request is not an id (integer from 1 to 2^53)',
    ],
  ],
  msgpack: [
    ['nothing at all', hex(''), early],
    ['a byte that means nothing', hex('c1'), 'a message is not MessagePack'],
    ['the same in its args', msgpack('91 c1'), 'a message is not MessagePack'],
    ['half a message', hex('94 10 01'), early],
    ['half a text', hex('94 10 01 80 a5 63'), early],
    ['a list that is longer than all', hex('dd ffffffff 10'), early],
    ['args that are longer than all', msgpack('dd ffffffff'), early],
    ['a dict that is larger than all', msgpack('91 df 7fffffff'), early],
    ['text that is longer than all', msgpack('91 db ffffffff 61'), early],
    ['binary that is longer than all', msgpack('91 c6 7fffffff 00'), early],
    ['two messages', Buffer.concat([text(encoders.msgpack([16, 1, {}, publish])), hex('90')]), trailing],
    ['lists without end', Buffer.concat([Buffer.alloc(32_000, 0x91), hex('c0')]), tooDeep],
    ['args one too deep', msgpack(Buffer.concat([Buffer.alloc(63, 0x91), hex('90')])), tooDeep],
    [
      'dicts too deep',
      msgpack(Buffer.concat([hex('91'), ...Array.from({ length: 63 }, () => hex('81 a1 61')), hex('c0')])),
      tooDeep,
    ],
    [
      'a key __proto__ in its args',
      msgpack(Buffer.concat([hex('91 81 a9'), text('__proto__'), hex('c0')])),
      'a message is not MessagePack',
    ],
    [
      'a key __proto__ in its options',
      Buffer.concat([hex('94 10 01 81 a9'), text('__proto__'), hex('80 a5'), text(publish)]),
      'a message is not MessagePack',
    ],
    ['text that is no UTF-8', msgpack('91 a2 fffe'), notUtf8],
    ['half a surrogate pair', msgpack('91 a3 eda080'), notUtf8],
    ['a topic that is no UTF-8', hex('94 10 01 80 a2 c328'), notUtf8],
    ['an extension', msgpack('91 d4 05 00'), 'a message has a MessagePack extension of type 5'],
    ['a time', msgpack('91 d6 ff 00000000'), 'a message has a MessagePack extension of type -1'],
    ['an extension that is longer than all', msgpack('91 c9 ffffffff 05'), early],
    ['a key that is a list', msgpack('91 81 90 c0'), 'a message is not MessagePack'],
    ['a key that is null', msgpack('91 81 c0 c0'), 'a message is not MessagePack'],
    [
      'an id of 64 bits',
      hex('94 10 cf ffffffffffffffff 80 a5 636f6d2e61'),
      'publish.request is not an id (integer from 1 to 2^53)',
    ],
    [
      'an id that is not a number',
      hex('94 10 cb 7ff8000000000000 80 a5 636f6d2e61'),
      'publish.request is not an id (integer from 1 to 2^53)',
    ],
    ['JSON', text('[16,1,{},"com.a"]'), trailing],
  ],
  cbor: [
    ['nothing at all', hex(''), early],
    ['a head that means nothing', hex('1c'), 'a message is not CBOR'],
    ['the same in its args', cborOf('81 1f'), 'a message is not CBOR'],
    ['half a message', hex('84 10 01'), early],
    ['half a text', hex('84 10 01 a0 65 63'), early],
    ['a list that is longer than all', hex('9b ffffffffffffffff 10'), early],
    ['args that are longer than all', cborOf('9a ffffffff'), early],
    ['a dict that is larger than all', cborOf('81 bb 7fffffffffffffff'), early],
    ['text that is longer than all', cborOf('81 7b ffffffffffffffff 61'), early],
    ['binary that is longer than all', cborOf('81 5a ffffffff 00'), early],
    ['a list without its end', cborOf('9f 01 02'), early],
    ['a dict without its end', cborOf('81 bf 6161 01'), early],
    ['an end without a beginning', cborOf('81 ff'), 'a message has a CBOR value that WAMP does not know'],
    ['a dict that ends behind a key', cborOf('81 bf 6161 ff'), 'a message has a CBOR value that WAMP does not know'],
    ['text made of binary', cborOf('81 7f 41 61 ff'), 'a string is made of something else than its like'],
    ['two messages', Buffer.concat([text(encoders.cbor([16, 1, {}, publish])), hex('80')]), trailing],
    ['lists without end', Buffer.concat([Buffer.alloc(32_000, 0x81), hex('f6')]), tooDeep],
    ['lists that are opened only', Buffer.alloc(60_000, 0x9f), tooDeep],
    ['args one too deep', cborOf(Buffer.concat([Buffer.alloc(63, 0x81), hex('80')])), tooDeep],
    [
      'dicts too deep',
      cborOf(Buffer.concat([hex('81'), ...Array.from({ length: 63 }, () => hex('a1 61 61')), hex('f6')])),
      tooDeep,
    ],
    ['a key __proto__ in its args', cborOf(Buffer.concat([hex('81 a1 69'), text('__proto__'), hex('f6')])), proto],
    [
      'the same in pieces',
      cborOf(Buffer.concat([hex('81 a1 7f 65'), text('__pro'), hex('64'), text('to__'), hex('ff f6')])),
      proto,
    ],
    [
      'a key __proto__ in its options',
      Buffer.concat([hex('84 10 01 a1 69'), text('__proto__'), hex('a0 65'), text(publish)]),
      proto,
    ],
    ['text that is no UTF-8', cborOf('81 62 fffe'), notUtf8],
    ['half a surrogate pair', cborOf('81 63 eda080'), notUtf8],
    ['half a character in each piece', cborOf('81 7f 61 c3 61 bc ff'), notUtf8],
    ['a tag', cborOf('81 c1 00'), 'a message has a CBOR tag: 1'],
    ['shared values', cborOf('81 d8 1c 80'), 'a message has a CBOR tag: 28'],
    ['a record of cbor-x', cborOf('81 d9 dfff 80'), 'a message has a CBOR tag: 57343'],
    ['a simple value', cborOf('81 e0'), 'a message has a CBOR value that WAMP does not know'],
    ['a simple value of two bytes', cborOf('81 f8 ff'), 'a message has a CBOR value that WAMP does not know'],
    ['a key that is a list', cborOf('81 a1 80 f6'), 'a key of a dict is neither text nor a number'],
    ['a key that is binary', cborOf('81 a1 41 61 f6'), 'a key of a dict is binary'],
    ['an integer below all', cborOf('81 3b ffffffffffffffff'), 'a message has an integer beyond 64 bits'],
    [
      'an id of 64 bits',
      hex('84 10 1b ffffffffffffffff a0 65 636f6d2e61'),
      'publish.request is not an id (integer from 1 to 2^53)',
    ],
    [
      'an id that is not a number',
      hex('84 10 f9 7e00 a0 65 636f6d2e61'),
      'publish.request is not an id (integer from 1 to 2^53)',
    ],
    ['JSON', text('[16,1,{},"com.a"]'), early],
  ],
};

/** What is no batch, by whether it is binary. The serializers are those above. */
export const hostileBatches: Readonly<Record<'text' | 'binary', readonly Row[]>> = {
  text: [
    ['an empty batch', '', 'a batch is empty'],
    ['a batch of nothing', '\u001e', 'a message is not JSON'],
    ['a batch without its end', '[16,1,{},"com.a"]', 'a batch does not end with U+001E'],
    ['a batch whose second message is none', '[16,1,{},"com.a"]\u001egarbage\u001e', 'a message is not JSON'],
    ['60,000 batches of nothing', '\u001e'.repeat(60_000), 'a message is not JSON'],
    ['a message behind a goodbye', '[6,{},"com.a"]\u001e[48,1,{},"com.a"]\u001e', 'call before hello'],
  ],
  binary: [
    ['an empty batch', hex(''), 'a batch is empty'],
    ['half a length', hex('0000'), 'a batch ends early'],
    ['a length beyond all', hex('ffffffff 90'), 'a batch ends early'],
    ['a message of no bytes', hex('00000000'), early],
    ['15,000 messages of no bytes', Buffer.alloc(60_000), early],
    ['a batch that ends in half a length', hex('00000001 90 00'), 'a batch ends early'],
  ],
};
