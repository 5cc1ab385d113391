import type { Things } from './things.ts';
import type { Undo } from './undo.ts';

/** The things of one kind as rules use them: a `Collection`. @param undo takes back what is done by it. */
export function asCollection(things: Things, undo: Undo | null): object {
  const recorded = (thing: object) => (undo ? undo.record(thing) : thing);
  return {
    get size() {
      return things.size;
    },
    get: (key: string) => (things.live[key] ? recorded(things.live[key]) : undefined),
    add(given: object) {
      const key = things.add(given);
      undo?.did(() => things.takeBack(key));
      return key;
    },
    remove(key: string) {
      const thing = things.live[key];
      if (thing) undo?.did(() => things.restore(key, thing));
      return things.remove(key);
    },
    *[Symbol.iterator]() {
      for (const { key, live } of things.all) if (live) yield [key, recorded(live)];
    },
  };
}
