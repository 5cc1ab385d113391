import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BitReader,
  BitWriter,
  collectionCodec,
  concealed,
  t,
  validate,
  type AnyType,
} from '../../../../protocol/index.ts';
import { mover, swarm } from './swarm.ts';

/** What the schema makes of the entities, which is what a reader must have. */
const rounded = (type: AnyType, entities: ReadonlyMap<string, object>): Map<string, unknown> =>
  new Map(
    [...entities].map(([key, entity]) => {
      const checked = validate(type, entity);
      if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
      return [key, checked.value];
    }),
  );

/** An encoder with readers, which may come late. */
function stream(type: AnyType) {
  const codec = collectionCodec(type);
  const encoder = codec.encoder();
  const decoders = [codec.decoder()];
  const sent = (write: (out: BitWriter) => void): Uint8Array => {
    const out = new BitWriter();
    write(out);
    return out.bytes();
  };
  const read = (decoder: (typeof decoders)[number], bytes: Uint8Array) => {
    const from = new BitReader(bytes);
    const changes = decoder.read(from);
    from.end();
    return changes;
  };
  return {
    encoder,
    decoders,
    update(entities: ReadonlyMap<string, object>, isDue?: (key: string) => boolean) {
      const bytes = sent((out) => encoder.update(entities, out, isDue ? { isDue } : {}));
      return { bytes: bytes.length, changes: decoders.map((decoder) => read(decoder, bytes)) };
    },
    join() {
      const decoder = codec.decoder();
      read(
        decoder,
        sent((out) => encoder.snapshot(out)),
      );
      decoders.push(decoder);
      return decoder;
    },
  };
}

describe('a collection of entities', () => {
  it.each([
    ['rounded when they move', true, 60],
    ['not rounded', false, 200],
  ])('follows a swarm that is %s, in few bytes', (_, rounds, most) => {
    const { entities, step } = swarm(1000, { rounds });
    const { update, decoders, encoder } = stream(mover);
    update(entities);
    let bytes = 0;
    for (let i = 1; i <= 300; i++) {
      step();
      const sent = update(entities).bytes;
      if (i > 100) bytes += sent;
      if (i % 50 === 0) {
        expect(decoders[0]!.entities).toEqual(rounded(mover, entities));
        expect(decoders[0]!.hash()).toBe(encoder.hash());
      }
    }
    expect(bytes / 200).toBeLessThan(most);
  });
  void [fc, concealed, t];
});
