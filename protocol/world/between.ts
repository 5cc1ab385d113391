/** Values between two states, and a little beyond: how a client draws what it hears of only now and then. */
import { motionOf } from '../schema/packing.ts';
import type { AnyType } from '../schema/type.ts';

/**
 * @param part 0: `a`, 1: `b`; more than 1 goes on as from a to b. Fields that do not move (texts, whole numbers, what is
 * concealed) are those of `a` before 1, of `b` from there on.
 */
export type Between = (a: object, b: object, part: number) => object;

/** To be made once for the schema of a player or an entity. Only its own fields move, not what is inside them. */
export function betweener({ structure }: AnyType): Between {
  const fields = structure.kind === 'object' ? Object.entries(structure.fields) : [];
  const moving = fields.flatMap(([key, type]) => {
    const motion = motionOf(type);
    return motion === 'step' ? [] : [{ key, mix: motion === 'angle' ? mixAngles : mix }];
  });
  return (a, b, part) => {
    const made: Record<string, unknown> = { ...(part < 1 ? a : b) };
    for (const { key, mix: mixed } of moving) {
      const [from, to] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]];
      if (typeof from === 'number' && typeof to === 'number') made[key] = mixed(from, to, part);
    }
    return made;
  };
}

const mix = (a: number, b: number, part: number) => a + (b - a) * part;

/** The shorter way round. */
function mixAngles(a: number, b: number, part: number): number {
  const way = b - a - 2 * Math.PI * Math.round((b - a) / (2 * Math.PI));
  const angle = a + way * part;
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
