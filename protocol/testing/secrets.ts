/** States that differ only in what somebody cannot see: nothing that they are told may depend on the difference. */
import type { Random } from '../game/random.ts';
import { copyOf } from '../schema/copy.ts';
import type { AnyType } from '../schema/type.ts';
import { sampleOf } from './sample.ts';
import { parts } from '../schema/t.ts';
import { maySee, type Viewer } from '../schema/view.ts';

/** Where a secret stands: something of one type that can change places with others of that type. */
interface Slot {
  readonly type: AnyType;
  readonly get: () => unknown;
  readonly set: (value: unknown) => void;
}

/**
 * The state with what none of the viewers may see in other places: the hidden cards shuffled among the hidden cards. What
 * there is of each kind stays the same, so that rules find a state that could have been; only a secret that is alone of its
 * kind, a number to be guessed, gets another value.
 */
export function shuffledSecrets(type: AnyType, state: unknown, viewers: readonly Viewer[], random: Random): unknown {
  const shuffled = copyOf({ state });
  const slots = new Map<AnyType['text'], Slot[]>();
  collect({ type, parent: shuffled, key: 'state', owner: null, isSecret: false }, viewers, slots);
  for (const alike of slots.values()) {
    const [first, ...others] = alike;
    const isAlone = others.length === 0 && !hasSeats(first!.type);
    const values = isAlone ? [sampleOf(first!.type, random)] : random.shuffle(alike.map(({ get }) => get()));
    for (const [i, slot] of alike.entries()) slot.set(values[i]);
  }
  return shuffled.state;
}

interface Place {
  readonly type: AnyType;
  readonly parent: object;
  readonly key: PropertyKey;
  readonly owner: number | null;
  /** Whether nobody of the viewers sees what it is in. */
  readonly isSecret: boolean;
}

function collect(
  { type, parent, key, owner, isSecret: within }: Place,
  viewers: readonly Viewer[],
  slots: Map<string, Slot[]>,
): void {
  const value: unknown = Reflect.get(parent, key);
  const isSecret = within || viewers.every((viewer) => !maySee(type, viewer, owner));
  const { structure } = type;
  const inside = (of: AnyType, at: PropertyKey, owned = owner) =>
    collect({ type: of, parent: value as object, key: at, owner: owned, isSecret }, viewers, slots);
  if (within || structure.kind === 'leaf' || (structure.kind === 'union' && isSecret)) {
    if (!isSecret || value === undefined) return;
    const slot = { type, get: () => value, set: (other: unknown) => put(parent, key, other) };
    const alike = slots.get(type.text);
    if (alike) alike.push(slot);
    else slots.set(type.text, [slot]);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (structure.kind === 'union') {
    const variant = structure.of.find((of) => of.zod.safeParse(value).success);
    if (variant) collect({ type: variant, parent, key, owner, isSecret }, viewers, slots);
  } else if (structure.kind === 'object')
    for (const [name, field] of Object.entries(structure.fields)) inside(field, name);
  else
    for (const at of Object.keys(value)) inside(structure.item, at, structure.kind === 'perSeat' ? Number(at) : owner);
}

function put(parent: object, key: PropertyKey, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(parent, key);
  else Reflect.set(parent, key, value);
}

/** By chance alone there would be elements for other seats than there are. */
const hasSeats = ({ structure }: AnyType): boolean => structure.kind === 'perSeat' || parts(structure).some(hasSeats);
