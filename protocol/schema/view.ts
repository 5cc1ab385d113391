/** A value as one viewer may see it, walked along its schema: the one place where visibility is applied. */
import { concealed } from './concealed.ts';
import type { AnyType } from './type.ts';

/** Who looks. Spectators hold no seat and belong to no audience. */
export interface Viewer {
  readonly seat: number | null;
  /** Whether the viewer belongs to an audience named by `.seenBy()`; `owner` is null outside per-seat collections. */
  belongs(audience: string, owner: number | null): boolean;
}

/** @param owner the seat that owns what is looked at: arguments, events and errors start with the acting seat. */
export function viewOf(type: AnyType, value: unknown, viewer: Viewer, owner: number | null = null): unknown {
  if (!type.secret) return value;
  if (!maySee(type, viewer, owner)) return concealed;
  if (value === undefined || (value === null && isOwnNull(type))) return value;
  const inside = (of: AnyType, part: unknown, owned = owner) => viewOf(of, part, viewer, owned);
  const { structure } = type;
  switch (structure.kind) {
    case 'leaf':
      return value;
    case 'list':
      return (value as unknown[]).map((item) => inside(structure.item, item));
    case 'perSeat':
      return (value as unknown[]).map((item, seat) => inside(structure.item, item, seat));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, inside(structure.item, item)]),
      );
    case 'union':
      return inside(
        structure.of.find((of) => of.zod.safeParse(value).success)!,
        value,
      );
    case 'object': {
      const view: Record<string, unknown> = {};
      for (const [key, of] of Object.entries(structure.fields)) {
        if (of.who === 'hidden') continue;
        const part = inside(of, (value as Record<string, unknown>)[key]); // concealed also where absent: absence tells something
        if (part !== undefined) view[key] = part;
      }
      return view;
    }
  }
}

/** Of a union, null may be the value of a member that is not for everybody. */
const isOwnNull = ({ structure, isNullable }: AnyType): boolean => isNullable || structure.kind !== 'union';

export function maySee({ who }: AnyType, viewer: Viewer, owner: number | null): boolean {
  if (who === 'public') return true;
  if (who === 'hidden' || viewer.seat === null) return false;
  return who === 'owner' ? viewer.seat === owner : viewer.belongs(who, owner);
}
