/**
 * What a client sees of a thing, as a rule may write to it there. Touching what the client does not see whole throws, so that
 * a prediction is right or none.
 */
import { isConcealed } from '../schema/concealed.ts';
import { copyOf } from '../schema/copy.ts';
import { parts } from '../schema/t.ts';
import type { AnyType } from '../schema/type.ts';
import { settler } from './settle.ts';
import { fieldsOf } from './world-codecs.ts';

export interface Drafter {
  draft(seen: object): object;
  /**
   * @param seen what the draft was made of. @returns it, where nothing has changed.
   * @throws Error naming what does not fit, and where. @param what names the thing in it.
   */
  settle(draft: object, seen: object, what: string): object;
}

/** To be made once for the schema of a thing. */
export function drafter(type: AnyType): Drafter {
  const fields = Object.entries(fieldsOf(type));
  const settles = new Map(fields.map(([key, field]) => [key, settler(field)]));
  const never = fields.filter(([, field]) => hasHidden(field)).map(([key]) => key);
  const doubtful = fields.filter(([key, field]) => field.secret && !never.includes(key)).map(([key]) => key);
  const unseen = (thing: Fields) =>
    doubtful.length === 0 ? never : [...never, ...doubtful.filter((key) => holdsConcealed(thing[key]))];
  return {
    draft(seen) {
      const draft: Fields = copyOf(seen as Fields);
      for (const key of unseen(seen as Fields))
        Object.defineProperty(draft, key, { get: cannotKnow, set: cannotKnow, enumerable: true, configurable: false });
      return draft;
    },
    settle(draft, seen, what) {
      const [live, before] = [draft as Fields, seen as Fields];
      const hidden = unseen(before);
      for (const key of Object.keys(live)) if (!settles.has(key)) throw new Error(`${what} has no field ${key}`);
      let after = before;
      for (const [key, settle] of settles) {
        if (hidden.includes(key)) continue;
        const value = settle(live[key], before[key], `${what}.${key}`);
        if (value === before[key]) continue;
        if (after === before) after = { ...before };
        if (value === undefined) delete after[key];
        else after[key] = value;
      }
      return after;
    },
  };
}

/** What a client cannot know: what is concealed from it, and what only the authority has. */
export function cannotKnow(): never {
  throw new Error('this cannot be known here');
}

type Fields = Record<string, unknown>;

const hasHidden = ({ who, structure }: AnyType): boolean => who === 'hidden' || parts(structure).some(hasHidden);

const holdsConcealed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (isConcealed(value) || Object.values(value).some(holdsConcealed));
