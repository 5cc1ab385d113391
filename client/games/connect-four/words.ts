/** Connect Four in words: what was dropped last, why a match has ended. */
import { commonReasons } from '../reasons.ts';
import type { ConnectFour } from './control.ts';

export const names = ['Red', 'Yellow'] as const;

const reasons: { readonly [reason: string]: string } = {
  ...commonReasons,
  four_in_line: 'with four in a line',
  board_full: 'because the board is full',
};
export const reasonInWords = (reason: string): string => reasons[reason] ?? '';

/** `Red dropped into column 4.` Empty before the first disc. */
export function lastDropInWords({ board, last }: ConnectFour['view']): string {
  const seat = last === null ? undefined : board[last]?.at(-1);
  return last === null || seat === undefined ? '' : `${names[seat]} dropped into column ${last + 1}.`;
}
