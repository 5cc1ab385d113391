/** What compiles of worlds and what does not: proved by the compiler, which reads this file with the others. */
import { expect, it } from 'vitest';
import {
  seen,
  t,
  world,
  type AnyWorldRules,
  type Concealed,
  type Frozen,
  type WorldRulesDefinition,
  type WorldView,
} from '../../../protocol/index.ts';
import { village, villageDefinition, villageRules } from './village.ts';

/** Equal types, both ways. */
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};
type Village = (typeof village)['types'];
type VillageRules = WorldRulesDefinition<Village>;
interface Bagged {
  readonly name: 'rope' | 'bread' | 'lantern';
  readonly quantity: number;
}

it('the promises about the types of worlds are kept by the compiler', () => {
  expect([views, rulesOfAVillage, refusedRules, refusedContexts, refusedDefinitions, letThrough]).toHaveLength(6);
});

export function views(view: WorldView<Village>): void {
  holds<Same<typeof view.shared, { readonly hour: number }>>();
  const other = view.players['ada']!;
  holds<Same<typeof other.gold, number | Concealed>>();
  holds<Same<typeof other.bag, readonly Bagged[] | Concealed>>();
  holds<Same<typeof other.plan, string | Concealed>>();
  holds<Same<typeof other.team, 'red' | 'blue'>>();
  const me = view.me!;
  holds<Same<typeof me.gold, number>>();
  holds<Same<typeof me.plan, string | Concealed>>(); // the rules say who belongs to a team
  holds<Same<(typeof view.entities)['coin'][string]['worth'], number>>();
  const paid: number | undefined = seen(other.gold);
  void paid;
  // @ts-expect-error luck is hidden, from its own player too
  void me.luck;
  // @ts-expect-error and from others
  void other.luck;
  // @ts-expect-error nobody may be there by that id
  void view.players['ada'].x;
  // @ts-expect-error while watching there is no player of one's own
  void view.me.x;
  // @ts-expect-error there is no such kind
  void view.entities.gem;
  // @ts-expect-error views are read
  me.x = 1;
  // @ts-expect-error to all depths
  view.shared.hour += 1;
}

export function rulesOfAVillage({ step, spawn, onTick, moves }: VillageRules): void {
  type Step = Parameters<typeof step>;
  holds<Same<Step[0]['luck'], number>>(); // rules see all
  holds<Same<Step[1], Readonly<{ dx: number; dy: number }>>>();
  holds<Same<Step[2]['shared'], Frozen<{ hour: number }>>>();
  holds<Same<ReturnType<typeof spawn>['plan'], string | undefined>>(); // it has a default
  holds<Same<Parameters<typeof moves.buy>[1]['item'], 'rope' | 'bread' | 'lantern'>>();
  holds<Same<Parameters<NonNullable<typeof onTick>>[0]['players'][string]['gold'], number>>();
}

export const refusedRules = (): unknown[] => [
  // @ts-expect-error a move is missing
  village.rules({ ...villageDefinition, moves: { ...villageDefinition.moves, buy: undefined } }),
  // @ts-expect-error a timer is missing
  village.rules({ ...villageDefinition, timers: {} }),
  // @ts-expect-error whoever says `.seenBy('team')` says who belongs to it
  village.rules({ ...villageDefinition, seenBy: {} }),
  // @ts-expect-error with interest it must be known where players are
  village.rules({ ...villageDefinition, at: undefined }),
  // @ts-expect-error what all share has no defaults: it needs a setup
  village.rules({ ...villageDefinition, setup: undefined }),
  // @ts-expect-error there is no such kind of entities
  village.rules({ ...villageDefinition, entitiesAt: { gem: () => [0, 0] } }),
  // @ts-expect-error a step answers at once
  village.rules({ ...villageDefinition, step: async () => {} }),
  // @ts-expect-error so does a move
  village.rules({ ...villageDefinition, moves: { ...villageDefinition.moves, plan: async () => {} } }),
  // @ts-expect-error a player begins with all that has no default
  village.rules({ ...villageDefinition, spawn: () => ({ x: 0, y: 0, gold: 1, bag: [], luck: 1 }) }),
  // @ts-expect-error and as the schema wants it
  village.rules({ ...villageDefinition, spawn: () => ({ x: 0, y: 0, gold: 1, bag: [], luck: 1, team: 'green' }) }),
  // @ts-expect-error a place has two coordinates
  village.rules({ ...villageDefinition, at: ({ x }) => [x] }),
];

