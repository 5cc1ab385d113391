import { malformed, type BitReader, type BitWriter } from './bits.ts';
import type { Codec } from './codec.ts';
import { textCodec } from './text-codec.ts';

/** Bits that are usual: how many entries, and entries that stay between two that do not. */
const usual = { entries: 3, kept: 2 };

/** Values by key. The order of keys means nothing, so both sides sort them. */
export function mapCodec({ item, key }: { item: Codec; key: Codec }): Codec {
  const writeEntries = (out: BitWriter, keys: readonly string[], map: Entries): void => {
    out.uint(keys.length, usual.entries);
    for (const name of keys) {
      key.write(out, name);
      item.write(out, map[name]);
    }
  };
  const readEntries = (from: BitReader): [string, unknown][] =>
    Array.from({ length: from.count(usual.entries, Number.MAX_SAFE_INTEGER) }, () => [
      key.read(from) as string,
      item.read(from),
    ]);
  return {
    write: (out, value) => writeEntries(out, sortedKeys(value as Entries), value as Entries),
    read: (from) => Object.fromEntries(readEntries(from)),
    /** Those that are changed or gone, each after those that stay; then those that are new. */
    writeChange(out, before, after) {
      const [old, made] = [before as Entries, after as Entries];
      const names = sortedKeys(old);
      const stays = (name: string) => Object.hasOwn(made, name) && item.equal(old[name], made[name]);
      const touched = [...names.entries()].filter(([, name]) => !stays(name));
      out.uint(touched.length, usual.entries);
      let last = -1;
      for (const [index, name] of touched) {
        out.uint(index - last - 1, usual.kept);
        last = index;
        out.bit(Object.hasOwn(made, name));
        if (Object.hasOwn(made, name)) item.writeChange(out, old[name], made[name]);
      }
      writeEntries(
        out,
        sortedKeys(made).filter((name) => !Object.hasOwn(old, name)),
        made,
      );
    },
    readChange(from, before) {
      const old = before as Entries;
      const names = sortedKeys(old);
      const made = new Map(Object.entries(old));
      let index = -1;
      for (let left = from.count(usual.entries, names.length); left > 0; left--) {
        index += from.uint(usual.kept) + 1;
        const name = names[index];
        if (name === undefined) throw malformed('a change is of an entry that is not there');
        if (from.bit()) made.set(name, item.readChange(from, old[name]));
        else made.delete(name);
      }
      for (const [name, value] of readEntries(from)) made.set(name, value);
      return Object.fromEntries(made);
    },
    equal: (a, b) => a === b || sameEntries(item, a as Entries, b as Entries),
    fits: (value) =>
      isEntries(value) && Object.entries(value).every(([name, part]) => key.fits(name) && item.fits(part)),
  };
}

/** Keys as the schema word `t.map` allows them. */
export const mapKeys: Codec = textCodec(200);

interface Entries {
  readonly [key: string]: unknown;
}

const sortedKeys = (map: Entries): readonly string[] => Object.keys(map).toSorted();

function sameEntries({ equal }: Codec, a: Entries, b: Entries): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

export const isEntries = (value: unknown): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
