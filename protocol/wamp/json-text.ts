/** Values as JSON text, binary and long integers as WAMP says them: see `json.ts`. */
import { ProtocolError } from './errors.ts';
import { isLong, maxDepth } from './values.ts';

export const encodeJson = (value: unknown): string => (isOrdinary(value) ? JSON.stringify(value) : write(value));

/** @throws ProtocolError */
export const decodeJson = (data: string | Uint8Array): unknown => revive(read(data), 1);

/** Whether JSON.stringify alone says it right. */
function isOrdinary(value: unknown): boolean {
  if (typeof value === 'string') return value.charCodeAt(0) !== 0 && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  if (value instanceof Uint8Array) return false;
  for (const item of Array.isArray(value) ? value : Object.values(value)) if (!isOrdinary(item)) return false;
  return true;
}

function write(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && value.charCodeAt(0) === 0) return write(utf8Encoder.encode(value));
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (value instanceof Uint8Array) return JSON.stringify(fromBytes(value));
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const present = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${present.map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`).join(',')}}`;
}

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true });
/** Digits that may be an integer beyond 2^53 = 9007199254740992; not those of a fraction, which are frequent. */
const maybeLong = /(?<![\d.])(?:9\d{15}|\d{17})/;
const maybeHalfPair = /\\u[dD][89a-fA-F]/;
/** Escapes one after another, so that the `u` of `\\ud800` belongs to none; the group is one half of a surrogate pair alone. */
const escapes = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2})|.)/g;

function read(data: string | Uint8Array): unknown {
  try {
    let text = typeof data === 'string' ? data : utf8Decoder.decode(data);
    // Half a pair is no character, and strict peers choke on its UTF-8: they get U+FFFD, as from TextEncoder.
    if (maybeHalfPair.test(text)) text = text.replace(escapes, (escape, half) => (half ? '\\ufffd' : escape));
    return maybeLong.test(text) ? JSON.parse(text, keepLong) : JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('a message is not JSON', { cause });
  }
}

function keepLong(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Math.abs(value) < 2 ** 53 || !context?.source || !/^-?\d+$/.test(context.source))
    return value;
  const long = BigInt(context.source);
  const isExact = BigInt(value) === long || String(value) === context.source;
  return isExact || !isLong(long) ? value : long;
}

/** Turns binary strings into bytes, in place; refuses what is too deep, or too large. JSON.parse itself does not recurse, or throws. */
function revive(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? toBytes(value) : value;
  if (value === Infinity || value === -Infinity)
    throw new ProtocolError('a number is beyond all that a double can say');
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) throw new ProtocolError(`a message is nested more than ${maxDepth} deep`);
  const items = value as Record<string, unknown>; // a list has its indexes for keys
  for (const key of Object.keys(items)) {
    if (key === '__proto__') throw new ProtocolError('a message has a key __proto__');
    const item = items[key];
    const revived = revive(item, depth + 1);
    if (revived !== item) items[key] = revived;
  }
  return items;
}

function toBytes(text: string): Uint8Array {
  const base64 = text.slice(1);
  if (base64.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(base64))
    throw new ProtocolError('a binary string is not base64');
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch (cause) {
    throw new ProtocolError('a binary string is not base64', { cause });
  }
}

function fromBytes(bytes: Uint8Array): string {
  let chars = '';
  for (const byte of bytes) chars += String.fromCharCode(byte);
  return `\0${btoa(chars)}`;
}
