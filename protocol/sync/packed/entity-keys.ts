/** Keys of entities. Those that a world gives are numbers that count up, and written as such; others are texts. */
import { malformed, type BitReader, type BitWriter } from './bits.ts';
import { literalCodec } from './text-codec.ts';

/** Bits that are usual: how far a number is from the one before it in the message. */
const usual = { distance: 2 };
/** A whole number as it is written in decimal. */
const number = /^(?:0|[1-9]\d{0,14})$/;
const mostNumber = 10 ** 15 - 1;
/** Keys as `t.map` has them. */
const texts = literalCodec(200);

export function writeKey(out: BitWriter, key: string): void {
  const isNumber = number.test(key);
  out.bit(isNumber);
  if (!isNumber) return texts.write(out, key);
  out.int(Number(key) - out.lastKey, usual.distance);
  out.lastKey = Number(key);
}

/** @throws RangeError for what `writeKey` has not written. */
export function readKey(from: BitReader): string {
  if (!from.bit()) return texts.read(from);
  from.lastKey += from.int(usual.distance);
  if (from.lastKey < 0 || from.lastKey > mostNumber) throw malformed(`no entity has the number ${from.lastKey}`);
  return `${from.lastKey}`;
}
