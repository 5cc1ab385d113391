/**
 * JSON as WAMP uses it: binary is a string of U+0000 and padded base64, at any depth. WAMP "Binary conversion of JSON
 * Strings". A text string that begins with U+0000 cannot be told from that: it is sent as the binary of its UTF-8.
 * Integers that no number can say are read as bigint where the host's JSON.parse shows the source (Node, Chrome, Safari,
 * Firefox of 2025), elsewhere as the nearest number. Of a repeated key the last value counts.
 */
import { jsonRaw } from './json-raw.ts';
import { plainJson } from './plain-json.ts';
import type { Serializer } from './serializer.ts';

export const json: Serializer = { ...plainJson, raw: jsonRaw };
