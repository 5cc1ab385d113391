/**
 * Several messages in one WebSocket message or HTTP body. WAMP "Batched Transport": text ends each with U+001E, binary
 * puts its length, 4 bytes big-endian, before each. A batch follows upon another by being put behind it.
 */
import { ProtocolError } from './errors.ts';
import type { Message } from './messages.ts';
import type { RawForm, Span } from './payload.ts';
import type { Serializer } from './serializer.ts';

/** Encodes a message as a batch of one. */
export interface BatchedSerializer extends Serializer {
  /** What `decode` takes, one by one. @throws ProtocolError for an empty or broken batch. */
  split(batch: string | Uint8Array): readonly (string | Uint8Array)[];
}

export const isBatched = (serializer: Serializer): serializer is BatchedSerializer => 'split' in serializer;

/** The same for the same serializer: encodings are kept by it. */
export function batched(serializer: Serializer): BatchedSerializer {
  const known = made.get(serializer) ?? {
    name: serializer.name,
    subprotocol: `wamp.2.${serializer.name}.batched`,
    binary: serializer.binary,
    encode: (message) => framed(serializer.encode(message)),
    decode: (data) => serializer.decode(data),
    split: serializer.binary ? splitBytes : splitText,
    ...(serializer.raw && { raw: serializer.binary ? prefixed(serializer.raw) : ended(serializer.raw) }),
  };
  made.set(serializer, known);
  return known;
}
const made = new WeakMap<Serializer, BatchedSerializer>();

/** What came in one piece: a message, or those of a batch; in place of what cannot be read a ProtocolError, and no more. */
export function* decodeAll(serializer: Serializer, data: string | Uint8Array): Generator<Message | ProtocolError> {
  try {
    for (const part of isBatched(serializer) ? serializer.split(data) : [data]) yield serializer.decode(part);
  } catch (error) {
    yield unreadable(error);
  }
}

/** The same for routers, of what lies among other bytes: payloads may stay encoded. */
export function readAll(
  serializer: Serializer,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): Iterable<Message | ProtocolError> {
  if (!isBatched(serializer)) return [readOne(serializer, bytes, start, end)];
  try {
    return readEach(serializer, serializer.split(bytes.subarray(start, end)));
  } catch (error) {
    return [unreadable(error)];
  }
}

/** The same where there are no batches. */
export function readOne(
  serializer: Serializer,
  bytes: Uint8Array,
  start: number,
  end: number,
): Message | ProtocolError {
  try {
    return read(serializer, bytes, start, end);
  } catch (error) {
    return unreadable(error);
  }
}

function* readEach(
  serializer: Serializer,
  parts: readonly (string | Uint8Array)[],
): Generator<Message | ProtocolError> {
  try {
    for (const part of parts) yield typeof part === 'string' ? serializer.decode(part) : read(serializer, part);
  } catch (error) {
    yield unreadable(error);
  }
}

const read = ({ raw, decode }: Serializer, bytes: Uint8Array, start = 0, end = bytes.length): Message =>
  raw?.read(bytes, start, end) ?? decode(bytes.subarray(start, end));

const unreadable = (error: unknown): ProtocolError =>
  error instanceof ProtocolError ? error : new ProtocolError('a message cannot be read', { cause: error });

const separator = '\u001e';
const separatorByte = 0x1e;
const prefixBytes = 4;

function framed(encoded: string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  if (typeof encoded === 'string') return encoded + separator;
  const batch = new Uint8Array(prefixBytes + encoded.length);
  new DataView(batch.buffer).setUint32(0, encoded.length);
  batch.set(encoded, prefixBytes);
  return batch;
}

/** Messages of a batch of text, whose payloads stay encoded. */
const ended = (raw: RawForm): RawForm => ({
  ...raw,
  write(message, allocate) {
    let batch!: Span; // the form allocates once
    raw.write(message, (length) => {
      batch = allocate(length + 1);
      const end = batch.end - 1;
      batch.whole[end] = separatorByte;
      return { ...batch, end };
    });
    return batch;
  },
});

/** The same of bytes. */
const prefixed = (raw: RawForm): RawForm => ({
  ...raw,
  write: (message, allocate) =>
    raw.write(message, (length) => {
      const batch = allocate(prefixBytes + length);
      const { buffer, byteOffset } = batch.whole;
      new DataView(buffer, byteOffset).setUint32(batch.end - length - prefixBytes, length);
      return batch;
    }),
});

function splitText(batch: string | Uint8Array): (string | Uint8Array)[] {
  const parts = typeof batch === 'string' ? batch.split(separator) : splitAt(batch, separatorByte);
  if (parts.pop()?.length !== 0) throw new ProtocolError('a batch does not end with U+001E');
  if (parts.length === 0) throw new ProtocolError('a batch is empty');
  return parts;
}

/** As `split` does for text: of UTF-8 no other character has this byte. */
function splitAt(bytes: Uint8Array, separating: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(separating); end >= 0; end = bytes.indexOf(separating, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...parts, bytes.subarray(start)];
}

function splitBytes(batch: string | Uint8Array): Uint8Array[] {
  if (typeof batch === 'string') throw new ProtocolError('a batch is text where binary was agreed');
  if (batch.length === 0) throw new ProtocolError('a batch is empty');
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < batch.length;) {
    const start = at + prefixBytes;
    const end = start <= batch.length ? start + view.getUint32(at) : Infinity;
    if (end > batch.length) throw new ProtocolError('a batch ends early');
    parts.push(batch.subarray(start, end));
    at = end;
  }
  return parts;
}
