/** Connect Four on the match page. */
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import type { GameScreen } from '../../ui/game-screen.ts';
import { commonReasons } from '../reasons.ts';
import { ConnectFourControl, type ConnectFour } from './control.ts';
import { ConnectFourScene } from './scene.ts';

const seats = [
  { name: 'Red', mark: './connect_four/red-disc.svg' },
  { name: 'Yellow', mark: './connect_four/yellow-disc.svg' },
] as const;

const reasons: { readonly [reason: string]: string } = {
  ...commonReasons,
  four_in_line: 'with four in a line',
  board_full: 'because the board is full',
};

export const connectFourScreen: GameScreen<ConnectFour, ConnectFourControl> = {
  title: 'Connect Four',
  pitch: 'Drop your discs. Four in a row wins, in any direction.',
  cover: './connect_four/cover.svg',
  icon: './connect_four/red-disc.svg',
  rules: connectFourRules,
  seats,
  control: (table) => new ConnectFourControl(table),
  scene: (table, control) => new ConnectFourScene(table, control),
  narrate({ state: { board, last } }) {
    const seat = last === null ? undefined : board[last]?.at(-1);
    return last === null || seat === undefined ? '' : `${seats[seat]!.name} dropped into column ${last + 1}.`;
  },
  reason: (reason) => reasons[reason] ?? '',
};
