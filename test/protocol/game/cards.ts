/** A card game with all that a game may have: secrets of every kind, phases, simultaneous bids, teams, options, chance. For tests. */
import * as z from 'zod';
import { game, t } from '../../../protocol/index.ts';

/** Codes are unique from 1,001 on, so that tests can look for them. */
const card = t.object({ suit: t.oneOf('hearts', 'spades'), code: t.int(1001, 1099) });

export const cards = game('cards', {
  seats: [2, 6],
  options: { held: t.int(1, 9).default(3), stake: t.int().optional() },
  state: {
    deck: t.list(card).hidden(),
    /** How many, not which. */
    pile: t.list(card.hidden()),
    hands: t.perSeat(t.list(card).owner()),
    tables: t.perSeat(
      t.object({
        bid: t.int().nullable(),
        secret: t.str().hidden(),
        note: t.str().owner().nullable(),
        chips: t.int().default(10),
      }),
    ),
    plans: t.perSeat(t.str().seenBy('team')),
    names: t.map(t.str()),
    trick: t.union(t.object({ kind: t.oneOf('none') }), t.object({ kind: t.oneOf('open'), suit: t.str() })),
    trump: t.oneOf('hearts', 'spades').optional(),
  },
  moves: {
    bid: { value: t.int(0, 13), loud: t.bool().default(false) },
    play: z.object({ card: z.int().min(0) }),
    plan: { text: t.str(30) },
    pass: {},
    /** Goes wrong, in the way that is said. */
    fail: { how: t.oneOf('throw', 'async', 'state', 'event', 'seat') },
  },
  errors: { too_low: { least: t.int(), hand: t.list(card).owner() }, not_held: {} },
  events: { dealt: { count: t.int(), card: card.owner() }, shuffled: {} },
  phases: ['bidding', 'playing'],
});

export const cardsRules = cards.rules({
  setup: ({ seats, options, random }) => {
    const deck = random.shuffle(
      Array.from({ length: 60 }, (_, i) => ({
        suit: i % 2 ? ('hearts' as const) : ('spades' as const),
        code: 1001 + i,
      })),
    );
    return {
      hands: seats.map(() => deck.splice(0, options.held)),
      deck,
      pile: [],
      plans: seats.map((seat) => `plan of ${seat}`),
      names: {},
      trick: { kind: 'none' },
      tables: seats.map((seat) => ({
        bid: options.stake ?? null,
        secret: `secret of ${seat}`,
        note: `note of ${seat}`,
      })),
      trump: 'hearts',
    };
  },
  phases: {
    bidding: { moves: ['bid'], toAct: 'everyone' },
    playing: {
      moves: ['play'],
      enter: ({ state, random, emit }) => {
        state.deck = random.shuffle(state.deck);
        emit('shuffled');
      },
    },
  },
  anyTime: ['pass', 'plan', 'fail'],
  seenBy: { team: ({ viewer, owner }) => owner !== null && viewer % 2 === owner % 2 },
  moves: {
    bid({ state, seat, toAct, reject, next, random }, { value, loud }) {
      const table = state.tables[seat];
      if (table.bid !== null && value <= table.bid)
        reject('too_low', { least: table.bid + 1, hand: state.hands[seat] });
      table.bid = loud ? value : random.int(0, value);
      if (toAct.length === 1) next({ phase: 'playing', seat: 0 });
      else next();
    },
    play({ state, seat, emit, reject, end, next }, { card: index }) {
      const played = state.hands[seat][index] ?? reject('not_held');
      state.hands[seat].splice(index, 1);
      state.pile.push(played);
      state.trick = { kind: 'open', suit: played.suit };
      state.names[`last_${seat}`] = played.suit;
      emit('dealt', { count: 1, card: played });
      delete state.trump;
      if (state.hands.every((hand) => hand.length === 0)) end({ winners: [0, 1], reason: 'played' });
      else next();
    },
    plan({ state, seat }, { text }) {
      state.plans[seat] = text;
    },
    pass() {},
    fail({ state, emit, next }, { how }): undefined {
      state.names['broken'] = how;
      if (how === 'throw') throw new Error('the rules are broken');
      if (how === 'async') return Promise.reject(new Error('too late')) as unknown as undefined;
      if (how === 'state') state.tables[0].chips = 0.5;
      if (how === 'event') emit('dealt', { count: 'one' as unknown as number, card: { suit: 'hearts', code: 1001 } });
      if (how === 'seat') next({ seat: 5 });
      return undefined;
    },
  },
  legal: {
    bid: ({ state, seat }) => [1, 2, 3].map((more) => ({ value: (state.tables[seat].bid ?? 0) + more })),
    play: ({ state, seat }) => state.hands[seat].map((_, index) => ({ card: index })),
  },
});
