import { loadCbor } from './cbor.ts';
import { json } from './json.ts';
import { msgpack } from './msgpack.ts';
import type { Serializer } from './serializer.ts';

/** Those that are always there, in the order we offer them. */
export const serializers: readonly Serializer[] = [json, msgpack];

/** These and CBOR, where the package `cbor-x` is installed. */
export async function loadSerializers(): Promise<readonly Serializer[]> {
  const cbor = await loadCbor().catch(() => null);
  return cbor ? [...serializers, cbor] : serializers;
}
