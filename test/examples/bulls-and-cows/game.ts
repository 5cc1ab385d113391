import { game, t } from 'realmkit/protocol';

const code = t.list(t.int(0, 9), 6);
const answer = { bulls: t.int(0, 6), cows: t.int(0, 6) };

/** Each of two players hides a number, then they guess in turn. The rules are in rules.py, and in no page. */
export const bullsAndCows = game('bulls_and_cows', {
  seats: 2,
  options: { digits: t.int(3, 6).default(4) },
  state: {
    codes: t.perSeat(code.owner()), // empty until it is hidden
    isHidden: t.perSeat(t.bool()),
    guesses: t.perSeat(t.list(t.object({ code, ...answer }))),
  },
  moves: { hide: { code }, guess: { code } },
  errors: { wrong_length: { digits: t.int(3, 6) }, repeated_digit: { digit: t.int(0, 9) } },
  events: { guessed: answer },
  phases: ['hiding', 'guessing'],
});