export const refusedContexts: Partial<VillageRules> = {
  step(me, input, { shared, options }) {
    // @ts-expect-error there is no such field
    me.z = 1;
    // @ts-expect-error a field is no text
    me.x = '1';
    // @ts-expect-error there is no such input
    void input.jump;
    // @ts-expect-error the input is read
    input.dx = 0;
    // @ts-expect-error what all share is read in a step: other players' steps must not depend on it
    shared.hour = 1;
    // @ts-expect-error options are read
    options.coins = 1;
  },
  onTick({ players, entities, emit, emitAt, after, shared }) {
    // @ts-expect-error nobody may be there by that id
    players['ada'].gold += 1;
    // @ts-expect-error nor an entity
    entities.coin.get('1').worth = 2;
    // @ts-expect-error an entity has all fields that have no default
    entities.coin.add({ x: 1 });
    // @ts-expect-error there is no such event
    emit('sold', { item: 'rope' });
    // @ts-expect-error its data are other ones
    emit('hit', { who: 'ada' });
    // @ts-expect-error a place comes first
    emitAt('hit', { id: 'ada' });
    // @ts-expect-error there is no such timer
    after(100, 'sunset', { hour: 1 });
    // @ts-expect-error its arguments are missing
    after(100, 'strike');
    // @ts-expect-error the hour is a number
    shared.hour = 'noon';
  },
  seenBy: {
    // @ts-expect-error outside of players nobody owns it
    team: ({ viewer, owner }) => viewer.team === owner.team,
  },
  moves: {
    ...villageDefinition.moves,
    buy({ me, reject, rewind }, { item, quantity }) {
      // @ts-expect-error there is no such error
      if (quantity > 8) reject('too_many');
      // @ts-expect-error its details are missing
      if (quantity > 7) reject('too_poor');
      // @ts-expect-error there is no such item
      if (item === 'sword') me.gold = 0;
      for (const past of Object.values(rewind())) {
        // @ts-expect-error the past is read
        past.x = 0;
      }
    },
  },
};

const field = { x: t.fixed(1 / 16) };
const plain = { tick: 20, player: field, input: { dx: t.int(-1, 1) } } as const;
export const refusedDefinitions = (): unknown[] => [
  // @ts-expect-error options have defaults
  world('strict', { ...plain, options: { size: t.int() } }),
  // @ts-expect-error nobody owns what all share
  world('strict', { ...plain, shared: { secret: t.int().owner() } }),
  // @ts-expect-error nor entities
  world('strict', { ...plain, entities: { chest: { content: t.int().owner() } } }),
  // @ts-expect-error the framework has that code
  world('strict', { ...plain, errors: { full: {} } }),
  // @ts-expect-error a world has players
  world('strict', { tick: 20, input: plain.input }),
  // @ts-expect-error that do something
  world('strict', { tick: 20, player: field }),
  // @ts-expect-error it ticks
  world('strict', { player: field, input: plain.input }),
];

export const letThrough = (): AnyWorldRules[] => [
  villageRules,
  world('small', plain).rules({ spawn: () => ({ x: 0 }), step: (me, { dx }) => void (me.x += dx) }),
  world('lazy', { ...plain, shared: { hour: t.int().default(0) } }).rules({ spawn: () => ({ x: 0 }), step() {} }),
];
