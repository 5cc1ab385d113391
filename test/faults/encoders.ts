import { encode } from '@msgpack/msgpack';
import { Encoder } from 'cbor-x';
import type { Serializer } from '../../protocol/index.ts';

export type Bytes = string | Uint8Array;

const cbor = new Encoder({ useRecords: false, mapsAsObjects: true, variableMapSize: true, tagUint8Array: false });

/** Encodes whatever it is given, as peers do that are not ours. */
export const encoders: Readonly<Record<Serializer['name'], (value: unknown) => Bytes>> = {
  json: (value) => JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)),
  msgpack: (value) => encode(value, { useBigInt64: true }),
  cbor: (value) => new Uint8Array(cbor.encode(value)),
};

/** As a batch of one. WAMP "Batched Transport". */
export function batch(bytes: Bytes): Bytes {
  if (typeof bytes === 'string') return `${bytes}\u001e`;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
