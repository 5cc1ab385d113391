/**
 * Reads over JSON without building it and without allocating: well formed, UTF-8, not too deep. What passes can be sent
 * on undecoded. What would not come out of our own encoder as it went in (binary, half a surrogate pair, a key that may
 * be `__proto__`) does not pass: -1, as for what is no JSON, and the decoder has to look at it.
 */
import { isUtf8 } from './utf8.ts';
import { maxDepth } from './values.ts';
import { wordsOf } from './words.ts';

export const codes = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  list: 0x5b,
  endList: 0x5d,
  dict: 0x7b,
  endDict: 0x7d,
} as const;
const backslash = 0x5c;

/** What closes each list and dict that is open, by depth. */
const closers = new Uint8Array(maxDepth + 1);

/** Where the value at `start` ends, which is inside so many lists and dicts; -1: it does not pass. */
export function skipJson(bytes: Uint8Array, start: number, depth: number): number {
  const outside = depth;
  let at = start;
  for (;;) {
    const head = bytes[at];
    if (head === codes.quote) at = skipString(bytes, at, false);
    else if (head === codes.list || head === codes.dict) {
      if (++depth > maxDepth) return -1;
      const isDict = head === codes.dict;
      closers[depth] = isDict ? codes.endDict : codes.endList;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== closers[depth]) {
        if (isDict) at = skipKey(bytes, at);
        if (at < 0) return -1;
        continue; // with its first value
      }
      depth--;
      at++;
    } else at = skipScalar(bytes, at);
    if (at < 0) return -1;
    for (;;) {
      if (depth === outside) return at;
      at = skipSpace(bytes, at);
      if (bytes[at] !== closers[depth]) break;
      depth--;
      at++;
    }
    if (bytes[at] !== codes.comma) return -1;
    at = skipSpace(bytes, at + 1);
    if (closers[depth] === codes.endDict) at = skipKey(bytes, at);
    if (at < 0) return -1;
  }
}

export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;) byte = bytes[++at];
  return at;
}

/** To the value of a key. */
function skipKey(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== codes.quote) return -1;
  const end = skipString(bytes, start, true);
  if (end < 0 || isProto(bytes, start, end)) return -1;
  const at = skipSpace(bytes, end);
  return bytes[at] === codes.colon ? skipSpace(bytes, at + 1) : -1;
}

const proto = Uint8Array.from('"__proto__"', (char) => char.charCodeAt(0));
const isProto = (bytes: Uint8Array, start: number, end: number) =>
  end - start === proto.length && proto.every((byte, i) => bytes[start + i] === byte);

/** From quote to behind the other quote. */
export function skipString(bytes: Uint8Array, start: number, isKey: boolean): number {
  let isAscii = true;
  for (let at = skipPlain(bytes, start + 1); at < bytes.length; at = skipPlain(bytes, at + 1)) {
    const byte = bytes[at]!;
    if (byte === codes.quote) return isAscii || isUtf8(bytes, start + 1, at) ? at + 1 : -1;
    if (byte === backslash) {
      at = skipEscape(bytes, at + 1, isKey, at === start + 1);
      if (at < 0) return -1;
    } else if (byte >= 0x80) isAscii = false;
    else if (byte < 0x20) return -1;
  }
  return -1;
}

/** Of each byte: whether it is ASCII that says nothing but itself within a string. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte < 0x80 && byte !== codes.quote && byte !== backslash),
);
export const isPlain = (byte: number | undefined): boolean => plain[byte!] === 1;

/** To the first byte that is not plain, or the end. */
export function skipPlain(bytes: Uint8Array, start: number): number {
  const words = wordsOf(bytes);
  let at = start;
  while (at + 8 <= bytes.length && ((special(words.getInt32(at)) | special(words.getInt32(at + 4))) & 0x80808080) === 0)
    at += 8;
  while (isPlain(bytes[at])) at++;
  return at;
}

/** The first bit of one of the four bytes is set where not all of them are plain. */
function special(word: number): number {
  const isBelowSpace = word - 0x20202020;
  const isQuote = (word ^ 0x22222222) - 0x01010101;
  const isBackslash = (word ^ 0x5c5c5c5c) - 0x01010101;
  return word | isBelowSpace | isQuote | isBackslash;
}

/** To the last byte of an escape. */
function skipEscape(bytes: Uint8Array, at: number, isKey: boolean, isFirst: boolean): number {
  switch (bytes[at]) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at;
    case 0x75: // u
      break;
    default:
      return -1;
  }
  if (isKey) return -1;
  let unit = 0;
  for (let i = 1; i <= 4; i++) {
    const digit = hexDigit(bytes[at + i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  const isHalfPair = unit >= 0xd800 && unit <= 0xdfff;
  return isHalfPair || (unit === 0 && isFirst) ? -1 : at + 4;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (isDigit(byte)) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const words = ['true', 'false', 'null'].map((word) => Uint8Array.from(word, (char) => char.charCodeAt(0)));

function skipScalar(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === 0x2d || isDigit(first)) return skipNumber(bytes, start);
  for (const word of words)
    if (word[0] === first) return word.every((byte, i) => bytes[start + i] === byte) ? start + word.length : -1;
  return -1;
}

/** Ten to the power of this is a double. What may be more is left to the decoder, which judges it. */
const mostDigits = 308;

function skipNumber(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  const whole = bytes[first] === 0x30 ? first + 1 : skipDigits(bytes, first);
  const at = whole > 0 && bytes[whole] === 0x2e ? skipDigits(bytes, whole + 1) : whole;
  if (at < 0 || whole - first > mostDigits) return -1;
  if ((bytes[at]! | 0x20) !== 0x65) return at; // e
  const sign = bytes[at + 1];
  const exponent = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
  const end = skipDigits(bytes, exponent);
  let power = 0;
  for (let i = exponent; i < end && power <= mostDigits; i++) power = power * 10 + bytes[i]! - 0x30;
  return sign !== 0x2d && whole - first + power > mostDigits ? -1 : end;
}

/** One or more. */
function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at++;
  return at === start ? -1 : at;
}
