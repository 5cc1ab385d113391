/** The codec of a schema, compiled once: for what a viewer sees, or for what everybody does. */
import { concealed } from '../../schema/concealed.ts';
import type { AnyType } from '../../schema/type.ts';
import type { Packing } from '../../schema/packing.ts';
import type { Codec } from './codec.ts';
import { jsonCodec } from './json-codec.ts';
import { listCodec, perSeatCodec } from './list-codec.ts';
import { mapCodec, mapKeys } from './map-codec.ts';
import { boolCodec, gridCodec, intCodec, oneOfCodec } from './number-codecs.ts';
import { objectCodec } from './object-codec.ts';
import { placeCodec, unseen, type Stand } from './place-codec.ts';
import { textCodec } from './text-codec.ts';
import { secretUnion, unionCodec } from './union-codec.ts';

/**
 * `view`: values as one viewer sees them, with concealed ones among them. `public`: whole values, of which what is not for
 * everybody is not written, and reads as concealed. `common`: what every view has in common, whole values too.
 */
export type Eyes = 'view' | 'public' | 'common';

const compiled: Readonly<Record<Eyes, WeakMap<AnyType, Codec>>> = {
  view: new WeakMap(),
  public: new WeakMap(),
  common: new WeakMap(),
};

export function codecOf(type: AnyType, eyes: Eyes = 'view'): Codec {
  const known = compiled[eyes].get(type);
  if (known) return known;
  const place = placeCodec(inner(type, eyes), stands(type, eyes));
  const codec = isSeen(type, eyes) ? place : unseen(place, concealed);
  compiled[eyes].set(type, codec);
  return codec;
}

/** Of a union with secrets, views show different members. */
const isSeen = ({ who, secret, structure }: AnyType, eyes: Eyes): boolean =>
  eyes === 'view' || (who === 'public' && !(eyes === 'common' && secret && structure.kind === 'union'));

function stands({ who, isNullable, isOptional }: AnyType, eyes: Eyes): readonly Stand[] {
  if (who === 'hidden' && eyes === 'view') return ['concealed'];
  return [
    'value',
    ...(who === 'public' ? [] : ['concealed' as const]),
    ...(isNullable ? ['null' as const] : []),
    ...(isOptional ? ['absent' as const] : []),
  ];
}

function inner({ structure }: AnyType, eyes: Eyes): Codec {
  const of = (type: AnyType) => codecOf(type, eyes);
  switch (structure.kind) {
    case 'leaf':
      return leafCodec(structure.packing);
    case 'list':
      return listCodec({ item: of(structure.item), max: structure.max });
    case 'perSeat':
      return perSeatCodec(of(structure.item));
    case 'map':
      return mapCodec({ item: of(structure.item), key: mapKeys });
    case 'union':
      return eyes === 'public' && structure.of.some(({ secret }) => secret)
        ? secretUnion(structure.of.map((type) => ({ ...of(type), fits: (value) => type.zod.safeParse(value).success })))
        : unionCodec(structure.of.map(of));
    case 'object':
      return objectCodec(
        Object.entries(structure.fields)
          .filter(([, { who }]) => eyes !== 'view' || who !== 'hidden')
          .map(([name, type]) => ({ name, codec: type.who === 'hidden' ? unseen(of(type), undefined) : of(type) })),
      );
  }
}

function leafCodec(packing: Packing): Codec {
  switch (packing.as) {
    case 'int':
      return intCodec(packing.min, packing.max);
    case 'fixed':
    case 'angle':
      return gridCodec(packing);
    case 'bool':
      return boolCodec;
    case 'oneOf':
      return oneOfCodec(packing.values);
    case 'str':
      return textCodec(packing.max);
    case 'json':
      return jsonCodec;
  }
}
