/** Collections of entities by key, as a world has them: written again and again, each time what came otherwise than expected. */
import type { AnyType } from '../../schema/type.ts';
import { layoutOf, type Layout } from './columns.ts';
import { EntityDecoder } from './entity-decoder.ts';
import { EntityEncoder } from './entity-encoder.ts';

/**
 * For entities of one schema, compiled once. An encoder writes for everybody: what the schema conceals from anybody is
 * never looked at, and reads as concealed. Many encoders of one codec are cheap: one for each cell of interest.
 */
export interface CollectionCodec {
  encoder(): EntityEncoder;
  decoder(): EntityDecoder;
}

const layouts = new WeakMap<AnyType, Layout>();

/** @param type of one entity. @throws Error for a schema that is no object. */
export function collectionCodec(type: AnyType): CollectionCodec {
  const layout = layouts.get(type) ?? layoutOf(type);
  layouts.set(type, layout);
  return { encoder: () => new EntityEncoder(layout), decoder: () => new EntityDecoder(layout) };
}
