/** Any JSON value: what it is, then the value. Lists and objects in it change as those of schemas do. */
import { malformed } from './bits.ts';
import type { Codec } from './codec.ts';
import { listCodec } from './list-codec.ts';
import { isEntries, mapCodec } from './map-codec.ts';
import { textCodec } from './text-codec.ts';

const kinds = ['null', 'false', 'true', 'int', 'float', 'text', 'list', 'object'] as const;
type Kind = (typeof kinds)[number];
const kindBits = 3;
/** As many levels as a message may have. */
const maxDepth = 64;

const texts = textCodec(Infinity);

/** Stands below the deepest level. */
const tooDeep: Codec = {
  write: () => {
    throw new Error(`a JSON value has more than ${maxDepth} levels`);
  },
  read: () => {
    throw malformed(`more than ${maxDepth} levels`);
  },
  writeChange: (out) => tooDeep.write(out, null),
  readChange: (from) => tooDeep.read(from),
  equal: Object.is,
  fits: () => false,
};

/** @param depth lists and objects that may still stand in one another. */
function jsonAt(depth: number): Codec {
  const inside = depth > 0 ? jsonAt(depth - 1) : tooDeep;
  const lists = listCodec({ item: inside, max: Infinity });
  const objects = mapCodec({ item: inside, key: texts });
  const codecs = { text: texts, list: lists, object: objects };
  const codec: Codec = {
    write(out, value) {
      const kind = kindOf(value);
      out.bits(kinds.indexOf(kind), kindBits);
      if (kind === 'int') out.int(value as number);
      else if (kind === 'float') out.float(value as number);
      else if (isInside(kind)) codecs[kind].write(out, value);
    },
    read(from) {
      const kind = kinds[from.bits(kindBits)]!;
      if (isInside(kind)) return codecs[kind].read(from);
      return kind === 'int' ? from.int() : kind === 'float' ? from.float() : kind === 'null' ? null : kind === 'true';
    },
    writeChange(out, before, after) {
      const [was, kind] = [kindOf(before), kindOf(after)];
      const isWithin = was === kind && isInside(kind);
      if (isInside(was)) out.bit(isWithin);
      if (isWithin) codecs[kind].writeChange(out, before, after);
      else codec.write(out, after);
    },
    readChange(from, before) {
      const was = kindOf(before);
      return isInside(was) && from.bit() ? codecs[was].readChange(from, before) : codec.read(from);
    },
    equal(a, b) {
      const kind = kindOf(a);
      if (kind !== kindOf(b)) return false;
      return isInside(kind) ? codecs[kind].equal(a, b) : Object.is(a, b);
    },
    fits: (value) =>
      typeof value === 'number'
        ? Number.isFinite(value)
        : typeof value === 'string' ||
          typeof value === 'boolean' ||
          value === null ||
          lists.fits(value) ||
          objects.fits(value),
  };
  return codec;
}

const isInside = (kind: Kind): kind is 'text' | 'list' | 'object' =>
  kind === 'text' || kind === 'list' || kind === 'object';

function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string') return 'text';
  if (Array.isArray(value)) return 'list';
  if (isEntries(value)) return 'object';
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'int' : 'float';
}

export const jsonCodec: Codec = jsonAt(maxDepth);
