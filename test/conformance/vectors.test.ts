/** The official single-message vectors (origin, licence and rules: vectors/NOTE.md), for the serializers we have. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../protocol/wamp/errors.ts';
import { messages, parse, type Message } from '../../protocol/wamp/messages.ts';
import type { Serializer } from '../../protocol/wamp/serializer.ts';
import { loadSerializers } from '../../protocol/wamp/serializers.ts';

interface Variant {
  readonly bytes?: string;
  readonly bytes_hex: string;
}
interface Sample {
  readonly description: string;
  readonly serializers?: Readonly<Record<string, readonly Variant[]>>;
  readonly expected_attributes?: Readonly<Record<string, unknown>>;
  readonly wmsg?: readonly unknown[];
  readonly expected_error?: { readonly contains: string };
}
interface VectorFile {
  readonly wamp_message_type: string;
  readonly samples: readonly Sample[];
}

const sections: Readonly<Record<string, string>> = {
  HELLO: 'Session Establishment',
  CHALLENGE: 'Authentication',
  ABORT: 'Aborting',
  CALL: 'Calling and Invocations',
  RESULT: 'Calling and Invocations',
  ERROR: 'Calling and Invocations',
  REGISTER: 'Registering and Unregistering',
  SUBSCRIBE: 'Subscribing and Unsubscribing',
  SUBSCRIBED: 'Subscribing and Unsubscribing',
  UNSUBSCRIBED: 'Subscribing and Unsubscribing',
  EVENT: 'Publishing and Events',
};
const serializers = await loadSerializers();
const legacy = 'skipped: legacy payload transparency, which NOTE.md lets us leave out';

const folder = new URL('vectors/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('[Serializers] every supplied vector file is read', () => {
  expect(names).toHaveLength(11);
});

describe.each(names)('%s', (name) => {
  const file: VectorFile = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const section = sections[file.wamp_message_type];
  for (const sample of file.samples) {
    const title = `[${section}] ${sample.description}`;
    if (JSON.stringify(sample.wmsg ?? sample.expected_attributes).includes('enc_')) test.skip(`${title} (${legacy})`);
    else if (sample.wmsg) validates(title, sample.wmsg, sample.expected_error?.contains);
    else for (const serializer of serializers) serializes(title, sample, serializer);
  }
});

function validates(title: string, wire: readonly unknown[], violation: string | undefined): void {
  if (violation === undefined) {
    test(`${title} is accepted`, () => expect(parse(wire)).toMatchObject({ type: typeOf(wire[0]) }));
  } else {
    test(`${title} is a violation that names ${violation}`, () => {
      expect(() => parse(wire)).toThrow(ProtocolError);
      expect(() => parse(wire)).toThrow(violation);
    });
  }
}

function serializes(title: string, sample: Sample, { name, decode, encode }: Serializer): void {
  const variants = sample.serializers?.[name] ?? [];
  const expected = messageOf(sample.expected_attributes ?? {});
  test.each(variants)(`${title} decodes from ${name} $bytes_hex`, (variant) => {
    expect(decode(Buffer.from(variant.bytes_hex, 'hex'))).toEqual(expected);
    if (variant.bytes !== undefined) expect(decode(variant.bytes)).toEqual(expected);
  });
  test(`${title} encodes to the bytes of a ${name} variant`, () => {
    const encoded = Buffer.from(encode(expected)).toString('hex');
    expect(variants.map((variant) => variant.bytes_hex)).toContain(encoded);
  });
}

/** The vectors' names of fields, in ours. */
function messageOf({ message_type: code, roles, ...attributes }: Readonly<Record<string, unknown>>): Message {
  const fields = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key === 'request_type' ? 'requestType' : key.replace(/_id$/, ''), value] as const);
  const message = {
    type: typeOf(code),
    ...Object.fromEntries(fields),
    ...(roles === undefined ? {} : { details: { roles } }),
  };
  return message as Message; // proved by comparing it with what the parser returns
}

const typeOf = (code: unknown) => Object.entries(messages).find(([, row]) => row.code === code)?.[0];
