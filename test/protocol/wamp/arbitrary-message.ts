/** Messages of every type with arbitrary content, for properties. */
import * as fc from 'fast-check';
import { messages, parse, type Message, type MessageType } from '../../../protocol/wamp/messages.ts';

/** Text that JSON can say: U+0000 at its beginning marks binary there. */
const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.startsWith('\0'));
const key = text.filter((value) => value !== '__proto__');
/** MessagePack has no negative zero for integers. */
const number = fc
  .oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => value || 0);
/** Beyond what a number can say, so that JSON reads it as bigint too. */
const long = fc
  .bigInt({ min: 2n ** 53n + 1n, max: 2n ** 64n - 1n })
  .filter((bigint) => String(Number(bigint)) !== String(bigint) && BigInt(Number(bigint)) !== bigint);

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    number,
    text,
    long,
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const dict = fc.dictionary(key, value, { maxKeys: 4 });
const custom = fc.dictionary(
  text.map((name) => `x_${name}`),
  value,
  { maxKeys: 3 },
);
const id = fc.integer({ min: 1, max: 2 ** 53 - 1 });

/** By the name of the field, which is of the same type in all messages. */
const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  realm: text,
  topic: text,
  procedure: text,
  error: text,
  reason: text,
  method: text,
  signature: text,
  session: id,
  request: id,
  subscription: id,
  publication: id,
  registration: id,
  requestType: fc.integer(),
  details: custom,
  options: custom,
  extra: dict,
  args: fc.array(value, { maxLength: 4 }),
  kwargs: dict,
};

export const messageOfEveryType: readonly { readonly type: MessageType; readonly arbitrary: fc.Arbitrary<Message> }[] =
  Object.entries(messages).map(([type, row]) => ({
    type: type as MessageType,
    arbitrary: arbitraryOf(row.code, Object.keys(row.fields)),
  }));

/** Wire lists of every length that is allowed, as the parser understands them. */
function arbitraryOf(code: number, names: readonly string[]): fc.Arbitrary<Message> {
  const values = names.map((name) => fields[name] ?? fc.constant(undefined));
  const optional = names.filter((name) => name === 'args' || name === 'kwargs').length;
  return fc
    .tuple(fc.nat(optional), fc.tuple(...values))
    .map(([dropped, wire]) => parse([code, ...wire.slice(0, wire.length - dropped)]));
}
