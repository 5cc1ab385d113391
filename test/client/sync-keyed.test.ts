import { describe, expect, it } from 'vitest';
import { syncKeyed } from '../../client/index.ts';

interface Thing {
  readonly x: number;
}

function kept({ fades = false } = {}) {
  const told: string[] = [];
  const objects = syncKeyed({
    create(_: Thing, key) {
      told.push(`create ${key}`);
      return { destroy: () => void told.push(`destroy ${key}`) };
    },
    update: (_, { x }, key) => void told.push(`${key} at ${x}`),
    ...(fades && { remove: (_: object, key: string) => void told.push(`fade ${key}`) }),
  });
  const sync = (things: { readonly [key: string]: Thing }) => {
    told.length = 0;
    objects.sync(things);
    return told;
  };
  return { objects, told, sync };
}

describe('keyed game objects', () => {
  it('are made once, updated each time, and destroyed with their keys', () => {
    const { objects, sync } = kept();
    expect(sync({ a: { x: 1 } })).toEqual(['create a', 'a at 1']);
    expect(sync({ a: { x: 2 }, b: { x: 3 } })).toEqual(['a at 2', 'create b', 'b at 3']);
    expect(sync({ b: { x: 3 } })).toEqual(['destroy a', 'b at 3']);
    expect(objects.size).toBe(1);
    expect(objects.get('a')).toBeUndefined();
    expect(objects.get('b')).toBeDefined();
  });

  it('may go in their own way, and be cleared all at once', () => {
    const { objects, sync, told } = kept({ fades: true });
    sync({ a: { x: 1 }, b: { x: 2 } });
    told.length = 0;
    objects.clear();
    expect(told).toEqual(['fade a', 'fade b']);
    expect(objects.size).toBe(0);
  });

  it('whose key is the name of a method of all objects are told from it', () => {
    const { sync } = kept();
    sync({ toString: { x: 1 } });
    expect(sync({})).toEqual(['destroy toString']);
  });
});
