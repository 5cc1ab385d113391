/** Values as MessagePack, long integers and what is absent as WAMP says them: see `msgpack.ts`. */
import { Decoder, Encoder } from '@msgpack/msgpack';
import { mapItems, tidy } from './binary-values.ts';
import { ProtocolError } from './errors.ts';
import { maxId } from './ids.ts';
import { scanMsgpack } from './msgpack-scan.ts';
import { maxDepth } from './values.ts';

export const encodeMsgpack = (value: unknown): Uint8Array<ArrayBuffer> =>
  isOrdinary(value) ? encoder.encode(value) : longEncoder.encode(prepare(value));

/** @throws ProtocolError */
export function decodeMsgpack(data: Uint8Array): unknown {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength); // no Buffer: its slices are Buffers too
  const { hasLong, hasExtension } = scanMsgpack(bytes);
  try {
    if (!hasLong && !hasExtension) return decoder.decode(bytes);
    return tidy((hasLong ? longDecoder : decoder).decode(bytes), true);
  } catch (cause) {
    throw cause instanceof ProtocolError ? cause : new ProtocolError('a message is not MessagePack', { cause });
  }
}

const extensionCodec = {
  tryToEncode: () => null,
  decode(_data: Uint8Array, type: number): undefined {
    if (type !== 0) throw new ProtocolError(`a message has a MessagePack extension of type ${type}`);
  },
};
// The scan has bounded depth and every length by the bytes that are there, so the decoders need no limits of their own.
const decoder = new Decoder({ extensionCodec });
const longDecoder = new Decoder({ extensionCodec, useBigInt64: true });
const encoding = { extensionCodec, ignoreUndefined: true, maxDepth: maxDepth + 1 }; // it counts what the innermost list holds, too
const encoder = new Encoder(encoding);
const longEncoder = new Encoder({ ...encoding, useBigInt64: true });

/** Whether `encoder` says it right: it takes no bigint, makes 2^53 a float and half of a surrogate pair bad UTF-8. */
function isOrdinary(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return value !== maxId;
    case 'object':
      break;
    default:
      return typeof value !== 'bigint';
  }
  if (value === null || value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every(isOrdinary);
  return Object.keys(value).every(isOrdinary) && Object.values(value).every(isOrdinary);
}

/** For `longEncoder`: what is to be an integer as bigint, U+FFFD for half of a surrogate pair. */
function prepare(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'number') return mapItems(value, prepare);
  const isLong = Number.isInteger(value) && (value >= 2 ** 32 || value < -(2 ** 31)) && Math.abs(value) <= 2 ** 53;
  return isLong ? BigInt(value) : value;
}
