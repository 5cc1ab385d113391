/** A game with all that time and turns may have: timers, stages, clocks by option, agreements, simultaneous seats. For tests. */
import { game, t } from '../../../protocol/index.ts';

export const auction = game('auction', {
  seats: [2, 4],
  options: { seconds: t.int(0, 600).default(0), increment: t.int(0, 60).default(0), delay: t.int(0, 60).default(0) },
  state: {
    price: t.int(),
    rolled: t.int(),
    rung: t.list(t.str()),
    hands: t.perSeat(t.int().owner()),
  },
  moves: {
    raise: { by: t.int(1, 99).default(1) },
    pass: {},
    roll: {},
    /** All the others discard at once, then the roller goes on in the stage `robbing`. */
    seven: {},
    discard: {},
    rob: {},
    wait: { ms: t.fixed(1), what: t.oneOf('gavel', 'gone', 'broken') },
    /** The same move again, by itself. */
    later: { ms: t.int() },
    settle: {},
    hush: {},
  },
  timers: { gavel: { round: t.fixed(1), loud: t.bool().default(false) }, gone: {}, broken: {} },
  events: { fell: { secret: t.int().owner() } },
  stages: ['discarding', 'robbing'],
  agreements: ['draw', 'takeback'],
  clock: ({ seconds, increment, delay }) => (seconds === 0 ? null : { main: seconds, increment, delay }),
});

export const auctionDefinition: Parameters<typeof auction.rules>[0] = {
  setup: ({ seats }) => ({ price: 0, rolled: 0, rung: [], hands: seats.map((seat) => 1000 + seat) }),
  moves: {
    raise({ state, next }, { by }) {
      state.price += by;
      next();
    },
    pass: ({ next }) => next(),
    roll({ state, random, next }) {
      state.rolled = random.int(1, 1_000_000);
      next();
    },
    seven: ({ seat, seats, next }) => next({ seat: seats.filter((other) => other !== seat), stage: 'discarding' }),
    discard({ toAct, next }) {
      if (toAct.length > 1) next();
      else next({ seat: 0, stage: 'robbing' });
    },
    rob: ({ seat, next }) => next({ seat }),
    wait({ after, next }, { ms, what }) {
      if (what === 'gavel') after(ms, 'gavel', { round: ms, loud: false });
      else after(ms, what);
      next();
    },
    later({ state, after, next }, { ms }) {
      state.rung.push('later');
      after(ms, 'later', { ms });
      next();
    },
    settle: ({ end }) => end({ draw: true, reason: 'settled' }),
    hush() {},
  },
  timers: {
    gavel({ state, emit }, { round, loud }) {
      state.rung.push(`gavel ${round}${loud ? '!' : ''}`);
      emit('fell', { secret: 7 });
    },
    gone({ state, next }) {
      state.rung.push('gone');
      next();
    },
    broken({ state }) {
      state.rung.push('broken');
      throw new Error('the gavel is broken');
    },
  },
  stages: { discarding: { moves: ['discard'] }, robbing: { moves: ['rob'] } },
  anyTime: ['hush', 'settle'],
  onTimeout: ({ state, seat, seats }) =>
    state.price === 99
      ? { draw: true, reason: 'sold' }
      : { winners: seats.filter((other) => other !== seat), reason: 'time' },
  undo: ({ state }) => state.price < 50,
};
export const auctionRules = auction.rules(auctionDefinition);
