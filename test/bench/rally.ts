/** The smallest game: what is measured with it is all but rules. */
import { game, t } from '../../protocol/index.ts';

export const rally = game('rally', { seats: 2, state: { hits: t.int() }, moves: { hit: { power: t.int(0, 99) } } });
export const rallyRules = rally.rules({
  setup: () => ({ hits: 0 }),
  moves: {
    hit({ state, next }) {
      state.hits += 1;
      next();
    },
  },
});
