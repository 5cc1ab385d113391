/** Chess on the match page. */
import { chessRules } from '../../../protocol/games/chess.ts';
import type { GameScreen } from '../../ui/game-screen.ts';
import { ChessControl, pieceImage, type Chess } from './control.ts';
import { ChessScene } from './scene.ts';
import { capturedBy, lastMoveInWords, reasons, refusals } from './words.ts';

export const chessScreen: GameScreen<Chess, ChessControl> = {
  title: 'Chess',
  pitch: 'The whole game: castling, en passant, promotion and every kind of draw.',
  cover: './chess/cover.svg',
  icon: pieceImage(0, 'knight'),
  rules: chessRules,
  variants: [
    { label: 'No clock', options: {} },
    { label: '3 min + 2 s a move', options: { minutes: 3, increment: 2 } },
    { label: '5 min + 3 s a move', options: { minutes: 5, increment: 3 } },
    { label: '10 min + 5 s a move', options: { minutes: 10, increment: 5 } },
    { label: '30 min', options: { minutes: 30 } },
  ],
  seats: [
    { name: 'White', mark: pieceImage(0, 'king') },
    { name: 'Black', mark: pieceImage(1, 'king') },
  ],
  control: (table) => new ChessControl(table),
  scene: (table, control) => new ChessScene(table, control),
  flips: true,
  narrate: ({ state }) => lastMoveInWords(state.moves),
  reasons,
  refusals,
  captured({ state }, seat) {
    const { taken, label, lead } = capturedBy(state, seat);
    return { images: taken.map((piece) => pieceImage(seat === 0 ? 1 : 0, piece)), label, lead };
  },
  notation: ({ state }) => state.moves,
};
