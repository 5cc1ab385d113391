/**
 * CBOR (RFC 8949), by `cbor-x`, an optional peer dependency that is loaded on use. Ids are integers however large,
 * integers beyond 2^53 are bigint without loss; `undefined` means absent, and there are no tags in WAMP. Number keys of
 * a dict become text.
 */
import type { Decoder, Encoder } from 'cbor-x';
import { mapItems, tidy } from './binary-values.ts';
import { cborRaw } from './cbor-raw.ts';
import { inOnePiece, scanCbor } from './cbor-scan.ts';
import { ProtocolError } from './errors.ts';
import { format, parse } from './messages.ts';
import type { Serializer } from './serializer.ts';

let loaded: Promise<Serializer> | undefined;

/** @throws Error when the package `cbor-x` is not installed. */
export function loadCbor(): Promise<Serializer> {
  return (loaded ??= load());
}

async function load(): Promise<Serializer> {
  const options = { useRecords: false, mapsAsObjects: true, copyBuffers: true } as const;
  try {
    const codec = await import('cbor-x');
    return cborBy({
      encoder: new codec.Encoder({ ...options, variableMapSize: true, tagUint8Array: false, useToJSON: false }),
      decoder: new codec.Decoder({ ...options, int64AsNumber: true } as typeof options),
      longDecoder: new codec.Decoder(options),
    });
  } catch (cause) {
    throw new Error('CBOR needs the package cbor-x: npm install cbor-x', { cause });
  }
}

interface Codec {
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  /** Reads all integers of 64 bits as bigint. */
  readonly longDecoder: Decoder;
}

function cborBy({ encoder, decoder, longDecoder }: Codec): Serializer {
  const encode = (value: unknown) =>
    encoder.encode(isOrdinary(value) ? value : prepare(value)) as Uint8Array<ArrayBuffer>;
  const decode = (data: Uint8Array, isMessage: boolean): unknown => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength); // no Buffer: its slices are Buffers too
    const { hasLong, hasUndefined, chunked } = scanCbor(bytes);
    const whole = chunked.length === 0 ? bytes : inOnePiece(bytes, chunked);
    try {
      const value: unknown = (hasLong ? longDecoder : decoder).decode(whole);
      return hasLong || hasUndefined ? tidy(value, isMessage) : value;
    } catch (cause) {
      throw cause instanceof ProtocolError ? cause : new ProtocolError('a message is not CBOR', { cause });
    }
  };
  return {
    name: 'cbor',
    subprotocol: 'wamp.2.cbor',
    binary: true,
    raw: cborRaw({ encode, decode: (bytes) => decode(bytes, false) }),
    encode: (message) => encode(format(message)),
    decode(data) {
      if (typeof data === 'string') throw new ProtocolError('a message is text where CBOR was agreed');
      return parse(decode(data, true));
    },
  };
}

/** Whether the encoder says it right: it makes floats of integers beyond 32 bits, and bad UTF-8 of half a surrogate pair. */
function isOrdinary(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return !isLongInteger(value);
    case 'object':
      break;
    default:
      return value !== undefined;
  }
  if (value === null || value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every(isOrdinary);
  return Object.keys(value).every(isOrdinary) && Object.values(value).every(isOrdinary);
}

function prepare(value: unknown): unknown {
  if (value === undefined) return null; // in a list: dicts leave it out
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return isLongInteger(value) ? BigInt(value) : value;
  return mapItems(value, prepare);
}

const isLongInteger = (value: number) =>
  Number.isInteger(value) && Math.abs(value) <= 2 ** 53 && (value >= 2 ** 32 || value < -(2 ** 32));
