/** The chess board under its pieces: squares and coordinates, and what is marked on it. */
import type * as Phaser from 'phaser';
import type { Square } from '../../../protocol/games/chess.ts';
import { isLight, squareRows, whereIs } from './squares.ts';

const colors = {
  square: { light: 0xefe8d8, dark: 0x6d948f },
  last: { light: 0xf4d684, dark: 0xc2b05e },
  label: { light: '#4a6b67', dark: '#efe8d8' },
  selected: { color: 0x0b57c2, alpha: 0.35 },
  target: { color: 0x17211f, alpha: 0.4 },
  check: { color: 0xb3261e, alpha: 0.55 },
};
/** Of a square. */
const sizes = { dot: 0.15, ring: 0.44, ringWidth: 0.09, label: 0.14, labelGap: 0.05 };
const font = 'system-ui, "Liberation Sans", sans-serif';

export interface Mark {
  /** `target`: the selected piece may go there; `capture`: and takes what it finds. */
  readonly kind: 'last' | 'check' | 'selected' | 'target' | 'capture';
  readonly square: Square;
}

type Graphics = Phaser.GameObjects.Graphics;
type Perspective = 0 | 1;

/** @param size pixels a square. @returns the coordinates that it has added to the scene. */
export function drawBoard(scene: Phaser.Scene, board: Graphics, perspective: Perspective, size: number): Phaser.GameObjects.Text[] {
  board.clear();
  const squares = squareRows(perspective);
  for (const square of squares.flat()) fill(board, square, perspective, size, colors.square[shade(square)], 1);
  const gap = sizes.labelGap * size;
  const label = (square: Square, text: string, x: number, y: number, origin: number) =>
    scene.add
      .text(Math.round(x), Math.round(y), text, {
        fontFamily: font,
        fontSize: Math.round(sizes.label * size),
        fontStyle: '600',
        color: colors.label[shade(square)],
      })
      .setOrigin(origin);
  const ranks = squares.map((row, index) => label(row[0]!, row[0]![1]!, gap, index * size + gap / 2, 0));
  const files = squares.at(-1)!.map((square, index) => label(square, square[0]!, (index + 1) * size - gap, 8 * size - gap / 2, 1));
  return [...ranks, ...files];
}

export function drawMarks(graphics: Graphics, marks: readonly Mark[], perspective: Perspective, size: number): void {
  graphics.clear();
  for (const { kind, square } of marks) {
    const { column, row } = whereIs(square, perspective);
    const [x, y] = [(column + 0.5) * size, (row + 0.5) * size];
    switch (kind) {
      case 'last':
        fill(graphics, square, perspective, size, colors.last[shade(square)], 1);
        break;
      case 'check':
      case 'selected':
        fill(graphics, square, perspective, size, colors[kind].color, colors[kind].alpha);
        break;
      case 'target':
        graphics.fillStyle(colors.target.color, colors.target.alpha).fillCircle(x, y, sizes.dot * size);
        break;
      case 'capture':
        graphics.lineStyle(sizes.ringWidth * size, colors.target.color, colors.target.alpha).strokeCircle(x, y, sizes.ring * size);
        break;
    }
  }
}

/** Edges lie on whole pixels, so that neighbours meet. */
function fill(graphics: Graphics, square: Square, perspective: Perspective, size: number, color: number, alpha: number): void {
  const { column, row } = whereIs(square, perspective);
  const [left, top] = [Math.round(column * size), Math.round(row * size)];
  graphics.fillStyle(color, alpha).fillRect(left, top, Math.round((column + 1) * size) - left, Math.round((row + 1) * size) - top);
}

const shade = (square: Square) => (isLight(square) ? 'light' : 'dark');
