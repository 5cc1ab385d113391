/** A small card game with secrets, phases, a shared state hidden from everybody and options: what Connect Four has not. */
import { game, t } from '../../protocol/index.ts';

const card = t.object({ suit: t.oneOf('hearts', 'spades'), rank: t.int(1, 13) });

export const cards = game('secret_cards', {
  seats: [2, 4],
  options: { size: t.int(1, 5).default(2), stake: t.int().optional() },
  state: {
    deck: t.list(card).hidden(),
    pile: t.list(card.hidden()),
    hands: t.perSeat(t.list(card).owner()),
    plans: t.perSeat(t.str().seenBy('team')),
    bids: t.perSeat(t.int().nullable()),
    trump: t.oneOf('hearts', 'spades').optional(),
  },
  moves: { bid: { value: t.int(0, 13), loud: t.bool().default(false) }, play: { card: t.int(0, 12) }, pass: {} },
  errors: { too_low: { least: t.int() }, not_held: {} },
  events: { drawn: { by: t.int(0, 3), card: card.owner() }, shuffled: {} },
  phases: ['bidding', 'playing'],
});

export const cardsRules = cards.rules({
  setup: ({ options, seats, random }) => {
    const deck = random.shuffle(
      [...Array(26).keys()].map((n) => ({
        suit: n % 2 ? ('hearts' as const) : ('spades' as const),
        rank: (n >> 1) + 1,
      })),
    );
    return {
      hands: seats.map(() => deck.splice(0, options.size)),
      deck,
      pile: [],
      plans: seats.map((seat) => `plan ${seat}`),
      bids: seats.map(() => null),
    };
  },
  seenBy: { team: ({ viewer, owner }) => owner !== null && viewer % 2 === owner % 2 },
  phases: { bidding: { moves: ['bid'], toAct: 'everyone' }, playing: { moves: ['play'] } },
  anyTime: ['pass'],
  moves: {
    bid({ state, seat, toAct, reject, next }, { value }) {
      if (value < 1) reject('too_low', { least: 1 });
      state.bids[seat] = value;
      if (toAct.length === 1) next({ phase: 'playing', seat: 0 });
      else next();
    },
    play({ state, seat, reject, emit, next, end }, { card: index }) {
      const hand = state.hands[seat];
      const played = hand[index] ?? reject('not_held');
      hand.splice(index, 1);
      state.pile.push(played);
      const drawn = state.deck.pop();
      if (!drawn) return end({ draw: true, reason: 'deck_empty' });
      hand.push(drawn);
      emit('drawn', { by: seat, card: drawn });
      next();
    },
    pass({ seat, end }) {
      end({ winner: seat === 0 ? 1 : 0, reason: 'passed' });
    },
  },
  legal: { bid: () => [{ value: 1 }, { value: 2, loud: true }], pass: () => true },
});
