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

/** A value in which secrets are looked for: `parent[key]`. */
export interface Secretive {
  readonly type: AnyType;
  readonly parent: object;
  readonly key: PropertyKey;
  /** The seat that owns it, as its viewers number seats. */
  readonly owner: number | null;
  readonly viewers: readonly Viewer[];
}

/**
 * The state with what none of the viewers may see in other places: the hidden cards shuffled among the hidden cards. What
 * there is of each kind stays the same, so that rules find a state that could have been; only a secret that is alone of its
 * kind, a number to be guessed, gets another value.
 */
export function shuffledSecrets(type: AnyType, state: unknown, viewers: readonly Viewer[], random: Random): unknown {
  const shuffled = copyOf({ state });
  const root = { type, parent: shuffled, key: 'state', owner: null, viewers };
  for (const alike of secretsIn([root]).values()) {
    const [first, ...others] = alike;
    if (others.length === 0 && !hasSeats(first!.type)) first!.set(sampleOf(first!.type, random));
    else shuffle(alike, random);
  }
  return shuffled.state;
}

/** Puts others in the place of secrets that none of their viewers may see, there and then: shuffled, or made by chance. */
export function changeSecrets(values: readonly Secretive[], random: Random): void {
  for (const alike of secretsIn(values).values()) {
    if (random.int(0, 1) === 1) shuffle(alike, random);
    else for (const { type, set } of alike) set(sampleOf(type, random));
  }
}

function shuffle(alike: readonly Slot[], random: Random): void {
  const values = random.shuffle(alike.map(({ get }) => get()));
  for (const [i, { set }] of alike.entries()) set(values[i]);
}

/** By the text of their type. */
function secretsIn(values: readonly Secretive[]): ReadonlyMap<string, readonly Slot[]> {
  const slots = new Map<string, Slot[]>();
  for (const { viewers, ...root } of values) collect({ ...root, isSecret: false }, viewers, slots);
  return slots;
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
