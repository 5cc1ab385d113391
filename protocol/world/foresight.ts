/**
 * The rules of a world, run by a client on what it sees: what an input or a move makes of that, as far as it can be known
 * without the authority.
 */
import { atOnce, fitting } from '../game/fit.ts';
import { codeText } from '../game/play.ts';
import type { Random } from '../game/random.ts';
import { refusal, type AnyRejection } from '../game/rejection.ts';
import { Rejected } from '../game/turn.ts';
import type { AnyMove } from '../game/position.ts';
import { validate, type Issue } from '../schema/standard.ts';
import type { Happening } from '../sync/change.ts';
import { cannotKnow, drafter, type Drafter } from './draft.ts';
import { asRecord, SeenThings, type ThingChange } from './seen-things.ts';
import { playersKind } from './world-codecs.ts';
import type { AnyWorldView } from './world-view.ts';
import type { AnyWorldRules } from './world.ts';

/** A world as one of its players sees it. Never written to. */
export interface SeenWorld {
  /** Whose it is. */
  readonly id: string;
  readonly me: object;
  readonly shared: object;
  readonly players: { readonly [id: string]: object };
  readonly entities: { readonly [collection: string]: { readonly [key: string]: object } };
}

/** What a view shows its player; null where it has none. */
export const seenBy = (id: string, { me, shared, players, entities }: AnyWorldView): SeenWorld | null =>
  me === null ? null : ({ id, me, shared, players, entities } as SeenWorld); // views are checked where they come in

/** What a move comes to. */
export type Foreseen =
  | {
      readonly ok: true;
      readonly seen: SeenWorld;
      /** Of others and of entities. */
      readonly changes: readonly ThingChange[];
      /** As everybody will hear of them; without those that hold secrets, or are told of somewhere else. */
      readonly events: readonly Happening[];
    }
  | { readonly ok: false; readonly error: AnyRejection }
  /** It goes by what is concealed, unseen, chance or time; or the rules fail. */
  | { readonly ok: 'unknown' };

const unknowable: Random = { int: cannotKnow, pick: cannotKnow, shuffle: cannotKnow };

export class Foresight {
  readonly #rules: AnyWorldRules;
  readonly #options: unknown;
  readonly #player: Drafter;
  readonly #shared: Drafter;
  readonly #kinds: readonly string[];
  readonly #drafters: ReadonlyMap<string, Drafter>;
  /** For steps, which do not write to it. */
  readonly #sharedDrafts = new WeakMap<object, object>();

  constructor(rules: AnyWorldRules, options: unknown) {
    const { player, shared, entities } = rules.game.schemas;
    this.#rules = rules;
    this.#options = options;
    this.#player = drafter(player);
    this.#shared = drafter(shared);
    this.#kinds = Object.keys(entities);
    this.#drafters = new Map(Object.entries(entities).map(([kind, type]) => [kind, drafter(type)]));
  }

  /** One tick of one's own player; null where it cannot be known. */
  step(seen: SeenWorld, input: object): SeenWorld | null {
    const { game, world } = this.#rules;
    const me = this.#player.draft(seen.me);
    try {
      world.step(me, input, { dt: 1 / game.tick, options: this.#options, shared: this.#sharedOf(seen) });
      return { ...seen, me: this.#player.settle(me, seen.me, 'me') };
    } catch {
      return null;
    }
  }

  /** @param drawn the players that the mover looks at, for `rewind`. */
  move(seen: SeenWorld, { move, args }: AnyMove, drawn: SeenWorld['players'] = seen.players): Foreseen {
    const { game, world } = this.#rules;
    const schema = Object.hasOwn(game.schemas.moves, move) ? game.schemas.moves[move] : undefined;
    const bad = (issues: readonly Issue[]): Foreseen => ({ ok: false, error: refusal('bad_arguments', { issues }) });
    if (!schema) return bad([{ path: 'move', message: `${game.name} has no move "${move}"` }]);
    const checked = validate(schema, args);
    if (!checked.ok) return bad(checked.issues);
    const scene = this.#scene(seen, drawn);
    try {
      atOnce(world.moves![move]!(scene.context, checked.value), move);
      return { ok: true, ...scene.settle() };
    } catch (thrown) {
      if (!(thrown instanceof Rejected)) return { ok: 'unknown' };
      const { code, details } = thrown;
      return { ok: false, error: { code, details, message: codeText(code), version: 0 } };
    }
  }

  /** Drafts of all that is seen, for one move. */
  #scene(seen: SeenWorld, drawn: SeenWorld['players']) {
    const { schemas } = this.#rules.game;
    const { id } = seen;
    const shared = this.#shared.draft(seen.shared);
    const events: Happening[] = [];
    const players = this.#things(playersKind, { ...seen.players, [id]: seen.me });
    const collections = this.#kinds.map((kind) => this.#things(kind, seen.entities[kind] ?? {}));
    const context = {
      id,
      me: players.get(id)!,
      options: this.#options,
      shared,
      players: asRecord(players),
      entities: Object.fromEntries(collections.map((things) => [things.kind, things])),
      random: unknowable,
      get tick() {
        return cannotKnow();
      },
      get now() {
        return cannotKnow();
      },
      rewind: () => Object.fromEntries(Object.entries(drawn).map(([key, player]) => [key, this.#player.draft(player)])),
      emit: (event: string, data: object = {}) => {
        const schema = schemas.events[event] ?? cannotKnow();
        if (!schema.secret) events.push({ event, data: fitting(schema, data, event) });
      },
      emitAt: () => {}, // whether one will hear of it is not known
      after: () => {}, // what comes later is the authority's
      reject: (code: string, details: object = {}) => {
        const schema = schemas.errors[code] ?? cannotKnow();
        throw new Rejected(code, fitting(schema, details, code) as object);
      },
    };
    const settle = () => {
      const changed = players.settle();
      const { [id]: me = seen.me, ...others } = changed.things;
      const settled = collections.map((things) => ({ kind: things.kind, ...things.settle() }));
      return {
        seen: {
          id,
          me,
          shared: this.#shared.settle(shared, seen.shared, 'shared'),
          players: others,
          entities: Object.fromEntries(settled.map(({ kind, things }) => [kind, things])),
        },
        changes: [...changed.changes.filter(({ key }) => key !== id), ...settled.flatMap(({ changes }) => changes)],
        events,
      };
    };
    return { context, settle };
  }

  #things(kind: string, things: { readonly [key: string]: object }): SeenThings {
    const { game, world } = this.#rules;
    const isPlaced = kind === playersKind || world.entitiesAt?.[kind] !== undefined;
    return new SeenThings({
      kind,
      type: kind === playersKind ? game.schemas.player : game.schemas.entities[kind]!,
      drafter: kind === playersKind ? this.#player : this.#drafters.get(kind)!,
      things,
      isAll: game.interest === null || !isPlaced,
    });
  }

  #sharedOf({ shared }: SeenWorld): object {
    const known = this.#sharedDrafts.get(shared) ?? this.#shared.draft(shared);
    this.#sharedDrafts.set(shared, known);
    return known;
  }
}
