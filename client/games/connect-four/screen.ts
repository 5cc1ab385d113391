/** Connect Four on the match page. */
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import type { GameScreen } from '../../ui/game-screen.ts';
import { ConnectFourControl, type ConnectFour } from './control.ts';
import { ConnectFourScene } from './scene.ts';
import { lastDropInWords, names, reasons, refusals } from './words.ts';

export const connectFourScreen: GameScreen<ConnectFour, ConnectFourControl> = {
  title: 'Connect Four',
  pitch: 'Drop your discs. Four in a row wins, in any direction.',
  cover: './connect_four/cover.svg',
  icon: './connect_four/red-disc.svg',
  rules: connectFourRules,
  seats: [
    { name: names[0], mark: './connect_four/red-disc.svg' },
    { name: names[1], mark: './connect_four/yellow-disc.svg' },
  ],
  control: (table) => new ConnectFourControl(table),
  scene: (table, control) => new ConnectFourScene(table, control),
  narrate: ({ state }) => lastDropInWords(state),
  reasons,
  refusals,
};
