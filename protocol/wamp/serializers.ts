import { json } from './json.ts';
import { msgpack } from './msgpack.ts';
import type { Serializer } from './serializer.ts';

/** All of them, in the order we offer them. */
export const serializers: readonly Serializer[] = [json, msgpack];
