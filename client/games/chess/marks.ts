/** The chess board under its pieces: squares, coordinates, and what is marked on it. */
import type * as Phaser from 'phaser';
import type { Square } from '../../../protocol/games/chess.ts';
import { isLight, squareRows, whereIs } from './squares.ts';

/** Textures of what shows where the selected piece may go, each as large as a square. */
export const dot = 'chess/dot';
export const ring = 'chess/ring';
export const targetColor = 'rgb(23 33 31 / 40%)';
/** Of a square. */
export const targetSizes = { dot: 0.15, ring: 0.44, ringWidth: 0.09 };

const colors = {
  square: { light: 0xefe8d8, dark: 0x6d948f },
  last: { light: 0xf4d684, dark: 0xc2b05e },
  label: { light: '#4a6b67', dark: '#efe8d8' },
  selected: { color: 0x0b57c2, alpha: 0.35 },
  check: { color: 0xb3261e, alpha: 0.55 },
};
/** Of a square. */
const labelSizes = { font: 0.14, gap: 0.05 };
/** Smallest size of coordinates that can be read, in CSS pixels. */
const smallestLabel = 9;
const font = 'system-ui, "Liberation Sans", sans-serif';

type Perspective = 0 | 1;
type Layer = Phaser.GameObjects.Layer;

/** How the board lies on the canvas. */
export interface Lie {
  readonly perspective: Perspective;
  /** Pixels a square. */
  readonly size: number;
}

export interface Mark {
  /** `target`: the selected piece may go there; `capture`: and takes what it finds. */
  readonly kind: 'last' | 'check' | 'selected' | 'target' | 'capture';
  readonly square: Square;
}

export function drawSquares(layer: Layer, lie: Lie): void {
  layer.removeAll(true);
  const graphics = layer.scene.add.graphics();
  layer.add(graphics);
  for (const square of squareRows(lie.perspective).flat()) fill(graphics, square, lie, colors.square[shade(square)], 1);
}

export function drawLabels(layer: Layer, { perspective, size }: Lie): void {
  layer.removeAll(true);
  const gap = labelSizes.gap * size;
  const fontSize = Math.round(Math.max(labelSizes.font * size, smallestLabel * devicePixelRatio));
  const label = (square: Square, text: string, x: number, y: number, origin: number) => {
    const style = { fontFamily: font, fontSize, fontStyle: '600', color: colors.label[shade(square)] };
    layer.add(layer.scene.add.text(Math.round(x), Math.round(y), text, style).setOrigin(origin));
  };
  const rows = squareRows(perspective);
  for (const [index, [first]] of rows.entries()) label(first!, first![1]!, gap, index * size + gap / 2, 0);
  for (const [index, square] of rows.at(-1)!.entries())
    label(square, square[0]!, (index + 1) * size - gap, 8 * size - gap / 2, 1);
}

export function drawMarks(layer: Layer, marks: readonly Mark[], lie: Lie): void {
  layer.removeAll(true);
  const { scene } = layer;
  const graphics = scene.add.graphics();
  layer.add(graphics);
  for (const { kind, square } of marks) {
    if (kind === 'last') fill(graphics, square, lie, colors.last[shade(square)], 1);
    else if (kind === 'check' || kind === 'selected')
      fill(graphics, square, lie, colors[kind].color, colors[kind].alpha);
    else layer.add(scene.add.image(...centre(square, lie), kind === 'target' ? dot : ring));
  }
}

/** Pixels. Whole ones, so that pictures stay sharp. */
export function centre(square: Square, { perspective, size }: Lie): [x: number, y: number] {
  const { column, row } = whereIs(square, perspective);
  return [Math.round((column + 0.5) * size), Math.round((row + 0.5) * size)];
}

/** Edges lie on whole pixels, so that neighbours meet. */
function fill(
  graphics: Phaser.GameObjects.Graphics,
  square: Square,
  { perspective, size }: Lie,
  color: number,
  alpha: number,
): void {
  const { column, row } = whereIs(square, perspective);
  const [left, top] = [Math.round(column * size), Math.round(row * size)];
  graphics
    .fillStyle(color, alpha)
    .fillRect(left, top, Math.round((column + 1) * size) - left, Math.round((row + 1) * size) - top);
}

const shade = (square: Square) => (isLight(square) ? 'light' : 'dark');
