/** A page that plays bulls and cows against whoever comes. It knows no rules: what it may do, the authority says. */
import { connect } from 'realmkit/client';
import { bullsAndCows } from './game.ts';

const find = <E extends Element>(selector: string): E => document.querySelector<E>(selector)!;
const [form, input, button] = [
  find<HTMLFormElement>('form'),
  find<HTMLInputElement>('input'),
  find<HTMLButtonElement>('button'),
];

const match = await connect().join(bullsAndCows, { match: 'quick', options: { digits: 3 } });
const seat = match.seat!;
const other = seat === 0 ? 1 : 0;

match.onView(draw);
draw();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const code = Array.from(input.value, Number);
  void make(match.view.phase === 'hiding' ? match.moves.hide({ code }) : match.moves.guess({ code }));
});

input.addEventListener('input', () => (find('[role=alert]').textContent = ''));

async function make(move: ReturnType<typeof match.moves.guess>): Promise<void> {
  const outcome = await move;
  find('[role=alert]').textContent = outcome.ok ? '' : outcome.error.message;
  if (outcome.ok) form.reset();
}

function draw(): void {
  const { state, toAct } = match.view;
  find('[role=status]').textContent = sentence();
  button.disabled = !toAct.includes(seat) || !match.view.seats.every(({ player }) => player !== null);
  list('#ours', state.guesses[seat]);
  list('#theirs', state.guesses[other]);
}

function sentence(): string {
  const { seats, phase, toAct, result } = match.view;
  if (result) return 'winner' in result && result.winner === seat ? 'You have won.' : 'You have not won.';
  if (seats.some(({ player }) => player === null)) return 'Looking for an opponent…';
  if (!seats[other].connected) return 'Your opponent is away.';
  if (!toAct.includes(seat)) return 'Your opponent is thinking.';
  return phase === 'hiding' ? 'Choose your number.' : 'Guess your opponent’s number.';
}

type Guess = (typeof match.view.state.guesses)[0][number];

function list(selector: string, guesses: readonly Guess[]): void {
  const lines = guesses.map(({ code, bulls, cows }) => {
    const line = document.createElement('li');
    line.textContent = `${code.join('')}: ${bulls} bulls, ${cows} cows`;
    return line;
  });
  find(selector).replaceChildren(...lines);
}
