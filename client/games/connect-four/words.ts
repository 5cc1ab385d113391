/** Connect Four in words: what was dropped last, why a drop was refused, why a match has ended. */
import type { GameScreen, Refusals } from '../../ui/game-screen.ts';
import type { ConnectFour } from './control.ts';

export const names = ['Red', 'Yellow'] as const;

export const reasons: GameScreen<ConnectFour>['reasons'] = {
  resigned: 'by resignation',
  four_in_line: 'with four in a line',
  board_full: 'because the board is full',
};

export const refusals = {
  column_full: ({ column }) => `Column ${column + 1} is full.`,
  no_such_column: ({ column }) => `The board has no column ${column + 1}.`,
} satisfies Refusals<ConnectFour>;

/** `Red dropped into column 4.` Empty before the first disc. */
export function lastDropInWords({ board, last }: ConnectFour['view']): string {
  const seat = last === null ? undefined : board[last]?.at(-1);
  return last === null || seat === undefined ? '' : `${names[seat]} dropped into column ${last + 1}.`;
}
