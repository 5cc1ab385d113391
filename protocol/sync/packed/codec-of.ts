/** The codec of a schema, compiled once: for what a viewer sees, or for what everybody does. */
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
import { unionCodec } from './union-codec.ts';

/**
 * `view`: values as one viewer sees them, with concealed ones among them. `public`: whatever is not for everybody is
 * never looked at, and reads as concealed; so a whole value and any view of it are written alike.
 */
export type Eyes = 'view' | 'public';

const compiled: Readonly<Record<Eyes, WeakMap<AnyType, Codec>>> = { view: new WeakMap(), public: new WeakMap() };

export function codecOf(type: AnyType, eyes: Eyes = 'view'): Codec {
  const known = compiled[eyes].get(type);
  if (known) return known;
  const place = placeCodec(inner(type, eyes), stands(type, eyes));
  const codec = eyes === 'public' && type.who !== 'public' ? unseen(place) : place;
  compiled[eyes].set(type, codec);
  return codec;
}

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
      return unionCodec(structure.of.map(of));
    case 'object':
      return objectCodec(
        Object.entries(structure.fields)
          .filter(([, type]) => type.who !== 'hidden')
          .map(([name, type]) => ({ name, codec: of(type) })),
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
