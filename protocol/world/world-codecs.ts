/** How a world is packed: codecs made once of its schemas, and the fields that only some may see. design.md §6. */
import { collectionCodec, type CollectionCodec } from '../sync/packed/collection.ts';
import { codecOf } from '../sync/packed/codec-of.ts';
import type { Codec } from '../sync/packed/codec.ts';
import { t } from '../schema/t.ts';
import type { AnyType, Shape } from '../schema/type.ts';
import type { AnyWorld } from './world.ts';

/** The kinds of entities of a world, players first: everything that has a key. */
export const playersKind = 'players';
/** In a stream of players: the numbers of the last input and the last move in it. No field of a game can be called so. */
export const takenField = '#taken';
export const movedField = '#moved';

/** The numbers of what is in the state of a player: of its last input, and of its last move that was accepted. */
export interface Taken {
  readonly input: number;
  readonly move: number;
}

export interface WorldCodecs {
  readonly shared: Codec;
  /** By kind, in the order in which they are written. */
  readonly kinds: ReadonlyMap<string, CollectionCodec>;
  /** In the order of the declaration. */
  readonly events: readonly { readonly name: string; readonly codec: Codec }[];
  readonly hasSecretEvents: boolean;
  /** What a viewer sees beyond what everybody does. null: everybody sees all that there is. */
  readonly sight: Codec | null;
  /** What everybody may see of a player, for that player alone: null where it is told to everybody at once. */
  readonly own: Codec | null;
  /** The fields of a player that are not for everybody. */
  readonly ownSecrets: readonly string[];
  /** By kind, its fields that are not for everybody. */
  readonly secrets: ReadonlyMap<string, AnyType>;
}

/** The fields of `Taken`, in a stream of players. */
const numbers: Shape = { [takenField]: t.fixed(1), [movedField]: t.int(0) };

const known = new WeakMap<AnyWorld, WorldCodecs>();

export function worldCodecs(game: AnyWorld): WorldCodecs {
  const made = known.get(game) ?? compiled(game);
  known.set(game, made);
  return made;
}

function compiled({ schemas, budget }: AnyWorld): WorldCodecs {
  const types = new Map([[playersKind, schemas.player], ...Object.entries(schemas.entities)]);
  const secrets = new Map([...types].flatMap(([kind, type]) => (type.secret ? [[kind, secretFields(type)]] : [])));
  const sight = sightType(schemas.shared, secrets);
  const players = t.object({ ...fieldsOf(schemas.player), ...numbers });
  return {
    shared: codecOf(schemas.shared, 'public'),
    kinds: new Map([...types].map(([kind, type]) => [kind, collectionCodec(kind === playersKind ? players : type)])),
    events: Object.entries(schemas.events).map(([name, type]) => ({ name, codec: codecOf(type) })),
    hasSecretEvents: Object.values(schemas.events).some(({ secret }) => secret),
    sight: sight && codecOf(sight),
    own: budget === null ? null : codecOf(players.nullable(), 'public'),
    ownSecrets: Object.keys(fieldsOf(secretFields(schemas.player))),
    secrets,
  };
}

/** For each kind with secrets, by key what a viewer sees of them; and all that is shared, where that has some. */
function sightType(shared: AnyType, secrets: ReadonlyMap<string, AnyType>): AnyType | null {
  if (!shared.secret && secrets.size === 0) return null;
  const kinds = Object.fromEntries([...secrets].map(([kind, type]) => [kind, t.map(type)]));
  const fields: Shape = { ...(shared.secret && { shared }), kinds: t.object(kinds) };
  return t.object(fields);
}

const secretFields = (type: AnyType): AnyType =>
  t.object(
    Object.fromEntries(Object.entries(fieldsOf(type)).filter(([, field]) => field.secret && field.who !== 'hidden')),
  );

export const fieldsOf = ({ structure }: AnyType): Shape => (structure.kind === 'object' ? structure.fields : {});
