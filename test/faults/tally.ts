/** A match that shows whether a move was lost or made twice: every mark that was ever made, in order. */
import { game, t } from '../../protocol/index.ts';

export const mainMs = 3_600_000;

export const tally = game('tally', {
  seats: 2,
  state: { marks: t.list(t.int(), 1_000_000), sum: t.int() },
  moves: { mark: { n: t.int() }, resign: {} },
  clock: { main: mainMs / 1000, increment: 0 },
});

export const tallyRules = tally.rules({
  setup: () => ({ marks: [], sum: 0 }),
  moves: {
    mark({ state, random, next }, { n }) {
      state.marks.push(n);
      state.sum = (state.sum + n * random.int(1, 1000)) % 1_000_000_007; // the chance of the match goes on as well
      next();
    },
    resign({ seat, end }) {
      end({ winner: seat === 0 ? 1 : 0, reason: 'resigned' });
    },
  },
  anyTime: ['resign'],
});
